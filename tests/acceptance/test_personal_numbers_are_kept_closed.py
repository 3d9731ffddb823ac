"""Story: telephone and identity number: asked for, imported, encrypted, found, shown to few."""

from collections.abc import Sequence

import pytest
from litestar import Litestar
from tests.support.programs import Program, token_for
from tests.support.roster_books import MEMBER_HEAD, PEOPLE, roster_book
from tests.support.web import Browser, signed_in_browser

from jiceng.accounts.access import Permission
from jiceng.kernel.crypto.keyring import renew
from jiceng.kernel.database import fetch, tenant_scope
from jiceng.operations.keys.places import convert_all, left_over
from jiceng.roster.importing.personal import check_digit
from jiceng.roster.one_member.optional import switch_on

HERE = "/t/donghu"
HEAD = (*MEMBER_HEAD, "手机", "身份证号")
NUMBER = "33040219610704101" + check_digit("33040219610704101")
PHONES = ("138 0013 8000", "", "0573-82080000")
NUMBERS = (NUMBER, "", "")


def book(phones: Sequence[str] = PHONES, numbers: Sequence[str] = NUMBERS) -> bytes:
    rows = [
        (*row, None, None, None, phone, number)
        for row, phone, number in zip(PEOPLE, phones, numbers, strict=True)
    ]
    return roster_book(members=rows, member_head=HEAD)


async def brought_in(who: Browser, data: bytes) -> str:
    """Upload and import; the preview's page."""
    await who.get(f"{HERE}/import")
    sent = await who.post(f"{HERE}/import", files={"file": ("名册.xlsx", data)})
    address = sent.headers["location"]
    preview = (await who.get(address)).text
    await who.post(address, {"version": "0"})
    return preview


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


@pytest.fixture
async def imported(admin: Browser, two_tenants: tuple[int, int]) -> int:
    with tenant_scope(two_tenants[0]):
        await switch_on(["phone", "id_number"])
    assert "没有错误，可以导入" in await brought_in(admin, book())
    return two_tenants[0]


async def member_page(who: Browser, number: str) -> str:
    answer = await who.post(f"{HERE}/members/find", {"number": number})
    return (await who.get(answer.headers["location"])).text if answer.status_code == 303 else ""


async def test_what_the_tenant_has_not_asked_for_is_refused(admin: Browser) -> None:
    preview = await brought_in(admin, book())
    assert preview.count("本单位没有启用这一项个人信息") == 2
    template = await admin.get(f"{HERE}/import/template")
    assert "手机".encode() not in template.content


async def test_it_is_imported_encrypted_and_the_same_file_again_changes_nothing(
    admin: Browser, imported: int
) -> None:
    with tenant_scope(imported):
        rows = await fetch("select phone, id_number from member where tenant_id = $1", imported)
    kept = [value for row in rows for value in row.values() if value]
    assert len(kept) == 3
    assert all(value.startswith("aes-256-gcm:1:") for value in kept)
    assert "完全一样，不用导入" in await brought_in(admin, book())


async def test_wrong_numbers_are_told_at_their_cell(admin: Browser, imported: int) -> None:
    wrong = ("33040219611304101X", "123", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    preview = await brought_in(admin, book(("12", "", ""), wrong))
    for told in ("其中的出生日期不存在", "不是 18 位的身份证号", "校验位不对", "不是电话号码"):
        assert told in preview
    del imported


async def test_somebody_is_found_by_the_whole_number_and_shown_to_few(
    app: Litestar, admin: Browser, imported: int
) -> None:
    await admin.get(f"{HERE}/members")
    for number in ("13800138000", "138-0013-8000", NUMBER, NUMBER.lower()):
        page = await member_page(admin, number)
        assert "许文澜" in page
        assert "138 0013 8000" in page
        assert NUMBER in page
    assert await member_page(admin, "1380013800") == ""
    viewer = await signed_in_browser(app, imported, "viewer", login="viewer-2")
    page = (await viewer.get(f"{HERE}/members")).text
    assert "按手机或身份证号找人" not in page
    assert await member_page(viewer, "13800138000") == ""
    reviewer = await signed_in_browser(app, imported, "reviewer", login="reviewer-2")
    with tenant_scope(imported):
        rows = await fetch("select id from member where tenant_id = $1 and number = 'M1'", imported)
    page = (await reviewer.get(f"{HERE}/members/{rows[0]['id']}")).text
    assert "许文澜" in page
    assert "138 0013 8000" not in page


@pytest.mark.parametrize(("role", "phone", "number"), [("clerk", 200, 200), ("viewer", 403, 403)])
async def test_the_api_tells_them_to_few(
    app: Litestar, imported: int, role: str, phone: int, number: int
) -> None:
    caller = Program(app, "donghu", await token_for(imported, [Permission.VIEW_ROSTER], role))
    assert (await caller.get("members?fields=phone")).status_code == phone
    answer = await caller.get("members?fields=id_number&fields=phone")
    assert answer.status_code == number
    if number == 200:
        told = {one["number"]: (one["phone"], one["id_number"]) for one in answer.json()["items"]}
        assert told == {"M1": ("138 0013 8000", NUMBER), "M2": (None, None), "M3": ("0573-82080000", None)}
    assert "phone" not in (await caller.get("members")).json()["items"][0]


async def test_switched_off_they_are_no_longer_shown(app: Litestar, admin: Browser, imported: int) -> None:
    await admin.get(f"{HERE}/members/optional")
    assert (await admin.post(f"{HERE}/members/optional", {"fields": "phone"})).status_code == 303
    page = await member_page(admin, "13800138000")
    assert "138 0013 8000" in page
    assert NUMBER not in page
    caller = Program(app, "donghu", await token_for(imported))
    told = (await caller.get("members?fields=id_number")).json()["items"]
    assert {one["id_number"] for one in told} == {None}


async def test_every_encrypted_column_moves_to_the_current_key(imported: int) -> None:
    with tenant_scope(imported):
        assert (await left_over(), await convert_all()) == (0, 0)
        await renew()
        assert await left_over() == 4, "two telephones, one number, and what the import keeps of its rows"
        assert await convert_all() == 4
        assert await left_over() == 0
