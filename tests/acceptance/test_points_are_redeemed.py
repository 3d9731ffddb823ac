"""Points become a gift: a member redeems on his telephone, the desk hands out by code, the books agree."""

import re
from typing import NamedTuple
from uuid import UUID

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.ledger import earn
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.tenancy.service import set_plugin
from jiceng_points.ledger import queries as ledger

HOME = "/t/donghu/points"
OF_HIS_BRANCH = """
update account set scope = 'own', organization = (
  select b.organization from membership b join member m on m.tenant_id = $1 and m.id = b.member
  where b.tenant_id = $1 and m.number = 'D003')
where tenant_id = $1 and person = 'D003'
"""


class Town(NamedTuple):
    """A town whose members have points, and its clerk."""

    tenant: int
    people: dict[str, UUID]
    clerk: Browser


@pytest.fixture
async def town(app: Litestar, two_tenants: tuple[int, int]) -> Town:
    """Three members with 100 points each; whoever has points may redeem; books and lamps in stock."""
    with tenant_scope(two_tenants[0]):
        await set_plugin("points", on=True)
        people = {number: UUID(member) for number, member in (await small_town(3)).items()}
        for number, member in people.items():
            await earn(member, "100", f"claim/{number}")
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    rule = {
        "number": "0",
        "opened": "yes",
        "qualifies": "anyone",
        "grades": "合格",
        "least": "80",
        "days": "14",
    }
    assert (await clerk.post(f"{HOME}/redemption-rule", rule)).status_code == 303
    for title, price in (("图书", "20"), ("台灯", "１２０．５")):
        made = await clerk.post(f"{HOME}/stock", {"title": title, "price": price, "offered": "yes"})
        assert made.status_code == 303
        pieces = {"act": "intake", "count": "2"}
        assert (await clerk.post(f"{made.headers['location']}/pieces", pieces)).status_code == 303
    return Town(two_tenants[0], people, clerk)


def form(page: str, title: str) -> tuple[str, dict[str, str]]:
    """The form that redeems a gift on the catalogue: its address and hidden fields."""
    piece = next(part for part in page.split("<li>") if f"<b>{title}</b>" in part)
    found = re.search(r'action="([^"]+/redeem)"', piece)
    assert found is not None
    fields = dict(re.findall(r'name="(redemption|member)" value="([^"]+)"', piece))
    return found[1], fields


def code(page: str) -> str:
    """The pick-up code on a member's page."""
    found = re.search(r'class="addr">(\d{4}) (\d{4})<', page)
    assert found is not None
    return found[1] + found[2]


async def test_a_member_redeems_and_the_desk_hands_out(app: Litestar, town: Town) -> None:
    member = await signed_in_browser(app, town.tenant, "member", person="D001")
    page = (await member.get(f"{HOME}/gifts")).text
    assert "党员D001" not in page.split("<main", 1)[1]
    assert "还差 20.50 分" in page
    address, fields = form(page, "图书")
    for _ in range(2):  # pressed twice
        done = await member.post(address, fields)
        assert done.status_code == 303
    mine = (await member.get(f"{HOME}/redemptions")).text
    assert mine.count("待领取") == 1
    typed = code(mine)
    shown = (await town.clerk.post(f"{HOME}/desk", {"code": f"{typed[:4]} {typed[4:]}"})).text
    assert "党员D001" in shown
    given = await town.clerk.post(f"{HOME}/desk/hand-out", {"code": typed})
    assert given.status_code == 303
    assert "已发放：图书" in (await town.clerk.get(given.headers["location"])).text
    again = await town.clerk.post(f"{HOME}/desk/hand-out", {"code": typed})
    assert again.status_code == 404
    assert "没有待领取的兑换用这个取货码" in again.text
    card = (await member.get(f"{HOME}/balance/{town.people['D001']}")).text
    assert "80.00" in card
    assert "兑换占用" in card
    assert "账账相符" in (await town.clerk.get(f"{HOME}/proof")).text


async def test_a_member_acts_and_looks_for_nobody_else(app: Litestar, town: Town) -> None:
    member = await signed_in_browser(app, town.tenant, "member", person="D001")
    other, absent = town.people["D002"], new_id()
    address, fields = form((await member.get(f"{HOME}/gifts")).text, "图书")
    for whom in (other, absent):
        for answer in (
            await member.get(f"{HOME}/gifts?member={whom}"),
            await member.get(f"{HOME}/redemptions?member={whom}"),
            await member.get(f"{HOME}/balance/{whom}"),
            await member.post(address, {**fields, "member": str(whom)}),
        ):
            assert answer.status_code == 404
    assert (await member.post(f"{HOME}/gifts/for", {"number": "D002"})).status_code == 404
    assert (await member.get(f"{HOME}/desk")).status_code == 403
    with tenant_scope(town.tenant):
        assert await ledger.balance(other) == 100


