"""Story: ratings go out to Excel and come back; a unit that was late is let in with a reason."""

import io
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from httpx import Response
from litestar import Litestar
from tests.support.rating import Rating, days, filled, person, star_campaign
from tests.support.web import Browser

from jiceng.facts import queries
from jiceng.facts.schemas import FactShown
from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch, tenant_scope

TODAY = today().isoformat()


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0], days(superior=False))


@pytest.fixture
async def clerk(app: Litestar, rating: Rating) -> Browser:
    clerk = await person(app, rating.tenant, "clerk")
    await clerk.get(rating.at)
    return clerk


async def book_of(who: Browser, rating: Rating) -> Any:
    answer = await who.get(f"{rating.at}/review/workbook")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rate(book: Any, number: str, line: str, value: Any, proof: str = "") -> None:
    for row in book.active.iter_rows(min_row=2):
        if (row[0].value, row[2].value) == (number, line):
            row[6].value, row[7].value = value, proof


async def send(who: Browser, rating: Rating, book: Any) -> Response:
    content = io.BytesIO()
    book.save(content)
    await who.get(f"{rating.at}/workbooks/review")
    file = ("评分表.xlsx", content.getvalue(), "application/octet-stream")
    return await who.post(f"{rating.at}/review/workbook", files={"file": file})


async def facts(rating: Rating, number: str, kind: str) -> list[FactShown]:
    with tenant_scope(rating.tenant):
        found = await queries.of_subject(UUID(rating.places[number]))
    return [fact for fact in found if fact.kind == kind]


async def test_out_and_back_and_all_complete_sheets_handed_in(clerk: Browser, rating: Rating) -> None:
    await clerk.post(f"{rating.at}/next")
    book = await book_of(clerk, rating)
    assert [cell.value for cell in book.active[1]][:4] == ["编号", "名称", "项目代码", "项目"]
    rate(book, "O2", "rest", 60, "台账")
    rate(book, "O3", "rest", "45.5")
    rate(book, "O3", "venue_state", "无设备")
    assert "已存 3 张评分表" in (await send(clerk, rating, book)).text
    assert "提交了 2 张" in (await clerk.post(f"{rating.at}/review/hand-in")).text
    assert (await clerk.post(f"{rating.at}/close")).status_code == 303
    assert [fact.fields for fact in await facts(rating, "O3", "venue_state")] == [{"value": "无设备"}]
    assert [fact.evidence for fact in await facts(rating, "O2", "rest")] == ["部门评定 60（台账）"]
    assert await facts(rating, "O1", "rest") == []


async def test_faults_are_told_at_their_cells_and_no_line_is_kept(clerk: Browser, rating: Rating) -> None:
    await clerk.post(f"{rating.at}/next")
    book = await book_of(clerk, rating)
    rate(book, "O2", "rest", 111)
    rate(book, "O3", "rest", 45)
    book.active.append(["O9", "", "rest", "", "", "", 1, "", "", 0])
    refused = await send(clerk, rating, book)
    assert refused.status_code == 422
    assert "应在 0–110 之间" in refused.text
    assert "没有您现在能评的这个对象" in refused.text
    assert "提交了 0 张" in (await clerk.post(f"{rating.at}/review/hand-in")).text


async def test_what_somebody_else_changed_after_the_download_is_not_written_over(
    app: Litestar, clerk: Browser, rating: Rating
) -> None:
    await clerk.post(f"{rating.at}/next")
    book = await book_of(clerk, rating)
    other = await person(app, rating.tenant, "tenant_admin")
    await other.get(rating.sheet("O2"))
    await other.post(f"{rating.sheet('O2')}/review", filled(rest="50"))
    rate(book, "O2", "rest", 60)
    refused = await send(clerk, rating, book)
    assert refused.status_code == 422
    assert "下载以后另有人改成「50」" in refused.text


