"""Story: a ballot is prepared, opened, voted in by phone and on paper, closed, counted, and evaluated."""

import re
from datetime import date

import polars as pl
import pytest
from litestar import Litestar
from tests.support.ballot_story import counted, drafted, links, town, typed, voted
from tests.support.balloting import DAY
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.service import open_run
from jiceng.facts.ballots import voting_pages
from jiceng.facts.service import import_facts
from jiceng.kernel.database import fetch, tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.limits import Limit
from jiceng.tenancy.service import change_tenant


async def scores(tenant: int) -> dict[str, str]:
    """Evaluate the year; member's number → score or status."""
    with tenant_scope(tenant):
        run = await open_run("review", date(2026, 12, 31))
    await run_due_jobs(jobs.JOBS)
    with tenant_scope(tenant):
        await queries.run(run.id)
        rows = await fetch(
            "select m.number, r.status, r.score from result r join member m on m.id = r.subject"
            " where r.tenant_id = $1 and m.tenant_id = $1 and r.run = $2",
            tenant,
            run.id,
        )
    return {
        row["number"]: f"{row['score'].normalize():f}" if row["score"] is not None else row["status"]
        for row in rows
    }


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


@pytest.fixture
async def clerk(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "clerk")


async def test_the_ballot_examples_of_regulation_08_through_the_pages(
    app: Litestar, admin: Browser, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    """S1 to S6: the votes are cast and typed here, the other facts handed in; six members, one ballot."""
    people = await town(two_tenants[0], "08-huaihua-vote-mean")
    given = {
        "D001": (8, 4),
        "D002": (15, 14),
        "D003": (105, 0),
        "D004": (12, 0),
        "D005": (10, 0),
        "D006": (10, 0),
    }
    with tenant_scope(two_tenants[0]):
        for fact, place in (("deducted", 0), ("awarded", 1)):
            rows = [
                {"subject": people[number], "date": DAY, "value": values[place]}
                for number, values in given.items()
            ]
            await import_facts("review", fact, pl.DataFrame(rows), source="测试")
    ballot, party = await drafted(admin, " ".join(given), 20, goes_to="review:vote|votes")
    assert (await admin.post(f"{ballot}/open")).status_code == 303
    for link in (await links(admin, party))[:3]:
        await voted(
            app, link, 党员D001="优秀", 党员D002="合格", 党员D003="不合格", 党员D004="优秀", 党员D006="合格"
        )
    await typed(
        admin,
        clerk,
        ballot,
        party,
        [[7, 8, 2, 0], [0, 9, 0, 0], [0, 0, 0, 6], [4, 2, 0, 1], [1, 1, 1, 0], [3, 1, 0, 0]],
    )
    page = await counted(admin, ballot)
    assert "有效" in page
    assert await scores(two_tenants[0]) == {
        "D001": "94",
        "D002": "91",
        "D003": "20",
        "D004": "89.6",
        "D005": "88",
        "D006": "90.571428571429",
    }


async def test_two_thirds_of_the_branch_must_vote(
    app: Litestar, admin: Browser, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    """The candidate rulebook "quorum-two-thirds": 20 of 30 count (90 points), 19 leave a question."""
    people = await town(two_tenants[0], "candidates/quorum-two-thirds")
    with tenant_scope(two_tenants[0]):
        rows = [{"subject": people[number], "date": DAY, "value": 30} for number in ("D001", "D002")]
        await import_facts("review", "size", pl.DataFrame(rows), source="测试")
    for number, online, counts in (("D001", ["优秀"] * 3, [9, 7, 1]), ("D002", ["优秀"] * 2, [17, 0, 0])):
        form = {"goes_to": "review:vote|votes", "quorum": "2/3", "title": f"评议{number}"}
        ballot, party = await drafted(admin, number, 30, **form)
        assert (await admin.post(f"{ballot}/open")).status_code == 303
        for link, option in zip(await links(admin, party), online, strict=False):
            await voted(app, link, **{f"党员{number}": option})
        await typed(admin, clerk, ballot, party, [counts])
        page = await counted(admin, ballot)
        told = "票数不足，未拆封，不计入" if number == "D002" else "有效"
        assert f">{told}</span>" in page
    assert {number: score for number, score in (await scores(two_tenants[0])).items() if number < "D003"} == {
        "D001": "90",
        "D002": "needs_ruling",
    }


async def test_a_forged_a_used_and_a_foreign_link_and_one_after_closing_are_one_answer(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    used, late, foreign, *_ = await links(admin, party)
    phone = await voted(app, used, 党员D001="优秀")
    stranger = browser(app)
    answers = [
        await stranger.get(address)
        for address in (f"/t/donghu/vote/{'x' * 43}", used, foreign.replace("donghu", "xishan"))
    ]
    holder = browser(app)
    await holder.get(late)
    await holder.post(late)
    open_paper = await holder.get("/t/donghu/paper")
    slip = re.findall(r'name="slip" value="([^"]+)"', open_paper.text)[0]
    ((field, value),) = re.findall(r'name="(choice-[^"]+)" value="(\d+)"> 合格<', open_paper.text)
    await admin.get(ballot)
    await admin.post(f"{ballot}/close")
    cast = await holder.post("/t/donghu/paper", {"slip": slip, field: value})
    answers += [await phone.get(used), await stranger.get(foreign), cast]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert all("这个投票链接无效，或者已经用过，或者投票没有开放" in answer.text for answer in answers)
    assert "没有未投的选票" not in (await holder.get("/t/donghu/paper")).text


async def test_a_paper_sent_twice_counts_once_and_an_empty_one_is_told_on_the_paper(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    ballot, party = await drafted(admin, "D001 D002", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    link, *_ = await links(admin, party)
    phone = browser(app)
    await phone.get(link)
    await phone.post(link)
    paper = await phone.get("/t/donghu/paper")
    slip = re.findall(r'name="slip" value="([^"]+)"', paper.text)[0]
    empty = await phone.post("/t/donghu/paper", {"slip": slip})
    assert empty.status_code == 422
    assert "还没有选任何一项" in empty.text
    assert f'value="{slip}"' in empty.text
    (field, value), *_ = re.findall(r'name="(choice-[^"]+)" value="(\d+)"> 优秀<', paper.text)
    assert (await phone.post("/t/donghu/paper", {"slip": slip, field: value})).status_code == 303
    again = await phone.post("/t/donghu/paper", {"slip": slip, field: value})
    assert again.status_code == 409
    assert "这张选票已经投出" in again.text
    await admin.get(ballot)
    assert "票箱里有 1 张密封的票" in (await admin.get(ballot)).text


async def test_one_person_alone_cannot_settle_a_batch_and_a_rater_only_types(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    ballot, party = await drafted(admin, "D001", 6, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    await admin.get(party)
    await admin.post(f"{party}/paper")
    await admin.post(f"{party}/batches", {"papers": "6"})
    listed = await admin.get(f"{ballot}/papers")
    (batch,) = re.findall(r'href="(/t/donghu/ballots/batches/[\w-]+)"', listed.text)
    for _ in range(2):
        assert (await admin.post(batch, {"votes-0-0": "4", "votes-0-1": "2"})).status_code == 303
    assert "等第二人录入" in (await admin.get(f"{ballot}/papers")).text
    await admin.post(f"{ballot}/close")
    early = await admin.post(f"{ballot}/count")
    assert early.status_code == 409
    assert "第 1 批纸质票还没有核对一致" in early.text
    rater = await signed_in_browser(app, two_tenants[0], "rater")
    blind = await rater.get(batch)
    assert 'value="4"' not in blind.text
    assert (await rater.post(batch, {"votes-0-0": "3", "votes-0-1": "3"})).status_code == 303
    differing = await rater.get(batch)
    assert "两人录入不同" in differing.text
    assert "4 / 3" in differing.text
    assert (await rater.post(batch, {"votes-0-0": "4", "votes-0-1": "2"})).status_code == 303
    assert "核对一致" in (await rater.get(f"{ballot}/papers")).text
    assert (await rater.get(ballot)).status_code == 403
    assert "有效" in await counted_after_closing(admin, ballot)


async def counted_after_closing(admin: Browser, ballot: str) -> str:
    """Count a closed ballot; returns the page of results."""
    await admin.get(ballot)
    assert (await admin.post(f"{ballot}/count")).status_code == 303
    return (await admin.get(f"{ballot}/results")).text


async def test_whoever_tries_links_too_fast_must_wait_and_a_suspended_tenant_takes_no_vote(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    await town(two_tenants[0], "08-huaihua-vote-mean")
    ballot, party = await drafted(admin, "D001", 5, goes_to="review:vote|votes")
    await admin.post(f"{ballot}/open")
    link, *_ = await links(admin, party)
    monkeypatch.setattr(voting_pages, "LINKS", Limit("ballot_links", 3, 60))
    guesser = browser(app)
    tried = [(await guesser.get(f"/t/donghu/vote/{'x' * 43}")).status_code for _ in range(4)]
    assert tried == [404, 404, 404, 429]
    monkeypatch.setattr(voting_pages, "LINKS", Limit("ballot_calm", 600, 0.1))
    district = {"name": "东湖区", "kind": "district", "parent": None}
    await change_tenant("donghu", **district, state="suspended")  # type: ignore[arg-type]  # texts and None
    assert (await guesser.get(link)).status_code == 200
    assert (await guesser.post(link)).status_code == 403
    await change_tenant("donghu", **district)  # type: ignore[arg-type]  # texts and None
    await guesser.get(link)
    assert (await guesser.post(link)).status_code == 303
