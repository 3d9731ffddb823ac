"""Links, own lists, the monthly list, rewards and penalties, the year's end."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import copy_context
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from tests.support.appraisal import People, small_town, with_points
from tests.support.points import (
    CLERK,
    REVIEWER,
    SECRETARY,
    VERIFIER,
    claimed_by,
    on_shelf,
    reported,
    state_of,
    verified,
)
from tests.support.projects import somebody

from jiceng.accounts.scope import Reach, looking
from jiceng.api.roster import looking_as_member
from jiceng.api.workflows import handlers
from jiceng.evaluation import queries as evaluation
from jiceng.evaluation.jobs import JOBS
from jiceng.facts.queries import of_subject
from jiceng.kernel import clock
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import enqueue, run_due_jobs
from jiceng.schemes.service import adopt
from jiceng_points.claims import links, own_lists, service, verifying
from jiceng_points.claims.schemas import Proof
from jiceng_points.home import to_check
from jiceng_points.own.showing import own_page
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.rhythm import queries
from jiceng_points.rhythm.jobs import NIGHT
from jiceng_points.rhythm.service import adjustments, close_year, decide, make_dispatch, propose
from jiceng_points.shelf import needs
from jiceng_points.shelf import queries as shelf

YEAR_END = datetime(2026, 12, 28, 2, tzinfo=UTC)
HALF = (date(2026, 7, 1), date(2026, 12, 31))


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def test_a_link_opens_once_and_its_visit_ends_by_itself(people: People) -> None:
    member = UUID(people["D001"])
    token = await links.make_link(member, by=new_id())
    tries = (links.open_link(token, caller="192.0.2.1") for _ in range(2))
    opened = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in opened) == ["NotFound", "str"]
    visit = next(one for one in opened if isinstance(one, str))
    assert await links.visitor(visit) == member
    with clock.showing(now() + timedelta(hours=12, minutes=1)), pytest.raises(NotFound):
        await links.visitor(visit)
    stored = await fetch_value("select digest from points_link where tenant_id = $1", current_tenant())
    assert token.encode() not in stored


async def test_a_later_link_ends_the_earlier_one_and_an_old_one_is_over(people: People) -> None:
    member = UUID(people["D001"])
    first = await links.make_link(member, by=new_id())
    second = await links.make_link(member, by=new_id())
    with pytest.raises(NotFound):
        await links.open_link(first, caller="192.0.2.1")
    with clock.showing(now() + timedelta(days=7, minutes=1)), pytest.raises(NotFound):
        await links.open_link(second, caller="192.0.2.1")


async def test_behind_a_link_a_member_sees_and_moves_only_his_own_claims(people: People) -> None:
    own = await claimed_by(people["D001"], await on_shelf("ZX01"))
    other = await claimed_by(people["D002"], await on_shelf("ZX02"))
    me = Actor(None, UUID(people["D001"]))
    with looking_as_member("D001"):
        await service.complete(own, Proof(today(), "去看望了"), by=me)
        with pytest.raises(NotFound):
            await service.complete(other, Proof(today(), "不是我的"), by=me)
        with pytest.raises(NotFound):
            await claimers.member(UUID(people["D002"]))
    assert (await state_of(own), await state_of(other)) == ("done", "claimed")


async def test_the_own_page_says_what_will_be_missed_and_what_fits(people: People) -> None:
    await on_shelf("BX01", kind="必选", title="参加主题党日", deadline=date(today().year, 11, 30))
    await on_shelf("ZX01", capacity=1)
    await on_shelf("ZX02", categories=("两新",))
    await on_shelf("ZZ01", side="组织")
    await claimed_by(people["D002"], await on_shelf("ZX03", capacity=1))
    page = await own_page(UUID(people["D001"]), today().year)
    assert [one.task.number for one in page.missed] == ["BX01"]
    assert [row.number for row in page.fitting] == ["BX01", "ZX01"]


async def test_a_special_case_goes_from_branch_to_committee_and_counts_as_exempt(
    people: People,
) -> None:
    member = UUID(people["D001"])
    made = await own_lists.apply(member, today().year, "年老行动不便", "电话联系支部", by=SECRETARY)
    with pytest.raises(Conflict, match="今年已经申请过"):
        await own_lists.apply(member, today().year, "再来", "一次", by=SECRETARY)
    with pytest.raises(Conflict, match="支部研究中"):
        await own_lists.file(made, "同意", agreed=True, by=REVIEWER)
    await own_lists.study(made, "情况属实", agreed=True, by=SECRETARY)
    with pytest.raises(Forbidden):
        await own_lists.file(made, "同意", agreed=True, by=SECRETARY)
    await own_lists.file(made, "准予备案", agreed=True, by=REVIEWER)
    await run_due_jobs(handlers())
    assert [(fact.kind, fact.fields["value"]) for fact in await of_subject(member)] == [("exempted", "是")]


async def test_a_refused_special_case_applies_again_with_a_new_reason_and_the_first_stays(
    people: People,
) -> None:
    member, year = UUID(people["D001"]), today().year
    first = await own_lists.apply(member, year, "年老", "电话联系", by=SECRETARY)
    await own_lists.study(first, "行动尚可", agreed=False, by=SECRETARY)
    with pytest.raises(Invalid, match="和未同意的那一次一样"):
        await own_lists.apply(member, year, " 年 老", "电话联系", by=SECRETARY)
    second = await own_lists.apply(member, year, "上月中风，行动不便", "电话联系", by=SECRETARY)
    with pytest.raises(Conflict, match="今年已经申请过"):
        await own_lists.apply(member, year, "再来一次", "电话联系", by=SECRETARY)
    await own_lists.study(second, "属实", agreed=True, by=SECRETARY)
    await own_lists.file(second, "准予备案", agreed=True, by=REVIEWER)
    assert [(one.turn, one.state, one.opinion) for one in (await own_lists.own_lists(year)).rows] == [
        (2, "filed", "属实"),
        (1, "refused", "行动尚可"),
    ]
    latest = await own_lists.own_list(member, year)
    assert latest is not None
    assert latest.id == second


async def test_two_who_apply_again_at_once_make_one_application(people: People) -> None:
    member, year = UUID(people["D001"]), today().year
    first = await own_lists.apply(member, year, "年老", "电话联系", by=SECRETARY)
    await own_lists.study(first, "行动尚可", agreed=False, by=SECRETARY)
    again = [own_lists.apply(member, year, f"补充 {n}", "电话联系", by=SECRETARY) for n in range(4)]
    made = await asyncio.gather(*again, return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["Conflict", "Conflict", "Conflict", "UUID"]


async def test_a_special_case_is_not_filed_by_somebody_of_the_branch(people: People) -> None:
    made = await own_lists.apply(UUID(people["D001"]), today().year, "年老", "电话联系", by=SECRETARY)
    await own_lists.study(made, "情况属实", agreed=True, by=SECRETARY)
    home = await fetch_value(
        "select organization from points_own_list where tenant_id = $1 and id = $2", current_tenant(), made
    )
    with looking(Reach(kind="subtree", organization=home)), pytest.raises(Forbidden, match="由党委的同事"):
        await own_lists.file(made, "同意", agreed=True, by=REVIEWER)


async def test_a_reward_of_somebody_who_has_left_since_can_still_be_confirmed(people: People) -> None:
    member = UUID(people["D001"])
    made = await propose(member, "奖励加分", 5, today() - timedelta(days=2), "街道通报表扬", by=CLERK)
    await execute(
        "update membership set until = $2, left_by = '转出' where tenant_id = $1 and member = $3",
        *(current_tenant(), today() - timedelta(days=1), member),
    )
    assert [one.id for one in (await adjustments(today().year)).rows] == [made]
    await decide(made, agreed=True, by=REVIEWER)
    await run_due_jobs(handlers())
    assert [fact.kind for fact in await of_subject(member)] == ["adjustment"]


async def test_nobody_studies_his_own_application(people: People) -> None:
    member = UUID(people["D001"])
    made = await own_lists.apply(member, today().year, "年老", "电话联系", by=SECRETARY)
    with pytest.raises(Forbidden, match="不能研究本人的申请"):
        await own_lists.study(made, "同意", agreed=True, by=Actor(new_id(), member))


async def test_the_months_list_names_what_is_late_and_is_made_once(people: People) -> None:
    day = today()
    short = await on_shelf("ZX01", opens=date(day.year, 1, 1), deadline=day)
    await claimed_by(people["D001"], short)
    waiting = await reported(people["D002"], await on_shelf("ZX02"))
    sent_back = await reported(people["D003"], await on_shelf("ZX03"))
    await verifying.reject(sent_back, "写得不清楚", by=VERIFIER)
    later = day + timedelta(days=20)
    made = await make_dispatch(later, later)
    assert made is not None
    assert await make_dispatch(later, later) is None
    lines = {
        line["number"]: (line["why"], line["days"]) for line in (await queries.dispatch_lines(made)).rows
    }
    assert lines == {1: ("overdue", 20), 2: ("waiting", 20), 3: ("rejected", 20)}
    await verifying.verify([waiting], by=VERIFIER)
    rows = await queries.dispatch(made)
    assert sum(row["still"] for row in rows) == 2


async def test_what_was_reported_or_sent_back_yesterday_is_not_late_however_old_the_deed(
    people: People,
) -> None:
    day = datetime(2026, 11, 20, 2, tzinfo=UTC)
    with clock.showing(day):
        claims = [await claimed_by(people[name], await on_shelf(name)) for name in ("D001", "D002")]
        for one in claims:
            await service.complete(one, Proof(date(2026, 10, 1), "国庆前走访"), by=SECRETARY)
        await verifying.reject(claims[1], "写得不清楚", by=VERIFIER)
    assert await make_dispatch(date(2026, 11, 21), date(2026, 11, 21))
    made = await make_dispatch(date(2026, 12, 5), date(2026, 12, 5))
    assert made is not None
    (first,) = [one for one in await queries.dispatches() if one.month == date(2026, 11, 1)]
    assert (await queries.dispatch_lines(first.id)).rows == []
    lines = {
        line["number"]: (line["why"], line["days"]) for line in (await queries.dispatch_lines(made)).rows
    }
    assert lines == {1: ("waiting", 15), 2: ("rejected", 15)}


async def test_a_reward_counts_once_another_person_has_confirmed_it(people: People) -> None:
    member = UUID(people["D001"])
    made = await propose(member, "奖励加分", 5, today(), "街道通报表扬", by=CLERK)
    for by in (CLERK, Actor(new_id(), member)):
        with pytest.raises(Forbidden, match="不能是提出人或本人"):
            await decide(made, agreed=True, by=by)
    await decide(made, agreed=True, by=REVIEWER)
    with pytest.raises(Conflict, match="已确认"):
        await decide(made, agreed=True, by=VERIFIER)
    await run_due_jobs(handlers())
    (fact,) = await of_subject(member)
    assert (fact.kind, fact.fields["kind"], fact.fields["worth"]) == ("adjustment", "奖励加分", "5")


async def test_negative_or_absurd_adjustments_are_refused_with_every_fault(people: People) -> None:
    with pytest.raises(Invalid) as refused:
        await propose(UUID(people["D001"]), "罚款", -5, today() + timedelta(days=1), "", by=CLERK)
    assert len(refused.value.faults) == 4
    assert (await adjustments()).rows == []


async def test_the_years_end_lapses_what_is_overdue_and_evaluates_everything(people: People) -> None:
    with clock.showing(YEAR_END):
        required = [await on_shelf(f"BX0{n}", kind="必选") for n in range(1, 6)]
        chosen = [await on_shelf(f"ZX0{n}", 20) for n in (1, 2)]
        for each in (*required, *chosen):
            await verified(people["D001"], each)
        for each in (*required[:4], *chosen):
            await verified(people["D002"], each)
        late = await claimed_by(
            people["D003"], await on_shelf("ZX09", capacity=1, deadline=date(2026, 12, 28))
        )
    with clock.showing(YEAR_END + timedelta(days=1)):
        run = await close_year(2026, by=new_id())
        assert await state_of(late) == "lapsed"
        await run_due_jobs(JOBS)
        rows = await evaluation.counts(run.id)
    assert (rows["合格"], rows["不合格"]) == (1, 3)


async def test_organizations_are_evaluated_by_their_own_scheme_where_it_is_in_use(people: People) -> None:
    del people
    with clock.showing(YEAR_END):
        await adopt("points_organizations", in_force_from=date(2026, 1, 1), reason="测试")
        branch = await claimers.by_number("O2")
        for number in range(1, 6):
            made = await service.claim(
                await on_shelf(f"ZB0{number}", kind="必选", side="组织"), branch, by=SECRETARY
            )
            await service.complete(made, Proof(today(), "结对共建"), by=SECRETARY)
            await verifying.verify([made], by=VERIFIER)
        await close_year(2026, by=new_id())
        await run_due_jobs(JOBS)
        (run,) = [one for one in await evaluation.runs() if one.scheme == "points_organizations"]
        rows = await evaluation.counts(run.id)
    facts = await of_subject(branch.organization)
    assert {(fact.scheme, fact.kind, fact.fields["kind"]) for fact in facts} == {
        ("points_organizations", "claim", "必选")
    }
    assert rows["未达标"] == 3


async def test_every_night_the_list_is_made_contacts_are_erased_and_facts_handed_in(people: People) -> None:
    await needs.enter_need("修灯", "0000-1", None)
    await verified(people["D001"], await on_shelf())
    await execute("update points_need set erase_on = $1", today())
    async with transaction():
        await enqueue(NIGHT, {})
    await run_due_jobs(handlers())
    assert len(await queries.dispatches()) == 1
    assert [need.contact for need in (await shelf.needs()).rows] == [""]
    assert [fact.kind for fact in await of_subject(UUID(people["D001"]))] == ["claim"]


async def test_the_overview_counts_people_once_and_claims_by_month_from_indexes_alone(people: People) -> None:
    with clock.showing(YEAR_END):
        required = await on_shelf("BX01", kind="必选")
        twice = await on_shelf("BX02", kind="必选", times=2)
        for name in ("D001", "D002"):
            await verified(people[name], required)
        for _ in range(2):
            await verified(people["D001"], twice)
        await reported(people["D002"], twice)
        done = await queries.items_done(2026)
        assert sorted((one.members, one.months) for one in done) == [
            (1, (*(0,) * 11, 2)),
            (2, (*(0,) * 11, 2)),
        ]
        assert queries.by_month(done) == {("必选", 12): 4}
        assert [(one.number, one.done) for one in await queries.required_outlook(2026, done)] == [
            ("BX01", 2),
            ("BX02", 1),
        ]
        whole, half = await queries.standings(2026), await queries.standings(2026, HALF)
    found = [(one.people, one.claimed, one.verified, one.waiting, one.late, one.points) for one in whole]
    assert found == [(1, 3, 3, 0, 0, 30), (1, 2, 1, 1, 0, 10)]
    assert half == whole
    async with transaction():  # a small table would be read whole
        await execute("set local enable_seqscan = off")
        await execute("set local enable_bitmapscan = off")
        rows = await fetch(
            "explain select organization, count(distinct member), sum(worth) from points_claim "
            "where tenant_id = $1 and year = 2026 and state <> 'withdrawn' group by 1",
            current_tenant(),
        )
    assert any("Index Only Scan using points_claim_year_organization_member_idx" in row[0] for row in rows)


async def test_organizations_stand_by_number_as_the_tenth_branch_would_stand_before_the_first_by_name(
    people: People,
) -> None:
    names = {"O2": "湖口第2党支部", "O3": "湖口第10党支部"}
    for number, name in names.items():
        await execute(
            "update organization_state s set name = $3 from organization o "
            "where o.tenant_id = $1 and s.tenant_id = $1 and s.organization = o.id and o.number = $2",
            *(current_tenant(), number, name),
        )
    with clock.showing(YEAR_END):
        item = await on_shelf("BX01", kind="必选")
        for name in ("D001", "D002"):
            await reported(people[name], item)
        assert [one.place for one in await queries.standings(2026)] == list(names.values())
        assert [one.place for one in await queries.standings(2026, HALF)] == list(names.values())
    later = YEAR_END.date() + timedelta(days=20)
    late = await make_dispatch(later, later)
    assert late is not None
    assert [row["place"] for row in await queries.dispatch(late)] == list(names.values())


async def test_of_two_who_propose_the_same_reward_at_once_one_is_told(people: People) -> None:
    member = UUID(people["D001"])
    apart = copy_context()
    async with transaction():
        await propose(member, "奖励加分", 5, today(), "街道通报表扬", by=CLERK)
        again = propose(member, "奖励加分", 5, today(), "街道通报表扬", by=CLERK)
        other = asyncio.create_task(again, context=apart)
        await asyncio.sleep(0.2)
    with pytest.raises(Conflict, match="同样的奖惩"):
        await other
    assert (await adjustments()).total == 1


async def test_in_january_the_home_page_tells_what_of_last_year_still_waits(people: People) -> None:
    year = today().year
    await propose(UUID(people["D001"]), "奖励加分", 5, today(), "街道通报表扬", by=CLERK)
    await own_lists.apply(UUID(people["D002"]), year, "年老", "电话联系", by=SECRETARY)
    with clock.showing(datetime(year + 1, 1, 8, 2, tzinfo=UTC)):
        clerk = msgspec.structs.replace(somebody(), role="clerk")
        told = {one.title: (one.count, one.path) for one in await to_check(clerk) if one.count}
    assert told == {
        "上年度待办理的一事一议": (1, f"own-lists?year={year}"),
        "上年度待确认的奖惩": (1, f"adjustments?year={year}"),
    }


async def test_what_waits_is_late_two_weeks_after_it_was_reported_not_after_the_deed(people: People) -> None:
    async def told(at: datetime) -> dict[str, int]:
        clerk = msgspec.structs.replace(somebody(), role="clerk")
        with clock.showing(at):
            return {one.title: one.count for one in await to_check(clerk) if one.count}

    june = datetime(today().year, 6, 30, 2, tzinfo=UTC)
    with clock.showing(june):
        made = await claimed_by(people["D001"], await on_shelf())
        deed = june.date() - timedelta(days=20)
        await service.complete(made, Proof(deed, "上门看望"), by=SECRETARY)
    assert await told(june + timedelta(days=1)) == {"待核验的认领": 1}
    assert await told(june + timedelta(days=15)) == {"完成两周以上还没有核验的认领": 1}
