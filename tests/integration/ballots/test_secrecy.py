"""Who voted and what was voted: no join, moment, order, transaction, log or audit entry links the two."""

import logging
import re
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from tests.support.appraisal import small_town
from tests.support.balloting import one_party, tokens, votes

from jiceng.facts.ballots import counting, opening, stored
from jiceng.facts.ballots.tables import BallotEnvelope, BallotTally, BallotVoter
from jiceng.kernel.database import fetch, tenant_scope

VOTERS = 12


@pytest.fixture
async def voted(two_tenants: tuple[int, int]) -> AsyncIterator[tuple[UUID, UUID, list[str]]]:
    """Twelve people voted one after the other, in reverse order of the roll; choices in turns."""
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        ballot, party = await one_party(VOTERS, numbers=("D001", "D002"))
        slips = [await votes(token, n % 4) for n, token in enumerate(reversed(await tokens(party)))]
        yield ballot, party, slips


def columns(table: Any) -> dict[str, str]:
    """Name → type of the columns that say something: not the tenant, not the ballot both belong to."""
    return {
        column._meta.db_column_name: column.column_type
        for column in table._meta.columns
        if column._meta.db_column_name not in {"tenant_id", "ballot"}
    }


def test_the_tables_have_no_moment_and_no_key_to_each_other() -> None:
    roll, box, count = (columns(table) for table in (BallotVoter, BallotEnvelope, BallotTally))
    assert set(box) == {"id", "slip", "sealed"}
    assert set(box) & set(roll) == {"id"}
    for table in (roll, box, count):
        assert not any(kind.startswith(("TIME", "DATE")) for kind in table.values())
    assert not {"voter", "label", "person", "digest", "way", "place"} & (set(box) | set(count))


@pytest.mark.usefixtures("voted")
async def test_no_value_of_the_roll_stands_in_the_box(two_tenants: tuple[int, int]) -> None:
    rolls = await fetch("select id, digest from ballot_voter where tenant_id = $1", two_tenants[0])
    box = await fetch("select id, slip, sealed from ballot_envelope where tenant_id = $1", two_tenants[0])
    assert len(box) == len(rolls) == VOTERS
    known = {value if isinstance(value, bytes) else value.bytes for row in rolls for value in row}
    assert not known & {value if isinstance(value, bytes) else value.bytes for row in box for value in row}
    assert not any(one in bytes(row["sealed"]) for one in known for row in box)
    assert len({len(row["sealed"]) for row in box}) == 1


async def test_the_roll_shows_no_order_and_no_transaction_of_anybody(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        _, party = await one_party(VOTERS)
        links = await tokens(party)
        came = [11, 9, 7, 5, 3, 1]
        for place in came:
            await votes(links[place - 1], 0)
        seen = "select xmin::text, place, way from ballot_voter where tenant_id = $1 order by ctid"
        rows = await fetch(seen, two_tenants[0])
        assert len({row["xmin"] for row in rows}) == 1
        assert sorted(row["place"] for row in rows if row["way"]) == sorted(came)
        assert [row["place"] for row in rows if row["way"]] != came
        assert {row["place"] for row in rows[-len(came) :]} != set(came)
        box = await fetch("select xmin::text from ballot_envelope where tenant_id = $1", two_tenants[0])
        assert not {row["xmin"] for row in box} & {row["xmin"] for row in rows}


@pytest.mark.usefixtures("voted")
async def test_ids_in_the_box_are_random_and_tell_no_order(two_tenants: tuple[int, int]) -> None:
    rows = await fetch("select id from ballot_envelope where tenant_id = $1 order by ctid", two_tenants[0])
    ids = [row["id"] for row in rows]
    assert {one.version for one in ids} == {4}
    ups = sum(one < other for one, other in pairwise(ids))
    assert 0 < ups < VOTERS - 1  # in order by chance: once in 12! times


async def test_after_the_count_only_numbers_are_left(
    voted: tuple[UUID, UUID, list[str]], two_tenants: tuple[int, int]
) -> None:
    ballot, party, _ = voted
    await opening.close_ballot(ballot)
    await counting.count(ballot)
    assert await stored.envelopes(ballot) == 0
    assert await stored.seal_of(ballot) == b""
    seen = "select xmin::text, digest from ballot_voter where tenant_id = $1"
    rolls = await fetch(seen, two_tenants[0])
    assert len({row["xmin"] for row in rolls}) == 1
    assert {row["digest"] for row in rolls} == {None}
    tally = await fetch("select xmin::text, votes from ballot_tally where tenant_id = $1", two_tenants[0])
    assert len({row["xmin"] for row in tally}) == 1
    assert sorted({tuple(sorted(found.items())) for found in (await stored.tallies(ballot)).values()}) == [
        (("不合格", 3), ("优秀", 3), ("合格", 3), ("基本合格", 3))
    ]
    assert await stored.papers(ballot) == {party: VOTERS}


async def test_no_audit_entry_and_no_log_line_is_written_by_a_vote(
    two_tenants: tuple[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        _, party = await one_party(6)
        links = await tokens(party)
        entries = "select count(*) from audit_entry where tenant_id = $1"
        (before,) = (await fetch(entries, two_tenants[0]))[0]
        caplog.clear()
        slip = await votes(links[0], 3)
        (after,) = (await fetch(entries, two_tenants[0]))[0]
    assert after == before
    assert links[0] not in caplog.text
    assert slip not in caplog.text
    assert not re.search(r"ballot_(voter|envelope)", caplog.text)


async def test_no_table_was_touched_by_a_vote_but_the_roll_and_the_box(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    """Nothing else keeps a moment near which somebody voted: every other table has no newer row."""
    with tenant_scope(two_tenants[0]):
        await small_town(1)
        _, party = await one_party(6)
        links = await tokens(party)
        mark = int(await superuser.fetchval("select txid_current()"))
        await votes(links[0], 0)
    tables = await superuser.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    touched = set()
    for (name,) in tables:
        newest = await superuser.fetchval(f'select max(xmin::text::bigint) from "{name}"')  # noqa: S608 - from pg_class
        if newest is not None and newest > mark:
            touched.add(name)
    assert touched == {"ballot_voter", "ballot_envelope"}
