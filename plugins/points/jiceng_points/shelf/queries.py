"""Reads of the shelf: items, residents' needs, public forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.crypto import keyring
from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.api.pages import Page, nearest
from jiceng.api.roster import seen_arguments
from jiceng_points.shelf.schemas import FormRow, ItemRow, NeedRow
from jiceng_points.shelf.tables import CONTACT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng_points.shelf.schemas import ShelfFilter

PAGE = 50
_ITEM = """
select id, year, number, title, kind, source, side, categories, worth, capacity, taken, times,
  opens, deadline, place, proof, online, details, state, reason, owner, offered_by, entered_by
from points_item where tenant_id = $1
"""
_FILTERED = """
 and year = $2 and ($3 = '' or state = $3) and ($4 = '' or kind = $4)
 and ($5 = '' or side = $5 or side = '都可')
 and ($6 = '' or categories = '{}' or $6 = any(categories))
 and ($7 = '' or position($7 in title) > 0 or position($7 in number) > 0)
 and ($8::date is null or (opens <= $8 and deadline >= $8 and (capacity is null or taken < capacity)))
"""
_NEEDS = """
select n.id, n.number, n.what, n.contact, n.source, n.state, n.received, n.reason, n.erase_on, n.erased_at,
  n.organization, coalesce(s.short_name, s.name, '') as place
from points_need n
left join organization_state s
  on s.tenant_id = n.tenant_id and s.organization = n.organization and s.until is null
where n.tenant_id = $1 and ($2::uuid[] is null or n.organization = any($2))
"""
_FORMS = """
select f.id, f.organization, f.code, f.is_open, f.made_at, coalesce(s.short_name, s.name, '') as place
from points_need_form f
left join organization_state s
  on s.tenant_id = f.tenant_id and s.organization = f.organization and s.until is null
where f.tenant_id = $1 and ($2::uuid[] is null or f.organization = any($2))
"""


async def item(item_id: UUID) -> ItemRow:
    """One item, whatever its state; NotFound for an absent one and another tenant's alike."""
    row = await fetch_row(f"{_ITEM} and id = $2", current_tenant(), item_id)
    if row is None:
        raise NotFound("没有这个事项")
    return _item(row)


async def items(wanted: ShelfFilter, after: str = "", size: int = PAGE) -> list[ItemRow]:
    """Items in the order of their numbers, those after the number `after`, at most `size`."""
    rows = await fetch(
        f"{_ITEM}{_FILTERED} and number > $9 order by number limit $10",
        *(current_tenant(), wanted.year, wanted.state, wanted.kind, wanted.side, wanted.category),
        *(wanted.words.strip(), wanted.open_on, after, size),
    )
    return [_item(row) for row in rows]


async def counts(year: int) -> dict[tuple[str, str], int]:
    """How many items of the year there are, by kind and state."""
    rows = await fetch(
        "select kind, state, count(*) as n from points_item where tenant_id = $1 and year = $2 group by 1, 2",
        *(current_tenant(), year),
    )
    return {(row["kind"], row["state"]): row["n"] for row in rows}


async def needs(page: int = 1) -> Page[NeedRow]:
    """Residents' needs that may be seen here: those that wait for an answer first, newest first."""
    asked = (current_tenant(), await _places())
    total: int = await fetch_value(f"select count(*) from ({_NEEDS}) found", *asked)  # noqa: S608 - constants
    page = nearest(page, total, PAGE)
    rows = await fetch(
        f"{_NEEDS} order by n.state <> 'new', n.number desc limit $3 offset $4",
        *(*asked, PAGE, (page - 1) * PAGE),
    )
    return Page(await _opened(rows), total, page, PAGE)


async def need(need_id: UUID) -> NeedRow:
    """One need; NotFound when there is none."""
    row = await fetch_row(f"{_NEEDS} and n.id = $3", current_tenant(), await _places(), need_id)
    if row is None:
        raise NotFound("没有这条需求")
    return (await _opened([row]))[0]


async def forms() -> list[FormRow]:
    """Every public form, open ones first."""
    rows = await fetch(
        f"{_FORMS} order by f.is_open desc, f.made_at desc limit 500", current_tenant(), await _places()
    )
    return [FormRow(**dict(row)) for row in rows]


async def form(form_id: UUID) -> FormRow:
    """One public form; NotFound when there is none."""
    row = await fetch_row(f"{_FORMS} and f.id = $3", current_tenant(), await _places(), form_id)
    if row is None:
        raise NotFound("没有这个登记码")
    return FormRow(**dict(row))


async def open_form(code: str) -> FormRow:
    """The open form with the code; NotFound for a closed one and for none alike."""
    row = await fetch_row(f"{_FORMS} and f.code = $3 and f.is_open", current_tenant(), None, code)
    if row is None:
        raise NotFound("没有这个登记页", todo_zh="请向社区工作人员核对二维码")
    return FormRow(**dict(row))


async def _opened(rows: Sequence[Any]) -> list[NeedRow]:
    """Needs with their contacts in clear."""
    if not any(row["contact"] for row in rows):
        return [NeedRow(**dict(row)) for row in rows]
    keys = await keyring()
    return [
        NeedRow(**{**dict(row), "contact": keys.open(CONTACT, row["id"], row["contact"]) or ""})
        for row in rows
    ]


async def _places() -> Any:  # noqa: ANN401 - an argument for SQL
    """The organizations that may be seen here; None for all."""
    return (await seen_arguments(today()))[0]


def _item(row: Any) -> ItemRow:  # noqa: ANN401 - a database row
    return ItemRow(**{**dict(row), "categories": tuple(row["categories"])})