async def test_a_late_unit_is_let_in_with_a_reason_and_shows_as_late(
    app: Litestar, clerk: Browser, rating: Rating
) -> None:
    await clerk.post(f"{rating.at}/dates", _dates(days(begins=-15, superior=False)))
    east = await person(app, rating.tenant, "secretary", "own", "O2")
    await east.get(rating.sheet("O2"))
    assert (await east.post(f"{rating.sheet('O2')}/own/hand-in", filled(rest="60"))).status_code == 409
    form = {"organization": rating.places["O2"], "stage": "self", "until": TODAY, "reason": " "}
    assert (await clerk.post(f"{rating.at}/reopen", form)).status_code == 422
    form["reason"] = "书记住院，支委会补报"
    assert (await clerk.post(f"{rating.at}/reopen", form)).status_code == 303
    assert (await east.post(f"{rating.sheet('O2')}/own/hand-in", filled(rest="60"))).status_code == 303
    page = (await clerk.get(rating.at)).text
    assert "书记住院，支委会补报" in page
    assert "迟交" in page
    west = await person(app, rating.tenant, "secretary", "own", "O3")
    await west.get(rating.sheet("O3"))
    assert (await west.post(f"{rating.sheet('O3')}/own/hand-in", filled(rest="60"))).status_code == 409


async def test_after_the_end_a_late_rating_corrects_the_fact(clerk: Browser, rating: Rating) -> None:
    await clerk.post(f"{rating.at}/next")
    await clerk.get(rating.sheet("O2"))
    await clerk.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="60"))
    await clerk.post(f"{rating.at}/close")
    form = {"organization": rating.places["O2"], "stage": "department", "until": TODAY, "reason": "核错台账"}
    assert (await clerk.post(f"{rating.at}/reopen", form)).status_code == 303
    again = await clerk.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="58", innovation="是"))
    assert again.status_code == 303, again.text
    told = [(fact.fields["value"], fact.state) for fact in await facts(rating, "O2", "rest")]
    assert sorted(told) == [("58", ""), ("60", "corrected")]
    assert [fact.fields["value"] for fact in await facts(rating, "O2", "innovation")] == ["是"]


async def test_after_the_end_a_line_rated_by_mistake_and_emptied_counts_no_more(
    clerk: Browser, rating: Rating
) -> None:
    await clerk.post(f"{rating.at}/next")
    await clerk.get(rating.sheet("O2"))
    await clerk.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="60", innovation="是"))
    await clerk.post(f"{rating.at}/close")
    form = {"organization": rating.places["O2"], "stage": "department", "until": TODAY, "reason": "核错台账"}
    await clerk.post(f"{rating.at}/reopen", form)
    again = await clerk.post(f"{rating.sheet('O2')}/review/hand-in", filled(rest="60", innovation=""))
    assert again.status_code == 303, again.text
    assert [fact.state for fact in await facts(rating, "O2", "rest")] == [""]
    assert sorted(fact.state for fact in await facts(rating, "O2", "innovation")) == [
        "corrected",
        "withdrawn",
    ]


async def test_proof_and_comments_lie_encrypted(app: Litestar, rating: Rating) -> None:
    east = await person(app, rating.tenant, "secretary", "own", "O2")
    await east.get(rating.sheet("O2"))
    form = {**filled(rest="60", rest_proof="王某换届材料"), "c.rest": "已核"}
    assert (await east.post(f"{rating.sheet('O2')}/own", form)).status_code == 303
    with tenant_scope(rating.tenant):
        (row,) = await fetch(
            "select proof, comment from rating_entry where tenant_id = $1 and line = 'rest'", rating.tenant
        )
    assert row["proof"].startswith("aes-256-gcm:")
    assert row["comment"].startswith("aes-256-gcm:")
    assert 'value="王某换届材料"' in (await east.get(rating.sheet("O2"))).text


def _dates(dates: Any) -> dict[str, str]:
    named = {name: getattr(dates, name) for name in ("self_from", "self_until", "department_until")}
    return {name: day.isoformat() for name, day in named.items()}
