"""A district in PostgreSQL for the service bench: roster and rules by the services, facts by SQL.

Everything comes from hashes of row numbers, so it is the same in every run; nobody in it exists.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import polars as pl

from jiceng.facts.rows.checking import handed_in
from jiceng.facts.service import register
from jiceng.kernel.database import bulk_insert, execute, transaction
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import Member, Membership, MemberState, Organization, OrganizationState
from jiceng.schemes.service import adopt
from jiceng_sdk.rulebook import Fact, read_rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

BOOK = Path(__file__).parents[1] / "engine" / "book.toml"
KEY = "bench"
YEAR = 2026
BEGINNING = date(2020, 1, 1)
PER_SUBJECT = {
    "meeting": 8, "training": 1.5, "article": 1, "lecture": 1, "duty": 3, "volunteer": 5, "praise": 1,
    "breach": 1, "claim": 2, "login": 10, "visit": 2, "study": 4, "vote": 10,
}  # fmt: skip
"""Events of each kind for one subject; single values come on top: 7 for each."""
BELOW = {
    "minutes": 60,
    "days": 60,
    "hours": 12,
    "deduct": 30,
    "base_": 80,
    "target": 90,
    "done": 100,
    "sat": 100,
}
BRANCHES = 500
SCALE = 1_000_000


def book_text() -> str:
    """The rulebook of the engine's bench, reading attributes that the roster has."""
    text = BOOK.read_text(encoding="utf-8")
    text = text.replace("township", "town").replace("kind == 'retired'", "category == '特殊群体'")
    options = '["社区", "农村", "两新", "机关(学校)", "特殊群体"]'
    old = 'kind     = { kind = "choice", options = ["full", "probationary", "retired"], source = "roster" }'
    return text.replace(old, f'category = {{ kind = "choice", options = {options}, source = "roster" }}')


async def seeded(size: int, url: str) -> int:
    """Fill the current tenant with so many members and all their facts; returns the number of facts.

    `url`: the superuser's, who writes facts on the server past triggers and indexes.
    """
    people = await _roster(size)
    book = read_rulebook(book_text(), "bench.toml")
    await adopt(KEY, toml=book_text(), in_force_from=date(YEAR, 1, 1), reason="测量")
    async with transaction():
        kinds = {name: await register(KEY, name, fact) for name, fact in handed_in(book).items()}
    connection = await asyncpg.connect(url)
    try:
        return await _facts(connection, people, {name: (kinds[name], book.facts[name]) for name in kinds})
    finally:
        await connection.close()


async def _roster(size: int) -> list[str]:
    top, people = str(new_id()), [str(new_id()) for _ in range(size)]
    branches = [str(new_id()) for _ in range(BRANCHES)]
    async with transaction():
        numbers = ["O", *(f"O{n:04}" for n in range(BRANCHES))]
        await bulk_insert(Organization, pl.DataFrame({"id": [top, *branches], "number": numbers}))
        places = {
            "name": ["区委", *(f"第{n}支部" for n in range(BRANCHES))],
            "kind": ["党委", *["党支部"] * BRANCHES],
        }
        states = {
            "organization": [top, *branches],
            "parent": [None, *[top] * BRANCHES],
            "field": ["社区"] * (BRANCHES + 1),
        }
        await bulk_insert(
            OrganizationState, pl.DataFrame(states | places).with_columns(pl.lit(BEGINNING).alias("since"))
        )
    categories = ("社区", "农村", "两新", "机关(学校)", "特殊群体")
    who = {"member": people, "category": [categories[n % 5] for n in range(size)], "state": ["正式"] * size}
    async with transaction():
        await execute("discard plans")
        await bulk_insert(
            Member,
            pl.DataFrame(
                {
                    "id": people,
                    "number": [f"D{n:07}" for n in range(size)],
                    "name": [f"党员{n}" for n in range(size)],
                }
            ),
        )
        plain = {name: [False] * size for name in ("dual", "mobile", "worker")}
        await bulk_insert(
            MemberState, pl.DataFrame(who | plain).with_columns(pl.lit(BEGINNING).alias("since"))
        )
        homes = [branches[n % BRANCHES] for n in range(size)]
        await bulk_insert(
            Membership,
            pl.DataFrame({"member": people, "organization": homes}).with_columns(
                pl.lit(BEGINNING).alias("since")
            ),
        )
    return people


async def _facts(connection: Any, people: list[str], kinds: dict[str, tuple[Any, Fact]]) -> int:
    tenant = await connection.fetchval("select tenant_id from scheme where key = $1", KEY)
    await connection.execute("set session_replication_role = replica")
    await connection.execute("create temp table who (n int primary key, id uuid)")
    await connection.execute(
        "insert into who select n - 1, id from unnest($1::uuid[]) with ordinality x(id, n)", people
    )
    batch = new_id()
    first = next(iter(kinds.values()))[0].id
    await connection.execute(
        "insert into fact_batch (tenant_id, id, kind, number, source, rows, by, at) "
        "values ($1, $2, $3, 1, '测量', 0, null, now())",
        tenant,
        batch,
        first,
    )
    seq = 0
    for name, (info, fact) in kinds.items():
        count = int(len(people) * PER_SUBJECT[name]) if fact.rows else len(people)
        await connection.execute(_insert(name, fact, count, len(people), seq), tenant, info.id, batch)
        seq += count
    await connection.execute(
        "insert into counter (tenant_id, id, name, value) values ($1, gen_random_uuid(), 'facts', $2)",
        tenant,
        seq,
    )
    await connection.execute("analyze fact")
    return seq


def _insert(fact_name: str, fact: Fact, count: int, people: int, seq: int) -> str:
    """One INSERT that makes every fact of a kind; columns in the order of the layout."""
    fields: Mapping[str, Any] = fact.fields if fact.rows else {"value": fact}
    numbers = [
        _number(fact_name if name == "value" else name, part.kind)
        for name, part in fields.items()
        if part.kind in ("number", "flag")
    ]
    if fact.kind == "ballot":
        numbers.append(str(SCALE))
    words = [
        _word(n, part.options) for n, part in enumerate(fields.values()) if part.kind in ("choice", "text")
    ]
    subject = f"(hashint8(g + {seq}) & 2147483647) % {people}" if fact.rows else "g"
    return f"""
      insert into fact (tenant_id, id, seq, kind, subject, occurred, numbers, words, corrects, withdrawn,
        batch)
      select $1, gen_random_uuid(), {seq} + g + 1, $2, who.id,
        date '{YEAR}-01-01' + (hashint8(g * 7 + {seq}) & 2147483647) % 320,
        array[{", ".join(numbers)}]::bigint[], array[{", ".join(words)}]::text[], null, false, $3
      from generate_series(0, {count - 1}) g join who on who.n = {subject}
    """  # noqa: S608 - numbers made above


def _number(name: str, kind: str) -> str:
    if kind == "flag":
        return "((hashint8(g * 13) & 2147483647) % 4 = 0)::int"
    return f"((hashint8(g * 11) & 2147483647) % {BELOW[name]})::bigint * {SCALE}"


def _word(n: int, options: tuple[str, ...]) -> str:
    known = ", ".join(f"'{word}'" for word in (options or [f"件{m}" for m in range(40)]))
    many = len(options) or 40
    return f"(array[{known}])[1 + (hashint8(g * {17 + n}) & 2147483647) % {many}]"
