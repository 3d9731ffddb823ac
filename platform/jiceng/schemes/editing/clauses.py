"""Clauses of a regulation and the rules that stand for them; clauses without rule, rules without clause."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.ids import new_id
from jiceng.schemes import queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from jiceng_sdk.rulebook import Rulebook

_CLAUSES = """
select c.document, c.article, c.words from clause c
join scheme s on s.tenant_id = c.tenant_id and s.id = c.scheme
where c.tenant_id = $1 and s.key = $2 order by c.place
"""
_ADD = """
insert into clause (tenant_id, id, scheme, place, document, article, words)
select $1, c.id, $2, c.place, c.document, c.article, c.words
from unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) with ordinality
  as c (id, document, article, words, place)
"""
MOST = 300
LONGEST = {"document": ("文号", 120), "article": ("条款", 60), "words": ("内容", 500)}


class ClauseRow(NamedTuple):
    """One clause: document number (may be empty), article, what it says."""

    document: str
    article: str
    words: str


class Rule(NamedTuple):
    """A part of a rulebook that may cite a clause: its kind in words, title, what it cites."""

    kind: str
    title: str
    cites: str


class Mapped(NamedTuple):
    """Each clause with its rules; rules that cite nothing, and those that cite no clause of the table."""

    clauses: list[tuple[ClauseRow, list[Rule]]]
    silent: list[Rule]
    unknown: list[Rule]

    @property
    def without_rule(self) -> int:
        """How many clauses no rule stands for."""
        return sum(not rules for _, rules in self.clauses)


async def clauses(key: str) -> list[ClauseRow]:
    """The scheme's clauses in their order."""
    return [
        ClauseRow(row["document"], row["article"], row["words"])
        for row in await fetch(_CLAUSES, current_tenant(), key)
    ]


async def keep(key: str, rows: Sequence[ClauseRow], seen: str) -> None:
    """Replace the scheme's clauses; `seen` is the digest of those that were looked at.

    Raises NotFound, Invalid with every fault, Conflict when somebody else changed them meanwhile.
    """
    if found := _faults(rows):
        raise Invalid(found, "条款表没有保存", where="条款表")
    scheme = await queries.scheme(key)
    async with joined():
        await execute(
            "select 1 from scheme where tenant_id = $1 and id = $2 for update", current_tenant(), scheme.id
        )
        if seen != digest(await clauses(key)):
            raise Conflict("条款表刚被别人改过，没有保存", todo_zh="请返回看一遍新的条款表再改")
        await execute("delete from clause where tenant_id = $1 and scheme = $2", current_tenant(), scheme.id)
        cells = [[row[n] for row in rows] for n in range(len(ClauseRow._fields))]
        await execute(_ADD, current_tenant(), scheme.id, [new_id() for _ in rows], *cells)
        record(Event.RULEBOOK_DRAFTED, ("scheme", scheme.id), scheme=key, kind="clauses", rows=len(rows))


def _faults(rows: Sequence[ClauseRow]) -> list[str]:
    found = [f"最多 {MOST} 条，现有 {len(rows)} 条"] if len(rows) > MOST else []
    for n, row in enumerate(rows, 1):
        if not row.article:
            found.append(f"第 {n} 条没有写条款（例如 第五条）：{(row.words or row.document)[:20]}")
        found += [
            f"第 {n} 条的{title}最多 {most} 字"
            for (title, most), text in zip(LONGEST.values(), row, strict=True)
            if len(text) > most
        ]
    return found


def digest(rows: Iterable[ClauseRow]) -> str:
    """Tells one table of clauses from another."""
    return hashlib.sha256("\n".join("\t".join(row) for row in rows).encode()).hexdigest()[:16]


def mapped(rows: Sequence[ClauseRow], book: Rulebook) -> Mapped:
    """Which rules stand for which clause. A rule cites a clause when its 条款 names the article."""
    rules = list(_rules(book))
    found = [(row, [rule for rule in rules if cites(rule.cites, row, rows)]) for row in rows]
    known = {rule for _, cited in found for rule in cited}
    return Mapped(
        found,
        [rule for rule in rules if not rule.cites],
        [rule for rule in rules if rule.cites and rule not in known],
    )


def cites(text: str, row: ClauseRow, rows: Iterable[ClauseRow]) -> bool:
    """Whether 「组发〔2024〕1 号第五条（一）」 names the clause; another document's article is not meant."""
    cited, article = _plain(text), _plain(row.article)
    if not article or re.search(rf"(?<![0-9.]){re.escape(article)}(?![0-9])", cited) is None:
        return False
    named = [_plain(one.document) for one in rows if one.document and _plain(one.document) in cited]
    return not named or _plain(row.document) in named


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).replace("(", "（").replace(")", "）")


def _rules(book: Rulebook) -> Iterator[Rule]:
    for kind, parts in (("项目", book.items), ("汇总", book.groups), ("用处", book.outputs)):
        for name, part in parts.items():
            inner = [row.clause for row in (*getattr(part, "steps", ()), *getattr(part, "checks", ()))]
            yield Rule(kind, part.title or name, " ".join(filter(None, [part.clause, *inner])))
    for n, decision in enumerate(book.decide, 1):
        inner = [row.clause for row in getattr(decision, "rows", ())]
        yield Rule("决定", decision.title or f"第 {n} 步", " ".join(filter(None, [decision.clause, *inner])))
