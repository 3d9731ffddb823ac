"""A lost link is replaced, a ballot ends at its time, its key lies encrypted, and a tie gives no verdict."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.support.balloting import on_paper, one_party, tokens, town_with, votes, wanted

from jiceng.facts import jobs, queries
from jiceng.facts.ballots import counting, drafting, opening, rolls, stored, voting
from jiceng.facts.ballots.asking import usual_options
from jiceng.facts.ballots.schemas import Option
from jiceng.facts.ballots.voting import NoBallot
from jiceng.kernel import clock
from jiceng.kernel.crypto.keyring import renew
from jiceng.kernel.database import execute, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.jobs import run_due_jobs

RULES = """
title = "考评"
subject = "member"
period = "year"
[facts]
review = { kind = "choice", title = "年度评议", options = ["优秀", "合格", "不合格"] }
[items.annual]
from = "review"
choice = { "优秀" = 20, "合格" = 15, "不合格" = 0 }
[groups.score]
of = ["annual"]
"""


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    with tenant_scope(two_tenants[0]):
        yield await town_with("review", RULES)


@pytest.mark.usefixtures("people")
async def test_of_two_ballots_about_one_person_that_are_opened_at_once_the_second_is_refused() -> None:
    given = {"target": "review:review", "measure": "choice"}
    options = await usual_options("review:review", "choice", "")
    drafts = []
    for _ in range(2):
        ballot = await drafting.draft(wanted(**given, options=options))
        await drafting.add_subjects(ballot, ["D001"])
        party = await drafting.add_party(ballot, word="群众", title="", weight=1, small=False)
        await rolls.add_numbered(party, 6)
        drafts.append(ballot)
    begun = asyncio.Event()

    async def second() -> None:
        await begun.wait()
        await opening.open_ballot(drafts[1])

    other = asyncio.create_task(second())
    async with transaction():
        await opening.open_ballot(drafts[0])
        begun.set()
        await asyncio.wait({other}, timeout=0.3)
    with pytest.raises(Invalid, match="在同一天的另一次票决里已经评过"):
        await other


@pytest.mark.usefixtures("people")
async def test_an_end_that_is_past_and_texts_too_long_are_told_before_a_ballot_is_kept() -> None:
    options = (Option("长" * 61), Option("短"))
    with pytest.raises(Invalid) as refused:
        await drafting.draft(
            wanted(closes_at=datetime(1, 1, 1, tzinfo=clock.CHINA), note="话" * 2001, options=options)
        )
    assert refused.value.faults == (
        "截止时间已经过了",
        "给投票人的话最多 2000 字",
        f"选项「{'长' * 20}…」超过 60 字",
    )
    assert await stored.ballots() == []


@pytest.mark.usefixtures("people")
async def test_a_lost_link_ends_when_it_is_replaced_and_the_count_stays_right() -> None:
    ballot, party = await one_party(6)
    lost, taken, *_ = await tokens(party)
    first, second, *_ = await stored.roll(party)
    label, fresh = await opening.replace_link(party, first.id)
    assert label == first.label
    with pytest.raises(NoBallot):
        await voting.check_in(lost)
    rows = await fetch("select xmin::text as written, digest from ballot_voter where party = $1", party)
    assert len({row["written"] for row in rows}) == 1
    assert len({row["digest"] for row in rows}) == 6
    await votes(fresh, 0)
    await voting.check_in(taken)
    for voter in (first, second):
        with pytest.raises(Conflict, match="已经领过票"):
            await opening.replace_link(party, voter.id)
    with pytest.raises(NotFound):
        await opening.replace_link(party, uuid4())
    await opening.close_ballot(ballot)
    with pytest.raises(Conflict, match="开放以后"):
        await opening.replace_link(party, first.id)
    assert (await counting.count(ballot)).papers == {party: 1}


@pytest.mark.usefixtures("people")
async def test_a_ballot_ends_by_itself_at_its_time(two_tenants: tuple[int, int]) -> None:
    ballot, party = await one_party(6, closes_at=clock.now() + timedelta(hours=1))
    untimed, _ = await one_party(6)
    link, *_ = await tokens(party)
    await run_due_jobs(jobs.JOBS)
    assert (await stored.ballot(ballot)).state == "open"
    await execute("update ballot set closes_at = $1 where id = $2", clock.now(), ballot)
    await execute("update job set due_at = $1 where kind = 'facts.close_ballot'", clock.now())
    await run_due_jobs(jobs.JOBS)
    with tenant_scope(two_tenants[0]):
        assert (await stored.ballot(ballot)).state == "closed"
        assert (await stored.ballot(untimed)).state == "open"
        assert await fetch_value("select state from job where kind = 'facts.close_ballot'") == "done"
        with pytest.raises(NoBallot):
            await voting.check_in(link)


@pytest.mark.usefixtures("people")
async def test_the_key_of_the_box_lies_encrypted_and_outlives_a_new_data_key() -> None:
    ballot, party = await one_party(6)
    kept = bytes(await fetch_value("select seal from ballot where id = $1", ballot))
    secret = await stored.seal_of(ballot)
    assert len(secret) == 32
    assert secret not in kept
    links = await tokens(party)
    await votes(links[0], 0)
    await renew()
    await votes(links[1], 1)
    await opening.close_ballot(ballot)
    assert (await counting.count(ballot)).papers == {party: 2}


@pytest.mark.parametrize(("counts", "verdict"), [((2, 3, 1), ["合格"]), ((3, 3, 0), [])])
async def test_the_option_most_voted_for_becomes_the_verdict_and_a_tie_none(
    people: dict[str, str], counts: tuple[int, ...], verdict: list[str]
) -> None:
    options = await usual_options("review:review", "choice", "")
    assert [one.name for one in options] == ["优秀", "合格", "不合格"]
    ballot, party = await one_party(6, target="review:review", measure="choice", options=options)
    await on_paper(party, (counts,), 6, uuid4(), uuid4())
    await opening.close_ballot(ballot)
    await counting.count(ballot)
    found = await queries.of_subject(UUID(people["D001"]))
    assert [fact.fields["value"] for fact in found] == verdict
