"""Story: a form is refused on a page of its own; one button leads back to it, with what was written."""

from litestar import Litestar
from tests.support.web import signed_in_browser

BACK = "返回改正，填写的内容还在"


async def test_a_form_that_is_refused_leads_back_and_an_address_that_is_wrong_does_not(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    refused = await admin.post("/t/donghu/calendar/day", {"day": "不知哪天", "working": "no", "note": ""})
    assert refused.status_code in {400, 422}
    assert BACK in refused.text
    assert "回到工作台" in refused.text
    absent = await admin.get("/t/donghu/nowhere")
    assert absent.status_code == 404
    assert BACK not in absent.text
