"""Bands, steps, choices: does exactly one row fit every value? Gaps and overlaps must be declared."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from jiceng_sdk.expressions.tree import Among, Text
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import Fault, errors
from jiceng_sdk.rulebook.checks.probing import Probe
from jiceng_sdk.rulebook.checks.trying import Tried
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Bands, Item

MOST_SHOWN = 3


class Table(Struct, frozen=True, kw_only=True):
    """Rows of which one must fit; `only`: conditions that hold wherever the table is used."""

    path: str
    rows: tuple[Typed, ...]
    labels: tuple[str, ...]
    only: tuple[Typed, ...]
    gaps: bool
    overlaps: bool


def coverage(found: Analysis) -> Iterator[Fault]:
    """Faults of gaps and overlaps that are not declared; warnings of rows that never fit."""
    for table in _tables(found):
        yield from _check(found, table)


def _tables(found: Analysis) -> Iterator[Table]:
    for n, rule in enumerate(found.book.decide):
        if isinstance(rule, Bands) and rule.rows and (table := _bands(found, rule, f"decide[{n}]")):
            yield table
    for name, item in found.book.items.items():
        if item.steps and (table := _steps(found, item, f"items.{name}")):
            yield table
        if item.choice and name in found.scale:
            yield _choice(found, item, f"items.{name}", found.scale[name])


def _typed(found: Analysis, paths: Sequence[str]) -> tuple[Typed, ...] | None:
    rows = [found.formulas.get(path) for path in paths]
    return tuple(row for row in rows if row is not None) if None not in rows else None


def _limits(found: Analysis, path: str, *keys: str) -> tuple[Typed, ...]:
    limits = [found.formulas.get(f"{path}.{key}") for key in keys]
    return tuple(limit for limit in limits if limit is not None)


def _bands(found: Analysis, rule: Bands, path: str) -> Table | None:
    paths = [f"{path}.rows[{n}].when" for n in range(len(rule.rows))]
    if rule.below is not None:
        paths.append(f"{path}.below")
    rows = _typed(found, paths)
    if not rows:
        return None
    return Table(
        path=f"{path}.rows",
        rows=rows,
        labels=tuple(f"第 {n} 行" for n in range(1, len(rows) + 1)),
        only=_limits(found, path, "for"),
        gaps=rule.gaps == "ask",
        overlaps=rule.overlaps == "ask",
    )


def _steps(found: Analysis, item: Item, path: str) -> Table | None:
    rows = _typed(found, [f"{path}.steps[{n}].when" for n in range(len(item.steps))])
    if not rows:
        return None
    return Table(
        path=f"{path}.steps",
        rows=rows,
        labels=tuple(f"第 {n} 行" for n in range(1, len(rows) + 1)),
        only=_limits(found, path, "for", "when"),
        gaps=item.gaps == "ask",
        overlaps=item.overlaps == "ask",
    )


def _choice(found: Analysis, item: Item, path: str, read: Typed) -> Table:
    rows = []
    for word in item.choice:
        option = Typed(tree=Text(value=word), kind=read.kind, options=(word,))
        known = read.kind != "grade" or word in found.book.grades
        args = (read, option) if known else (read,)
        options = tuple(Text(value=word) for _ in args[1:])
        rows.append(Typed(tree=Among(item=read.tree, options=options), kind="flag", args=args))
    open_ = not read.options and read.kind == "text"
    return Table(
        path=f"{path}.choice",
        rows=tuple(rows),
        labels=tuple(item.choice),
        only=_limits(found, path, "for", "when"),
        gaps=open_ or item.gaps == "ask",
        overlaps=True,
    )


def _check(found: Analysis, table: Table) -> Iterator[Fault]:
    if _undated(table):
        return
    probe = Probe(found, [*table.rows], [*table.only])
    seen: dict[tuple[int, ...], dict[tuple[bool, ...], Tried]] = {}
    fitted: set[int] = set()
    for tried in probe.tries():
        if any(probe.trying.value(one, tried) is not True for one in table.only):
            continue
        values = [probe.trying.value(row, tried) for row in table.rows]
        if None in values:
            probe.complete = False
            continue
        hits = tuple(n for n, value in enumerate(values) if value)
        fitted |= {*hits}
        if len(hits) != 1:
            seen.setdefault(hits, {}).setdefault(probe.region(tried), tried)
    for hits, regions in seen.items():
        if not (table.overlaps if hits else table.gaps):
            yield _fault(table, hits, [_shown(found, probe, tried) for tried in regions.values()])
    if probe.complete and not errors(found.faults):
        yield from _idle(table, fitted)


def _undated(table: Table) -> bool:
    """Whether days of the calendar stand beside days of the period: which comes first differs from year to
    year.
    """
    parts = [part for row in (*table.rows, *table.only) for part in _parts(row)]
    written = any(part.kind == "date" and isinstance(part.tree, Text) for part in parts)
    return written and any(part.symbol is not None and part.symbol.origin == "period" for part in parts)


def _parts(typed: Typed) -> Iterator[Typed]:
    yield typed
    for arg in typed.args:
        yield from _parts(arg)


def _fault(table: Table, hits: tuple[int, ...], cases: list[str]) -> Fault:
    shown = "；".join(cases[:MOST_SHOWN]) + ("；等" if len(cases) > MOST_SHOWN else "")
    if not hits:
        zh = f'有缺口，没有一行适用：{shown}。请补一行，或写 gaps = "ask" 留待裁定'
        en = f'no row fits: {shown}; add a row, or declare gaps = "ask"'
        return Fault(zh=zh, en=en, path=table.path, code="gap")
    rows = "、".join(table.labels[n] for n in hits)
    zh = f'有重叠，{rows}同时适用：{shown}。请改界限，或写 overlaps = "ask" 留待裁定'
    en = f'{len(hits)} rows fit at once: {shown}; change the bounds, or declare overlaps = "ask"'
    return Fault(zh=zh, en=en, path=table.path, code="overlap")


def _idle(table: Table, fitted: set[int]) -> Iterator[Fault]:
    for n in range(len(table.rows)):
        if n not in fitted and table.path.endswith(("rows", "steps")):
            yield Fault(
                zh="这一行永远不会适用",
                en="this row can never fit",
                path=f"{table.path}[{n}]",
                code="unreachable",
                severity="warning",
            )


def _shown(found: Analysis, probe: Probe, tried: Tried) -> str:
    return "，".join(
        f"{name} = {_value(found, probe.kind(name), value)}" for name, value in sorted(tried.items())
    )


def _value(found: Analysis, kind: str, value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case Fraction() if kind == "date":
            return date.fromordinal(int(value)).isoformat()
        case Fraction() if kind == "grade":
            grades = found.book.grades
            return f"“{grades[len(grades) - int(value)]}”"
        case Fraction():
            return f"{float(value):.9f}".rstrip("0").rstrip(".")
        case _:
            return f"“{value}”"
