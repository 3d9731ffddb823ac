"""Acts that need a second person: tried, undone, asked for, done exactly once by somebody else's approval."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.managing.standing import disable
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.second_person import Act, Awaiting, guarded, pass_once
from jiceng.accounts.second_person.choosing import choose, choose_approved
from jiceng.accounts.second_person.deciding import approve, reject, requests, withdraw
from jiceng.accounts.second_person.kinds import chosen, needed
from jiceng.kernel import clock
from jiceng.kernel.audit import Actor, acting
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined, tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.service import set_setting

People = dict[str, SignedIn]
FIRM = "insert into unit (tenant_id, id, number) values ($1, $2, $3)"


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    tenant = await by_id(two_tenants[0])
    assert tenant is not None
    with tenant_scope(tenant.id), acting(Actor("web")):
        found: People = {}
        for login, role in (("one", "tenant_admin"), ("two", "tenant_admin"), ("looks", "supervisor")):
            await invite(tenant, login, "周砚秋", role)
            key = await fetch_value(
                "select id from account where tenant_id = $1 and login = $2", tenant.id, login
            )
            found[login] = SignedIn(key, login, "周砚秋", role, tenant.id, new_id())
        await set_setting("second_person", ["publish_rules", "export_records"], clock.today())
        yield found


async def enter(number: str, by: UUID) -> str:
    """Stands for any act: a row, and a refusal when the row is there."""
    async with guarded(Act.PUBLISH_RULES, number, f"单位 {number}", {"number": number}, "理由", by):
        async with joined():
            if await fetch_value(
                "select 1 from unit where tenant_id = $1 and number = $2", current_tenant(), number
            ):
                raise Conflict("单位已有")
            await execute(FIRM, current_tenant(), new_id(), number)
        return number


async def do_enter(told: Mapping[str, Any], by: UUID) -> None:
    await enter(told["number"], by)


ACTS: Any = {Act.PUBLISH_RULES: do_enter, Act.EXPORT_RECORDS: None, Act.CHANGE_SECOND_PERSON: choose_approved}


async def asked(people: People, number: str = "U1") -> UUID:
    with pytest.raises(Awaiting):
        await enter(number, people["one"].id)
    return next(one.id for one in await requests() if one.title.endswith(number))


async def entered() -> int:
    count: int = await fetch_value("select count(*) from unit where tenant_id = $1", current_tenant())
    return count


async def state_of(request: UUID) -> str:
    return next(one.state for one in await requests() if one.id == request)


async def test_the_act_waits_and_happens_once_when_another_approves(people: People) -> None:
    request = await asked(people)
    assert await entered() == 0
    assert await approve(request, "同意", people["two"], ACTS) == "done"
    assert await entered() == 1
    with pytest.raises(Conflict):
        await approve(request, "同意", people["two"], ACTS)
    assert await entered() == 1
    (row,) = [one for one in await requests() if one.id == request]
    assert (row.state, row.asker, row.decision, row.asked_by) == ("done", "周砚秋", "同意", people["one"].id)


async def test_what_would_fail_is_told_at_once_and_not_asked_for(people: People) -> None:
    await execute(FIRM, current_tenant(), new_id(), "U1")
    with pytest.raises(Conflict, match="单位已有"):
        await enter("U1", people["one"].id)
    assert await requests() == []


async def test_nobody_approves_or_rejects_his_own_request(people: People) -> None:
    request = await asked(people)
    for decide in (approve(request, "同意", people["one"], ACTS), reject(request, "不同意", people["one"])):
        with pytest.raises(Forbidden, match="提交人自己"):
            await decide
    assert (await state_of(request), await entered()) == ("waiting", 0)


async def test_the_database_itself_refuses_one_person_as_both(people: People) -> None:
    request = await asked(people)
    with pytest.raises(Exception, match="never_oneself"):
        await execute(
            "update approval_request set decided_by = asked_by, state = 'done'"
            " where tenant_id = $1 and id = $2",
            current_tenant(),
            request,
        )


async def test_who_lacks_the_acts_right_and_who_gives_no_reason_is_refused(people: People) -> None:
    request = await asked(people)
    with pytest.raises(Forbidden, match="没有办理这件事的权限"):
        await approve(request, "同意", people["looks"], ACTS)
    with pytest.raises(Invalid):
        await approve(request, "  ", people["two"], ACTS)
    with pytest.raises(NotFound):
        await approve(new_id(), "同意", people["two"], ACTS)
    assert await entered() == 0


async def test_two_approvals_at_the_same_moment_do_it_once(people: People) -> None:
    request = await asked(people)
    answers = await asyncio.gather(
        *(approve(request, "同意", people["two"], ACTS) for _ in range(6)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict"] * 5 + ["str"]
    assert await entered() == 1


async def test_an_expired_request_is_not_done(people: People) -> None:
    waiting = await asked(people)
    with clock.showing(clock.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(Conflict, match="过期"):
            await approve(waiting, "同意", people["two"], ACTS)
        assert (await state_of(waiting), await entered()) == ("expired", 0)
        await asked(people)  # it may be asked for again
    assert sorted(one.state for one in await requests()) == ["expired", "waiting"]


async def test_an_act_gone_stale_is_not_done_and_says_why(people: People) -> None:
    request = await asked(people)
    await execute(FIRM, current_tenant(), new_id(), "U1")
    with pytest.raises(Conflict, match="没有执行：单位已有"):
        await approve(request, "同意", people["two"], ACTS)
    assert (await state_of(request), await entered()) == ("stale", 1)


async def test_the_same_is_asked_for_once_at_a_time(people: People) -> None:
    request = await asked(people)
    with pytest.raises(Conflict, match="已经提交过"):
        await enter("U1", people["two"].id)
    with pytest.raises(Forbidden):
        await withdraw(request, people["two"])
    await withdraw(request, people["one"])
    await reject(await asked(people), "材料不全", people["two"])
    assert (await entered(), sorted(one.state for one in await requests())) == (0, ["rejected", "withdrawn"])


async def test_what_gives_its_result_to_the_asker_is_granted_once(people: People) -> None:
    one, two = people["one"], people["two"]
    with pytest.raises(Awaiting):
        await pass_once(Act.EXPORT_RECORDS, "member", "党员表", one.id)
    (request,) = await requests()
    assert await approve(request.id, "同意", two, ACTS) == "granted"
    with pytest.raises(Awaiting):
        await pass_once(Act.EXPORT_RECORDS, "member", "党员表", two.id)  # granted to the other one
    await pass_once(Act.EXPORT_RECORDS, "member", "党员表", one.id)
    with pytest.raises(Conflict):
        await pass_once(Act.EXPORT_RECORDS, "member", "党员表", one.id)  # used up; two's request waits


async def test_switching_it_off_needs_a_second_person_too(people: People) -> None:
    assert await needed(Act.CHANGE_SECOND_PERSON)
    with pytest.raises(Awaiting):
        await choose([], people["one"].id)
    assert len(await chosen()) == 2
    (request,) = await requests()
    await approve(request.id, "同意", people["two"], ACTS)
    assert (await chosen(), await needed(Act.CHANGE_SECOND_PERSON)) == (frozenset(), False)
    await choose(["reopen_period"], people["one"].id)
    assert await chosen() == {Act.REOPEN_PERIOD}
    with pytest.raises(Invalid):
        await choose(["everything"], people["one"].id)


async def test_jobs_and_acts_nobody_chose_are_not_held_up(people: People) -> None:
    async with guarded(Act.REOPEN_PERIOD, "p", "期间", {}, "", people["one"].id):
        await execute(FIRM, current_tenant(), new_id(), "U7")
    with acting(Actor("command")):
        assert await enter("U8", people["one"].id) == "U8"
    assert (await entered(), await requests()) == (2, [])


async def test_asking_and_deciding_are_in_the_log(people: People) -> None:
    await approve(await asked(people), "同意", people["two"], ACTS)
    rows = await fetch(
        "select event, success, details from audit_entry where tenant_id = $1"
        " and event like 'approval%' order by seq",
        current_tenant(),
    )
    assert [tuple(row.values()) for row in rows] == [
        ("approval_asked", True, '{"kind":"publish_rules"}'),
        ("approval_decided", True, '{"state":"done"}'),
    ]


async def test_what_a_disabled_person_asked_for_is_not_done_but_may_be_rejected(people: People) -> None:
    request = await asked(people)
    await disable(people["one"].id, people["two"])
    with pytest.raises(Conflict, match="提交人的账号已经停用，不能批准"):
        await approve(request, "同意", people["two"], ACTS)
    assert (await entered(), await state_of(request)) == (0, "waiting")
    await reject(request, "提交人已离任", people["two"])
    assert await state_of(request) == "rejected"
