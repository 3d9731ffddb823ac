"""One ballot for each person: twice, at once, forged, foreign, too early, too late are all refused alike."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.support.appraisal import small_town
from tests.support.balloting import one_party, tokens, turnout, votes

from jiceng.facts.ballots import handing_out, opening, papers, stored, voting
from jiceng.facts.ballots.voting import NoBallot
from jiceng.kernel import clock
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid

Open = tuple[str, ...]


@pytest.fixture
async def tenant(two_tenants: tuple[int, int]) -> AsyncIterator[int]:
    """A tenant with two members to be rated."""
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        yield two_tenants[0]


async def in_a_new_request(token: str) -> str:
    """Check in and cast; says how it ended."""
    try:
        await votes(token, 0)
    except NoBallot:
        return "refused"
    return "cast"


@pytest.mark.usefixtures("tenant")
async def test_of_ten_requests_at_once_with_one_link_a_single_one_votes() -> None:
    ballot, party = await one_party(6)
    link = (await tokens(party))[0]
    here = contextvars.copy_context()
    asked = [asyncio.create_task(in_a_new_request(link), context=here.copy()) for _ in range(10)]
    assert sorted(await asyncio.gather(*asked)) == ["cast", *["refused"] * 9]
    assert await stored.envelopes(ballot) == 1
    assert await turnout(party) == (1, 0)


@pytest.mark.usefixtures("tenant")
async def test_voters_at_once_all_get_their_own_paper() -> None:
    ballot, party = await one_party(12)
    here = contextvars.copy_context()
    links = await tokens(party)
    asked = [asyncio.create_task(in_a_new_request(link), context=here.copy()) for link in links]
    assert await asyncio.gather(*asked) == ["cast"] * 12
    assert await stored.envelopes(ballot) == 12
    assert await turnout(party) == (12, 0)


@pytest.mark.usefixtures("tenant")
async def test_a_slip_casts_one_paper_however_often_it_is_sent() -> None:
    ballot, party = await one_party(6)
    link = (await tokens(party))[0]
    found, slip = await voting.check_in(link)
    assert found == ballot
    (one,) = (await voting.paper(ballot, slip)).subjects
    await voting.cast(ballot, slip, {one.subject: 0})
    with pytest.raises(Conflict, match="这张选票已经投出"):
        await voting.cast(ballot, slip, {one.subject: 3})
    with pytest.raises(Conflict, match="这张选票已经投出"):
        await voting.paper(ballot, slip)
    assert await stored.envelopes(ballot) == 1


async def test_forged_foreign_renewed_and_used_links_are_answered_alike(
    tenant: int, two_tenants: tuple[int, int]
) -> None:
    del tenant
    _, party = await one_party(6)
    old = (await tokens(party))[0]
    link, used, paper, *_ = await tokens(party)
    await votes(used, 0)
    roll = await stored.roll(party)
    await handing_out.hand_out(party, roll[2].id)
    for refused in ("x" * 43, "", "x" * 9999, old, used, paper):
        with pytest.raises(NoBallot) as told:
            await voting.check_in(refused)
        assert told.value.in_words() == NoBallot().in_words()
    with tenant_scope(two_tenants[1]), pytest.raises(NoBallot):
        await voting.invited(link)
    assert (await voting.invited(link)).label == "001"


@pytest.mark.usefixtures("tenant")
async def test_a_draft_a_closed_ballot_and_one_past_its_time_take_no_vote() -> None:
    ending = datetime(2026, 10, 30, 10, 0, tzinfo=UTC)
    with clock.showing(ending - timedelta(minutes=1)):
        ballot, party = await one_party(6, closes_at=ending)
        links = await tokens(party)
        _, slip = await voting.check_in(links[0])
        (one,) = (await voting.paper(ballot, slip)).subjects
    with clock.showing(ending):
        with pytest.raises(NoBallot):
            await voting.check_in(links[1])
        with pytest.raises(NoBallot):
            await voting.cast(ballot, slip, {one.subject: 0})
    with clock.showing(ending - timedelta(seconds=1)):
        await opening.close_ballot(ballot)
        with pytest.raises(NoBallot):
            await voting.cast(ballot, slip, {one.subject: 0})
        with pytest.raises(NoBallot):
            await voting.check_in(links[1])
    assert await stored.envelopes(ballot) == 0


@pytest.mark.usefixtures("tenant")
async def test_a_slip_of_one_ballot_is_worth_nothing_in_another() -> None:
    first, party = await one_party(6)
    second, _ = await one_party(6)
    _, slip = await voting.check_in((await tokens(party))[0])
    for ballot, forged in ((second, slip), (first, "x" + slip[1:]), (uuid4(), slip)):
        with pytest.raises(NoBallot):
            await voting.paper(ballot, forged)


@pytest.mark.usefixtures("tenant")
async def test_a_paper_with_strange_marks_is_refused_and_can_be_sent_again() -> None:
    ballot, party = await one_party(6)
    _, slip = await voting.check_in((await tokens(party))[0])
    (one,) = (await voting.paper(ballot, slip)).subjects
    with pytest.raises(Invalid) as told:
        await voting.cast(ballot, slip, {one.subject: 9, uuid4(): 0})
    assert told.value.faults == ("选票上没有这个对象", "选票上没有这个选项")
    with pytest.raises(Invalid) as told:
        await voting.cast(ballot, slip, {})
    assert told.value.faults == ("还没有选任何一项",)
    await voting.cast(ballot, slip, {one.subject: 3})
    assert await stored.envelopes(ballot) == 1


@pytest.mark.usefixtures("tenant")
async def test_who_has_paper_has_no_link_and_the_other_way_round() -> None:
    _, party = await one_party(6)
    links, roll = await tokens(party), await stored.roll(party)
    await handing_out.hand_out(party, roll[0].id)
    with pytest.raises(NoBallot):
        await voting.check_in(links[0])
    await votes(links[1], 0)
    with pytest.raises(Conflict, match="已经领过票"):
        await handing_out.hand_out(party, roll[1].id)
    assert await turnout(party) == (1, 1)
    await handing_out.take_back(party, roll[0].id)
    with pytest.raises(Conflict, match="纸质票"):
        await handing_out.take_back(party, roll[1].id)
    await votes(links[0], 0)
    assert await turnout(party) == (2, 0)


async def begun(tenant: int, party: UUID, count: int) -> str:
    """Begin a batch of papers in a request of its own; says how it ended."""
    with tenant_scope(tenant):
        try:
            await papers.new_batch(party, count)
        except Invalid:
            return "refused"
    return "begun"


async def taken_back(tenant: int, party: UUID, voter: UUID) -> str:
    """Take a sheet back in a request of its own; says how it ended."""
    with tenant_scope(tenant):
        try:
            await handing_out.take_back(party, voter)
        except Conflict:
            return "refused"
    return "back"


async def test_sheets_taken_back_at_the_same_time_leave_no_batch_of_more_papers_than_are_out(
    tenant: int,
) -> None:
    _, party = await one_party(6)
    first, second, third = [voter.id for voter in await stored.roll(party)][:3]
    for voter in (first, second, third):
        await handing_out.hand_out(party, voter)
    async with transaction():
        await handing_out.take_back(party, first)
        asked = asyncio.create_task(begun(tenant, party, 3), context=contextvars.Context())
        await asyncio.sleep(0.2)  # until it waits for the ballot
    assert await asked == "refused"
    await papers.new_batch(party, 1)
    async with transaction():
        await handing_out.take_back(party, second)
        asked = asyncio.create_task(taken_back(tenant, party, third), context=contextvars.Context())
        await asyncio.sleep(0.2)
    assert await asked == "refused"