async def test_a_secretary_acts_for_members_of_his_branch_only(app: Litestar, town: Town) -> None:
    secretary = await signed_in_browser(app, town.tenant, "secretary", person="D003")
    with tenant_scope(town.tenant):
        await execute(OF_HIS_BRANCH, town.tenant)
    colleague, elsewhere = town.people["D001"], town.people["D002"]
    found = await secretary.post(f"{HOME}/gifts/for", {"number": " D001 "})
    assert found.headers["location"] == f"{HOME}/gifts?member={colleague}"
    page = (await secretary.get(found.headers["location"])).text
    assert "为党员D001办理" in page
    address, fields = form(page, "图书")
    assert (await secretary.post(address, fields)).status_code == 303
    typed = code((await secretary.get(f"{HOME}/redemptions?member={colleague}")).text)
    for number in ("D002", "O2", "D999"):
        assert (await secretary.post(f"{HOME}/gifts/for", {"number": number})).status_code == 404
    other = {"redemption": str(new_id()), "member": str(elsewhere)}
    assert (await secretary.post(address, other)).status_code == 404
    assert "党员D001" in (await secretary.post(f"{HOME}/desk", {"code": typed})).text
    page = (await town.clerk.get(f"{HOME}/gifts?member={elsewhere}")).text
    await town.clerk.post(*form(page, "图书"))
    typed = code((await town.clerk.get(f"{HOME}/redemptions?member={elsewhere}")).text)
    assert (await secretary.post(f"{HOME}/desk", {"code": typed})).status_code == 404
    assert "党员D002" not in (await secretary.get(f"{HOME}/desk")).text
    with tenant_scope(town.tenant):
        assert await ledger.balances([colleague, elsewhere]) == {colleague: 80, elsewhere: 80}


async def test_points_booked_by_hand_count_once_and_are_reversed(town: Town) -> None:
    clerk, member = town.clerk, town.people["D003"]
    card = f"{HOME}/balance/{member}"
    page = (await clerk.get(card)).text
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found is not None
    fields = {"form": found[1], "points": "4.5", "because": "service"}
    for _ in range(2):
        assert (await clerk.post(f"{card}/credit", fields)).status_code == 303
    page = (await clerk.get(card)).text
    assert "104.50" in page
    undo = re.search(r'action="([^"]+/undo/[^"]+)"', page)
    assert undo is not None
    for _ in range(2):
        assert (await clerk.post(undo[1])).status_code == 303
    page = (await clerk.get(card)).text
    assert "已由第" in page
    assert "-4.50" in page.replace("−", "-")
    with tenant_scope(town.tenant):
        assert await ledger.balance(member) == 100


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"points": "-3", "because": "service"}, 422),
        ({"points": "0.001", "because": "service"}, 422),
        ({"points": "1e400", "because": "service"}, 422),
        ({"points": "nan", "because": "service"}, 422),
        ({"points": "十", "because": "service"}, 422),
        ({"points": "3", "because": "gift_held"}, 422),
        ({"points": "3", "because": "service", "form": "no-id"}, 422),
    ],
)
async def test_bad_input_is_told_in_words_and_books_nothing(
    fields: dict[str, str], status: int, town: Town
) -> None:
    member = town.people["D003"]
    answer = await town.clerk.post(f"{HOME}/balance/{member}/credit", {"form": str(new_id()), **fields})
    assert answer.status_code == status
    assert "请" in answer.text
    with tenant_scope(town.tenant):
        assert await ledger.balance(member) == 100


async def test_the_pages_speak_english(town: Town) -> None:
    await town.clerk.post("/t/donghu/language", {"to": "en", "back": "/"})
    for place in ("gifts", "redemptions", "desk", "stock", "redemption-rule", "proof"):
        page = (await town.clerk.get(f"{HOME}/{place}")).text
        main = re.sub(r"图书|台灯|东湖区|党员D\d+|value=\"[^\"]*\"|合格", "", page.split("<main", 1)[1])
        assert re.findall(r"[\u4e00-\u9fff]+", main) == [], place
