"""Members as columns: one array per attribute; a district is read without an object per person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.kernel.database import current_tenant, fetch_row
from jiceng.roster import sql

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from jiceng.roster.schemas import OrganizationRow

_READ = {
    "subject": "id::text",
    "number": "number",
    "name": "name",
    "sex": "sex",
    "birth_year": "birth_year",
    "education": "education",
    "joined": "joined",
    "category": "category",
    "state": "state",
    "employment": "employment",
    "dual": "dual",
    "mobile": "mobile",
    "worker": "worker",
    "organization": "organization::text",
}
_PLACED = ("organization_number", "organization_name", "field", "town")
_RETIRED = "离退休"


async def member_columns(
    at: dt.date, tree: Sequence[OrganizationRow], columns: Mapping[str, Any]
) -> pl.DataFrame:
    """Every member who belongs to an organization on the day, by number; `columns` are names and types."""
    arrays = ", ".join(f"array_agg(m.{read}) as {name}" for name, read in _READ.items())
    statement = f"select {arrays} from ({sql.MEMBERS}) m"  # noqa: S608 - constants
    row = await fetch_row(statement, current_tenant(), at)
    frame = pl.DataFrame({name: pl.Series(name, row[name] or [], columns[name]) for name in _READ})
    placed = frame.join(_places(tree), on="organization", how="left", maintain_order="left")
    retired = pl.col("employment").eq_missing(pl.lit(_RETIRED)).alias("retired")
    return placed.with_columns(retired).select(list(columns)).sort("number")


def _places(tree: Sequence[OrganizationRow]) -> pl.DataFrame:
    rows = [(str(place.id), place.number, place.name, place.field, place.town) for place in tree]
    schema = dict.fromkeys(("organization", *_PLACED), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")
