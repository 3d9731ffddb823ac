"""Reads of the roster as of a day: the tree, who belongs where, the subjects of an appraisal."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import polars as pl

from jiceng.accounts.fields import readable_here
from jiceng.accounts.labels import cleared
from jiceng.kernel.database import current_tenant, fetch, fetch_value
from jiceng.roster import sql
from jiceng.roster.columns import member_columns
from jiceng.roster.schemas import Counts, MemberRow, OrganizationRow, UnitRow
from jiceng.roster.sealing import with_reasons
from jiceng.roster.sight import seen_arguments, sight

SubjectKind = Literal["member", "organization", "enterprise", "project"]


async def organizations(at: dt.date) -> list[OrganizationRow]:
    """The organizations on the day that may be seen here, in tree order; for pages."""
    tree, seen = await whole_tree(at), await sight(at)
    return tree if seen is None else [row for row in tree if row.id in seen.places]


async def whole_tree(at: dt.date) -> list[OrganizationRow]:
    """Every organization there is on the day, in tree order (each after its superior, by number).

    For computing; whoever shows organizations to somebody asks for `organizations`.
    """
    rows = [OrganizationRow(**row) for row in await fetch(sql.ORGANIZATIONS, current_tenant(), at)]
    return _in_tree_order(rows)


def _in_tree_order(rows: Sequence[OrganizationRow]) -> list[OrganizationRow]:
    known = {row.id for row in rows}
    below: dict[UUID | None, list[OrganizationRow]] = {}
    for row in rows:
        below.setdefault(row.parent if row.parent in known else None, []).append(row)
    ordered: list[OrganizationRow] = []
    open_rows = [(row, 0, "") for row in reversed(below.get(None, []))]
    while open_rows:
        row, depth, town = open_rows.pop()
        town = row.short_name or row.name if depth == 1 else town
        ordered.append(row.placed(depth, town))
        open_rows += [(child, depth + 1, town) for child in reversed(below.get(row.id, []))]
    return ordered


async def members(at: dt.date) -> list[MemberRow]:
    """The members of an organization on the day who may be seen here, by number."""
    return await _members(at, *await seen_arguments(at))


async def _members(at: dt.date, *seen: Any) -> list[MemberRow]:  # noqa: ANN401 - SQL arguments
    rows = await fetch(
        f"{sql.MEMBERS} {sql.SEEN_MEMBERS} {cleared('m')} order by m.number", current_tenant(), at, *seen
    )
    fields = readable_here()
    return await with_reasons(MemberRow.seen(row, fields) for row in rows)


async def units(at: dt.date) -> list[UnitRow]:
    """The enterprises and other units that may be seen here, as they are on the day, by number."""
    return await _units(at, *await seen_arguments(at))


async def _units(at: dt.date, *seen: Any) -> list[UnitRow]:  # noqa: ANN401 - SQL arguments
    rows = await fetch(f"{sql.UNITS} {sql.SEEN_UNITS} order by u.number", current_tenant(), at, *seen)
    return [UnitRow(**row) for row in rows]


async def first_day() -> dt.date | None:
    """The day of the oldest roster applied: what is told of earlier days is what was first known."""
    found: dt.date | None = await fetch_value(
        "select min(at) from roster_change where tenant_id = $1", current_tenant()
    )
    return found


async def descendants(organization: UUID, at: dt.date) -> list[UUID]:
    """The organization itself and all below it on the day."""
    return [row["id"] for row in await fetch(sql.DESCENDANTS, current_tenant(), at, organization)]


async def counts(at: dt.date) -> Counts:
    """How much may be seen here on the day, and how far organizations reach into enterprises."""
    seen = await sight(at)
    places = None if seen is None else list(seen.places)
    row = (await fetch(sql.COUNTS, current_tenant(), at, *await seen_arguments(at), places))[0]
    return Counts(**row)


async def names(ids: Collection[UUID]) -> dict[UUID, str]:
    """The latest names of members, organizations and units by id, seen or not: for labels of what is seen."""
    rows = await fetch(sql.NAMES, current_tenant(), list(ids))
    return {row["id"]: row["name"] for row in rows}


async def labelled_above(ids: Collection[UUID]) -> set[UUID]:
    """Those of these members that are labelled higher than the person at work is cleared for."""
    label = cleared("m")
    if not label:
        return set()
    rows = await fetch(sql.LABELLED_ABOVE.format(cleared=label), current_tenant(), list(ids))
    return {row["id"] for row in rows}


async def subject_name(subject: UUID, at: dt.date) -> str | None:
    """The name of a subject that may be seen here on the day; None for any other, there or not."""
    seen = await seen_arguments(at)
    found: str | None = await fetch_value(
        sql.SUBJECT_NAME.format(cleared=cleared("m")), current_tenant(), subject, *seen, at
    )
    return found


async def subject_numbers(kind: SubjectKind, at: dt.date, *, everybody: bool = False) -> dict[str, str]:
    """The id (as text) of every subject that may be seen here (or of `everybody`) by its number.

    For whoever sees all, those who left before the day are in it too: a fact of the year may be about them.
    """
    table = "unit" if kind == "enterprise" else kind
    seen = (None, None) if everybody else await seen_arguments(at)
    statement = sql.NUMBERS[table].format(cleared="" if everybody else cleared("m"))
    rows = await fetch(statement, current_tenant(), *seen, at)
    return {row["number"]: str(row["id"]) for row in rows}


async def subject_frame(kind: SubjectKind, at: dt.date) -> pl.DataFrame:
    """One row per subject of the kind on the day, seen or not: `subject` (id as text) and its attributes."""
    places = await whole_tree(at)
    if kind == "member":
        return await member_columns(at, places, MEMBER_COLUMNS)
    tree = {row.id: row for row in places}
    if kind == "organization":
        held = {row["organization"]: row["held"] for row in await fetch(sql.HELD, current_tenant(), at)}
        return _frame([_organization(row, tree, held) for row in tree.values()], ORGANIZATION_COLUMNS)
    if kind == "project":
        rows = await fetch(sql.PROJECTS, current_tenant(), at)
        return _frame([_project(row, tree) for row in rows], PROJECT_COLUMNS)
    return _frame([_unit(row, tree) for row in await _units(at, None, None)], UNIT_COLUMNS)


MEMBER_COLUMNS: Mapping[str, Any] = {
    "subject": pl.Utf8,
    "number": pl.Utf8,
    "name": pl.Utf8,
    "sex": pl.Utf8,
    "birth_year": pl.Int64,
    "education": pl.Utf8,
    "joined": pl.Date,
    "category": pl.Utf8,
    "state": pl.Utf8,
    "employment": pl.Utf8,
    "dual": pl.Boolean,
    "mobile": pl.Boolean,
    "worker": pl.Boolean,
    "retired": pl.Boolean,
    "organization": pl.Utf8,
    "organization_number": pl.Utf8,
    "organization_name": pl.Utf8,
    "field": pl.Utf8,
    "town": pl.Utf8,
}
ORGANIZATION_COLUMNS: Mapping[str, Any] = {
    "subject": pl.Utf8,
    "number": pl.Utf8,
    "name": pl.Utf8,
    "kind": pl.Utf8,
    "field": pl.Utf8,
    "founded": pl.Date,
    "members": pl.Int64,
    "organization": pl.Utf8,
    "organization_name": pl.Utf8,
    "town": pl.Utf8,
}
UNIT_COLUMNS: Mapping[str, Any] = {
    "subject": pl.Utf8,
    "number": pl.Utf8,
    "name": pl.Utf8,
    "kind": pl.Utf8,
    "employees": pl.Int64,
    "should_have": pl.Boolean,
    "coverage": pl.Utf8,
    "organization": pl.Utf8,
    "organization_name": pl.Utf8,
    "town": pl.Utf8,
}


PROJECT_COLUMNS: Mapping[str, Any] = {
    "subject": pl.Utf8,
    "number": pl.Utf8,
    "name": pl.Utf8,
    "kind": pl.Utf8,
    "organization": pl.Utf8,
    "organization_name": pl.Utf8,
    "town": pl.Utf8,
}


def _frame(rows: Sequence[tuple[Any, ...]], columns: Mapping[str, Any]) -> pl.DataFrame:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pl.DataFrame(
        {
            name: pl.Series(name, list(column), kind)
            for (name, kind), column in zip(columns.items(), values, strict=True)
        }
    )


def _organization(
    row: OrganizationRow, tree: Mapping[UUID, OrganizationRow], held: Mapping[UUID, int]
) -> tuple[Any, ...]:
    above = tree.get(row.parent) if row.parent else None
    parent = (str(above.id), above.name) if above else (None, None)
    return (
        str(row.id),
        row.number,
        row.name,
        row.kind,
        row.field,
        row.founded,
        held.get(row.id, 0),
        *parent,
        row.town,
    )


def _unit(row: UnitRow, tree: Mapping[UUID, OrganizationRow]) -> tuple[Any, ...]:
    where = _place(row.organization, tree)
    return str(row.id), row.number, row.name, row.kind, row.employees, row.should_have, row.coverage, *where


def _project(row: Mapping[str, Any], tree: Mapping[UUID, OrganizationRow]) -> tuple[Any, ...]:
    return str(row["id"]), row["number"], row["name"], row["kind"], *_place(row["organization"], tree)


def _place(
    organization: UUID | None, tree: Mapping[UUID, OrganizationRow]
) -> tuple[str | None, str | None, str | None]:
    place = tree.get(organization) if organization else None
    return (str(place.id), place.name, place.town) if place else (None, None, None)
