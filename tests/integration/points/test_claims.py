"""The life of a claim against the database: places, deadlines, who may verify, what becomes a fact."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import structs
from tests.support.appraisal import People, small_town, with_points
from tests.support.points import (
    CLERK,
    REVIEWER,
    SECRETARY,
    VERIFIER,
    claimed_by,
    on_shelf,
    pieces,
    reported,
    state_of,
    verified,
)
from tests.support.sample_files import png

from jiceng.accounts.scope import EVERYTHING, looking
from jiceng.facts.queries import count, of_subject
from jiceng.kernel import clock
from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from jiceng.kernel.files import keep_files_in, stored
from jiceng.kernel.ids import new_id
from jiceng.kernel.moves import IllegalMove
from jiceng.kernel.settings import Settings
from jiceng.schemes.periods.closing import close, reopen
from jiceng.schemes.periods.opening import open_period
from jiceng_points.claims import queries, service, verifying
from jiceng_points.claims.life import State
from jiceng_points.claims.schemas import ClaimFilter, Proof
from jiceng_points.ledger.queries import balance
from jiceng_points.people import claimers
from jiceng_points.people.schemas import Actor
from jiceng_points.rhythm import posting
from jiceng_points.rhythm.service import close_year
from jiceng_points.shelf import queries as shelf
from jiceng_points.shelf.service import take_off


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[People]:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        yield people


async def test_a_claim_is_made_reported_verified_and_counts_once_as_a_fact(people: People) -> None:
    made = await verified(people["D001"], await on_shelf())
    assert await state_of(made) == "verified"
    assert await posting.post_claims() == (1, 0)
    assert await posting.post_claims() == (0, 0)
    (fact,) = await of_subject(UUID(people["D001"]))
    assert (
        fact.kind,
        fact.fields["item"],
        fact.fields["worth"],
        fact.fields["stage"],
        fact.fields["number"],
    ) == (
        "claim",
        "ZX01 看望独居老人",
        "10",
        "已核验",
        "1",
    )
    assert fact.evidence == "上门看望，陪同就医"
    assert await balance(UUID(people["D001"])) == Decimal("10.00")


async def test_a_verification_taken_back_withdraws_the_fact_and_the_points(people: People) -> None:
    made = await verified(people["D001"], await on_shelf())
    await posting.post_claims()
    await verifying.revoke(made, "回访时对方说没有去", by=REVIEWER)
    assert await posting.post_claims() == (0, 1)
    facts = await of_subject(UUID(people["D001"]))
    assert sorted(fact.state for fact in facts) == ["corrected", "withdrawn"]
    assert await balance(UUID(people["D001"])) == Decimal(0)
    await service.complete(made, Proof(today(), "重新上门"), by=SECRETARY)
    await verifying.verify([made], by=VERIFIER)
    assert await posting.post_claims() == (1, 0)
    assert await balance(UUID(people["D001"])) == Decimal("10.00")
    assert await count("points", "claim") == 1


async def test_of_two_who_want_the_last_place_at_once_one_gets_it(people: People) -> None:
    item = await on_shelf(capacity=1)
    claims = (claimed_by(people["D001"], item), claimed_by(people["D002"], item))
    made = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["Conflict", "UUID"]
    assert (await shelf.item(item)).taken == 1


async def test_a_place_given_back_can_be_claimed_again(people: People) -> None:
    item = await on_shelf(capacity=1)
    first = await claimed_by(people["D001"], item)
    with pytest.raises(Conflict, match="名额已满"):
        await claimed_by(people["D002"], item)
    await service.withdraw(first, by=SECRETARY)
    assert await state_of(first) == "withdrawn"
    await claimed_by(people["D002"], item)
    assert (await shelf.item(item)).taken == 1


async def test_the_same_member_claims_an_item_as_often_as_it_says(people: People) -> None:
    item = await on_shelf(times=2)
    await claimed_by(people["D001"], item)
    await claimed_by(people["D001"], item)
    with pytest.raises(Conflict, match="一年可认领 2 次，已认领 2 次"):
        await claimed_by(people["D001"], item)


async def test_a_member_at_two_windows_at_once_claims_an_item_once(people: People) -> None:
    item = await on_shelf()
    claims = (claimed_by(people["D001"], item), claimed_by(people["D001"], item))
    made = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["Conflict", "UUID"]


async def test_after_the_deadline_and_before_the_first_day_nothing_can_be_claimed(people: People) -> None:
    day = today()
    over = await on_shelf("ZX02", opens=day - timedelta(days=20), deadline=day - timedelta(days=1))
    later = await on_shelf("ZX03", opens=day + timedelta(days=1))
    for item, words in ((over, "截止"), (later, "才能认领")):
        with pytest.raises(Conflict, match=words):
            await claimed_by(people["D001"], item)


async def test_an_item_off_the_shelf_meant_for_others_or_unreviewed_is_refused(people: People) -> None:
    assert REVIEWER.account is not None
    off = await on_shelf("ZX04")
    await take_off(off, "活动取消", by=REVIEWER.account)
    with pytest.raises(Conflict, match="下架"):
        await claimed_by(people["D001"], off)
    with pytest.raises(Refusal, match="只由组织认领"):
        await claimed_by(people["D001"], await on_shelf("ZX05", side="组织"))
    with pytest.raises(Refusal, match="只适用于：两新"):
        await claimed_by(people["D001"], await on_shelf("ZX06", categories=("两新",)))


async def test_another_tenants_item_is_like_an_absent_one(
    two_tenants: tuple[int, int], people: People
) -> None:
    with tenant_scope(two_tenants[1]):
        await with_points()
        foreign = await on_shelf()
    with pytest.raises(NotFound) as refused:
        await claimed_by(people["D001"], foreign)
    with pytest.raises(NotFound) as absent:
        await claimed_by(people["D001"], UUID(int=7))
    assert str(refused.value) == str(absent.value)


async def test_who_claimed_reported_or_did_it_cannot_verify_it(people: People) -> None:
    made = await reported(people["D001"], await on_shelf())
    for by in (SECRETARY, Actor(CLERK.account, UUID(people["D001"]))):
        with pytest.raises(Invalid, match="由另一个人核验"):
            await verifying.verify([made], by=by)
        with pytest.raises(Forbidden):
            await verifying.reject(made, "没有这回事", by=by)
    assert await state_of(made) == "done"


async def test_many_are_verified_together_or_none_of_them(people: People) -> None:
    item = await on_shelf(times=3)
    good = [await reported(people[number], item) for number in ("D001", "D002")]
    bad = await claimed_by(people["D003"], item)
    with pytest.raises(Invalid, match="第 3 号已认领，不能核验"):
        await verifying.verify([*good, bad], by=VERIFIER)
    assert {await state_of(one) for one in good} == {"done"}
    assert await verifying.verify(good, by=VERIFIER) == 2


async def test_what_was_sent_back_is_reported_again_with_the_reason_known(people: People) -> None:
    made = await reported(people["D001"], await on_shelf())
    with pytest.raises(Invalid, match="理由"):
        await verifying.reject(made, "  ", by=VERIFIER)
    await verifying.reject(made, "没有写清去了哪家", by=VERIFIER)
    found = await queries.claim(made)
    assert (found.state, found.reason) == (State.REJECTED, "没有写清去了哪家")
    await service.complete(made, Proof(today(), "看望 3 号楼张奶奶"), by=SECRETARY)
    assert [move.after for move in await queries.moves(made)] == ["claimed", "done", "rejected", "done"]


async def test_a_proof_is_a_sentence_of_a_day_that_was(people: People) -> None:
    made = await claimed_by(people["D001"], await on_shelf())
    with pytest.raises(Invalid) as refused:
        await service.complete(made, Proof(today() + timedelta(days=1), " "), by=SECRETARY)
    assert refused.value.faults == ("请用一句话写明做了什么", "完成日期不能晚于今天")
    assert await state_of(made) == "claimed"


async def test_a_file_is_checked_by_content_and_a_wrong_one_keeps_nothing(
    people: People, database: Settings, tmp_path: Path
) -> None:
    keep_files_in(structs.replace(database, data_dir=tmp_path))
    made = await claimed_by(people["D001"], await on_shelf())
    wrong = Proof(today(), "见附件", "照片.png", pieces(b"MZ\x90\x00 not a picture"))
    with pytest.raises(Refusal) as refused:
        await service.complete(made, wrong, by=SECRETARY)
    assert refused.value.status == 415
    assert await state_of(made) == "claimed"
    await service.complete(made, Proof(today(), "见附件", "照片.png", pieces(png())), by=SECRETARY)
    kept = (await queries.claim(made)).file
    assert kept is not None
    assert (await stored(kept)).media_type == "image/png"


async def test_moves_that_do_not_exist_are_refused_with_those_that_do(people: People) -> None:
    made = await claimed_by(people["D001"], await on_shelf())
    with pytest.raises(IllegalMove, match=r"已认领，不能退回.*现在可以：报完成、撤回"):
        await verifying.reject(made, "早了", by=VERIFIER)
    done = await verified(people["D002"], await on_shelf("ZX09"))
    with pytest.raises(IllegalMove, match=r"已核验，不能撤回"):
        await service.withdraw(done, by=SECRETARY)


async def test_an_organization_claims_for_itself(people: People) -> None:
    del people
    made = await service.claim(await on_shelf(side="组织"), await claimers.by_number("O2"), by=SECRETARY)
    (row,) = await queries.claims(ClaimFilter(year=today().year))
    assert (row.id, row.member, row.who) == (made, None, "东街党支部")


async def test_the_database_itself_refuses_a_claim_verified_by_its_claimer(people: People) -> None:
    made = await reported(people["D001"], await on_shelf())
    with pytest.raises(Exception, match="points_claim_by_another"):
        await fetch_value(
            "update points_claim set state = 'verified', verified_by = $1, verified_on = current_date"
            " where id = $2 returning id",
            *(SECRETARY.account, made),
        )


async def test_claims_of_a_member_labelled_higher_than_who_looks_are_as_if_absent(people: People) -> None:
    made = await claimed_by(people["D001"], await on_shelf())
    await execute("update member set sensitivity = 2 where id = $1", UUID(people["D001"]))
    with looking(EVERYTHING, "viewer"):
        assert await queries.claims(ClaimFilter(year=today().year)) == []
        with pytest.raises(NotFound):
            await queries.claim(made)
        with pytest.raises(NotFound):
            await claimers.by_number("D001")
    with looking(EVERYTHING, "tenant_admin"):
        assert (await queries.claim(made)).who == "党员D001"


async def test_a_claim_of_a_closed_year_holds_up_no_other(people: People) -> None:
    with clock.showing(datetime(2026, 12, 28, 2, tzinfo=UTC)):
        old, stays = await on_shelf("ZX01"), await on_shelf("ZX02")
        waits = await reported(people["D001"], old)
        posted = await verified(people["D002"], old)
        await verified(people["D003"], stays)
        assert await posting.post_claims() == (2, 0)
        year = await open_period("year", today())
    with clock.showing(datetime(2027, 3, 1, 2, tzinfo=UTC)):
        await close(year.id, "归档", by=None)
        await verifying.verify([waits], by=VERIFIER)
        await verifying.revoke(posted, "回访时对方说没有去", by=REVIEWER)
        await verified(people["D001"], await on_shelf("ZX03"))
        assert await posting.post_claims() == (1, 0)
        assert await posting.post_claims() == (0, 0)
        await reopen(year.id, "补录", None, by=None)
        assert await posting.post_claims() == (1, 1)


async def test_a_labelled_members_claims_count_whoever_ends_the_year(people: People) -> None:
    member = UUID(people["D001"])
    made = await reported(people["D001"], await on_shelf())
    await execute("update member set sensitivity = 2 where id = $1", member)
    with looking(EVERYTHING, "clerk"), pytest.raises(NotFound):
        await verifying.verify([made], by=VERIFIER)
    await verifying.verify([made], by=VERIFIER)
    with looking(EVERYTHING, "clerk"):
        await close_year(today().year, by=new_id())
    assert [fact.kind for fact in await of_subject(member)] == ["claim"]
