"""Story: a form is refused on a page of its own; one button leads back to it, with what was written."""

from litestar import Litestar
from tests.support.web import signed_in_browser

BACK = "返回改正，填写的内容还在"


async def test_the_address_of_a_refused_form_opened_again_leads_to_the_page_around_it(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    nowhere = f"/t/donghu/accounts/{two_tenants[0]:032x}"
    for form, page in (
        ("/t/donghu/calendar/day", "/t/donghu/calendar"),
        (f"{nowhere}/role", nowhere),
        (f"{nowhere}/sessions/end", nowhere),
        (f"/t/donghu/import/{nowhere[-32:]}/titles", f"/t/donghu/import/{nowhere[-32:]}"),
    ):
        answer = await admin.get(form)
        assert (answer.status_code, answer.headers.get("location")) == (303, page)
    program = await admin.client.get("/t/donghu/calendar/day", headers={"accept": "application/json"})
    assert program.status_code == 405


async def test_a_refusal_says_once_what_is_wrong(app: Litestar, two_tenants: tuple[int, int]) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    shown = (await admin.get("/t/donghu/nowhere")).text.split("<h1>")[1]
    assert shown.split('<p class="said">')[1].startswith("地址可能写错了，或者内容已经不在这里</p>")
    assert shown.split("<p hidden data-said>")[1].startswith("没有找到这个页面。地址可能写错了")


async def test_what_was_typed_into_a_refused_invitation_stays(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    typed = {"login": "wangwu", "name": "王五", "role": "declarer", "person": ""}
    refused = await admin.post("/t/donghu/accounts", typed)
    assert refused.status_code == 422
    for kept in ('value="wangwu"', 'value="王五"', '<option value="declarer" selected>'):
        assert kept in refused.text
    done = await admin.post("/t/donghu/accounts", typed | {"person": "U1-01"})
    assert (done.status_code, 'value="wangwu"' in done.text) == (200, False)


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
