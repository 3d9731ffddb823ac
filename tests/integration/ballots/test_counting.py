"""The count: votes of links and paper become facts once; quorum, small parties and mischief are told."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from tests.support.balloting import PARTIES, on_paper, one_party, tokens, town_with, votes, wanted

from jiceng.facts import queries
from jiceng.facts.ballots import counting, drafting, handing_out, opening, papers, rolls, stored
from jiceng.facts.ballots.asking import usual_options
from jiceng.facts.ballots.tables import SEAL
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid

ANNA, BERT, CARL = uuid4(), uuid4(), uuid4()
FACT = "review:vote"


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    """A town whose scheme `review` counts votes of two parties and takes a rate."""
    with tenant_scope(two_tenants[0]):
        yield await town_with("review", PARTIES)


async def counted(ballot: UUID) -> counting.Count:
    await opening.close_ballot(ballot)
    return await counting.count(ballot)


async def facts_about(subject: str) -> list[tuple[str, dict[str, str], str]]:
    found = await queries.of_subject(UUID(subject))
    return sorted(((fact.kind, fact.fields, fact.source) for fact in found), key=str)


async def test_votes_by_link_and_on_paper_become_facts_once(people: dict[str, str]) -> None:
    options = await usual_options(FACT, "votes", "")
    assert [one.name for one in options] == ["优秀", "合格", "不合格"]
    ballot, party = await one_party(10, target=FACT, options=options)
    for choice, token in zip((0, 0, 1, 2), await tokens(party), strict=False):
        await votes(token, choice)
    await on_paper(party, ((3, 1, 1),), 6, ANNA, BERT)
    found = await counted(ballot)
    assert (found.papers, found.counted, found.facts) == ({party: 10}, (party,), 3)
    source = "票决第 1 号 年度民主评议"
    assert await facts_about(people["D001"]) == [
        ("vote", {"party": "群众", "option": "不合格", "votes": "2"}, source),
        ("vote", {"party": "群众", "option": "优秀", "votes": "5"}, source),
        ("vote", {"party": "群众", "option": "合格", "votes": "2"}, source),
    ]
    with pytest.raises(Conflict, match="每次票决只计一次"):
        await counting.count(ballot)
    assert len(await facts_about(people["D001"])) == 3


async def test_a_missed_quorum_counts_nothing_and_the_papers_are_destroyed(people: dict[str, str]) -> None:
    ballot, party = await one_party(
        30, target=FACT, options=await usual_options(FACT, "votes", ""), quorum="2/3"
    )
    await handing_out.hand_out_rest(party)
    await on_paper(party, ((19, 0, 0),), 19, ANNA, BERT)
    found = await counted(ballot)
    assert (found.papers, found.counted, found.facts) == ({party: 19}, (), 0)
    assert await stored.tallies(ballot) == {}
    assert await facts_about(people["D001"]) == []


async def test_exactly_the_quorum_counts(people: dict[str, str]) -> None:
    ballot, party = await one_party(
        30, target=FACT, options=await usual_options(FACT, "votes", ""), quorum="2/3"
    )
    await on_paper(party, ((20, 0, 0),), 20, ANNA, BERT)
    assert (await counted(ballot)).counted == (party,)
    assert len(await facts_about(people["D001"])) == 1


async def test_a_rate_becomes_a_number_with_the_places_the_rules_keep(people: dict[str, str]) -> None:
    ballot, party = await one_party(7, target="review:satisfied", measure="rate")
    await on_paper(party, ((2, 3, 1, 1),), 7, ANNA, BERT)
    await counted(ballot)
    ((kind, fields, _),) = await facts_about(people["D001"])
    assert (kind, fields) == ("satisfied", {"value": "71.4"})


async def test_a_mark_drops_extremes_and_weighs_the_parties(people: dict[str, str]) -> None:
    given = {"target": "review:satisfied", "measure": "mark", "drop_high": 1, "drop_low": 1, "minimum": 2}
    ballot = await drafting.draft(wanted(**given))
    await drafting.add_subjects(ballot, ["D001"])
    both = []
    for word, weight in (("群众", 3), ("党员", 2)):
        party = await drafting.add_party(ballot, word=word, title="", weight=weight, small=False)
        await rolls.add_numbered(party, 5)
        both.append(party)
    await opening.open_ballot(ballot)
    await on_paper(both[0], ((2, 2, 0, 1),), 5, ANNA, BERT)
    await on_paper(both[1], ((0, 1, 3, 1),), 5, ANNA, BERT)
    await counted(ballot)
    ((_, fields, _),) = await facts_about(people["D001"])
    assert fields == {"value": "82"}  # 3/5 of (100 + 85 + 85) / 3 and 2/5 of 70


async def test_a_number_is_only_handed_on_when_every_party_returned_enough(people: dict[str, str]) -> None:
    ballot = await drafting.draft(wanted(target="review:satisfied", measure="rate"))
    await drafting.add_subjects(ballot, ["D001"])
    both = []
    for word in ("群众", "党员"):
        party = await drafting.add_party(ballot, word=word, title="", weight=1, small=False)
        await rolls.add_numbered(party, 6)
        both.append(party)
    await opening.open_ballot(ballot)
    await on_paper(both[0], ((6, 0, 0, 0),), 6, ANNA, BERT)
    await on_paper(both[1], ((2, 0, 0, 0),), 2, ANNA, BERT)
    found = await counted(ballot)
    assert (found.counted, found.facts) == ((both[0],), 0)
    assert await facts_about(people["D001"]) == []


@pytest.mark.usefixtures("people")
async def test_more_papers_in_the_box_than_slips_given_out_stop_the_count() -> None:
    ballot, party = await one_party(6)
    await votes((await tokens(party))[0], 0)
    await execute("update ballot_voter set way = '' where tenant_id = $1", current_tenant())
    await opening.close_ballot(ballot)
    with pytest.raises(Conflict, match="有 1 张票，而只有 0 人领票"):
        await counting.count(ballot)
    assert await stored.envelopes(ballot) == 1


@pytest.mark.usefixtures("people")
async def test_an_envelope_of_another_making_stops_the_count() -> None:
    ballot, party = await one_party(6)
    await votes((await tokens(party))[0], 0)
    await opening.close_ballot(ballot)
    other = (await keyring()).seal_bytes(SEAL, ballot, b"x" * 32)
    await execute("update ballot set seal = $2 where id = $1", ballot, other)
    with pytest.raises(Conflict, match="不是本次票决封装的票"):
        await counting.count(ballot)
    assert (await stored.ballot(ballot)).state == "closed"


@pytest.mark.usefixtures("people")
async def test_nothing_is_counted_while_voting_goes_on_or_paper_is_not_settled() -> None:
    ballot, party = await one_party(6)
    with pytest.raises(Conflict, match="先结束投票"):
        await counting.count(ballot)
    batch = await on_paper(party, ((2, 1, 0, 0),), 3, ANNA)
    await opening.close_ballot(ballot)
    with pytest.raises(Conflict, match="第 1 批纸质票还没有核对一致"):
        await counting.count(ballot)
    await papers.type_in(batch, ((2, 1, 0, 0),), by=BERT)
    await counting.count(ballot)


@pytest.mark.usefixtures("people")
async def test_one_person_cannot_type_both_and_differences_are_shown_until_two_agree() -> None:
    _, party = await one_party(8)
    batch = await on_paper(party, ((2, 1, 0, 0),), 4, ANNA)
    assert await papers.type_in(batch, ((2, 1, 0, 0),), by=ANNA) == "typing"
    assert await papers.type_in(batch, ((2, 0, 1, 0),), by=BERT) == "differs"
    assert (await papers.paper_batch(batch)).differences() == [(0, 1, (1, 0)), (0, 2, (0, 1))]
    assert await papers.type_in(batch, ((1, 1, 1, 0),), by=ANNA) == "differs"
    assert await papers.type_in(batch, ((2, 0, 1, 0),), by=CARL) == "accepted"
    assert (await papers.paper_batch(batch)).agreed() == ((2, 0, 1, 0),)
    with pytest.raises(Conflict, match="已经核对一致"):
        await papers.type_in(batch, ((2, 0, 1, 0),), by=ANNA)


@pytest.mark.usefixtures("people")
async def test_counts_that_cannot_be_are_refused() -> None:
    _, party = await one_party(8)
    with pytest.raises(Invalid, match="最多 0 份"):
        await papers.new_batch(party, 1)
    batch = await on_paper(party, (), 4)
    with pytest.raises(Invalid, match="最多 4 份"):
        await papers.new_batch(party, 5)
    for counts, told in (
        (((4, 1, 0, 0),), "合计 5 票，多于这一批的 4 份"),
        (((5, -1, 0, 0),), "票数不能是负数"),
        (((1, 1),), "和选票不一致"),
    ):
        with pytest.raises(Invalid, match=told):
            await papers.type_in(batch, counts, by=ANNA)


async def test_what_is_missing_for_the_opening_is_told_at_once(people: dict[str, str]) -> None:
    ballot = await drafting.draft(wanted())
    with pytest.raises(Invalid) as told:
        await opening.open_ballot(ballot)
    assert told.value.faults == ("还没有被评对象", "还没有评议方")
    await drafting.add_subjects(ballot, list(people))
    small = await drafting.add_party(ballot, word="领导", title="", weight=1, small=False)
    await rolls.add_listed(small, ["甲", "乙"])
    await drafting.add_party(ballot, word="领导", title="", weight=1, small=True)
    with pytest.raises(Invalid) as told:
        await opening.open_ballot(ballot)
    assert [str(fault)[:13] for fault in told.value.faults] == [
        "「领导」只有 2 人，少于",
        "「领导」还没有名单",
        "评议方的名称有重复",
    ]


async def test_a_subject_is_not_rated_twice_into_one_fact_on_one_day(people: dict[str, str]) -> None:
    del people
    options = await usual_options(FACT, "votes", "")
    await one_party(6, target=FACT, options=options)
    with pytest.raises(Invalid, match="在同一天的另一次票决里已经评过"):
        await one_party(6, target=FACT, options=options, numbers=("D002", "D001"))


async def test_what_the_form_may_ask_wrong_is_refused_together(people: dict[str, str]) -> None:
    del people
    bad = wanted(title=" ", quorum="5/4", minimum=1, drop_high=99, target=FACT)
    with pytest.raises(Invalid) as told:
        await drafting.draft(bad)
    assert [str(fault)[:6] for fault in told.value.faults] == [
        "名称不能为空",
        "有效票数要求",
        "最少份数应在",
        "去掉的最高分",
        "选项应与规则",
    ]
    with pytest.raises(Invalid, match="没有能接收这种结果的事实"):
        await drafting.draft(wanted(target="review:nothing"))
