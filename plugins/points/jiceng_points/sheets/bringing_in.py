"""Brings the workbooks in: in bulk, inside the open transaction; a row that is there already counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.api import Invalid, today
from jiceng.api.database import (
    bulk_insert,
    current_tenant,
    execute,
    fetch,
    joined,
    new_id,
    next_block,
    one_at_a_time,
)
from jiceng.api.facts import submit_facts
from jiceng.api.hooks import Numbers
from jiceng.api.pages import Event, record
from jiceng.api.roster import subject_numbers
from jiceng_points.claims.sealing import sealed_rows
from jiceng_points.claims.tables import OWN_LIST, PROOF, REASON, PointsClaim, PointsOwnList
from jiceng_points.rhythm.posting import KIND, SCHEMES, post_all
from jiceng_points.rhythm.tables import GROUND, PointsAdjustment
from jiceng_points.sheets.reading import read_claims, read_shelf, state_named
from jiceng_points.shelf.service import PLUGIN
from jiceng_points.shelf.tables import PointsItem

if TYPE_CHECKING:
    from jiceng.api.files import Table

IMPORT = "points import"
"""Workbooks come in one at a time: the second sees what the first brought in."""
_OWN_LISTS = """
select member::text, year, max(turn) as turn, bool_or(state <> 'refused') as standing
from points_own_list where tenant_id = $1 group by member, year
"""
_HOMES = """
select member::text as member, organization::text as organization from (
  select distinct on (b.member) b.member, b.organization from membership b
  where b.tenant_id = $1 order by b.member, b.since desc) b
"""
_RECORDED = """
select item::text as item, coalesce(member, organization)::text as subject, claimed_on
from points_claim where tenant_id = $1
"""
_COUNT_TAKEN = """
update points_item i set taken = t.n
from (select item, count(*) as n from points_claim
  where tenant_id = $1 and state not in ('withdrawn', 'lapsed') group by item) t
where i.tenant_id = $1 and i.id = t.item and i.taken <> t.n
"""


async def known_numbers() -> Numbers:
    """Everybody the roster ever had, by number."""
    day = today()
    return Numbers(
        members=await subject_numbers("member", day, everybody=True),
        organizations=await subject_numbers("organization", day, everybody=True),
        units={},
    )


async def bring_shelf(data: bytes, place: str, *, state: str = "shelf", by: str | None = None) -> int:
    """Keep the items of a workbook that the year does not have yet; returns how many.

    `state`: on the shelf at once (onboarding: the tenant's reviewed plan), or "draft" for the review.
    Raises Invalid with every fault at its cell.
    """
    numbers = await known_numbers()
    sheet = read_shelf(data, place, numbers)
    if sheet.faults:
        raise Invalid(sheet.faults, where=place)
    async with joined():
        await one_at_a_time(IMPORT)
        there = await fetch("select year, number from points_item where tenant_id = $1", current_tenant())
        have = {(row["year"], row["number"]) for row in there}
        fresh = [row for row in sheet.rows if (row["opens"].year, row["number"]) not in have]
        if fresh:
            await bulk_insert(PointsItem, _items(fresh, numbers, state, by))
            record(Event.WORK_MOVED, plugin=PLUGIN, kind="shelf", rows=len(fresh))
    return len(fresh)


async def bring_claims(data: bytes, place: str) -> int:
    """Keep the claims, own lists and adjustments of a workbook that are not there yet; returns how many.

    Verified claims become facts at once. Raises Invalid with every fault at its cell.
    """
    numbers = await known_numbers()
    sheets = read_claims(data, place, numbers)
    if sheets.faults:
        raise Invalid(sheets.faults, where=place)
    kept = 0
    async with joined():
        await one_at_a_time(IMPORT)
        before = await post_all()
        if sheets.claims is not None:
            kept += await _claims(sheets.claims, numbers, place)
        if sheets.own_lists is not None:
            kept += await _own_lists(sheets.own_lists, numbers)
        if sheets.adjustments is not None:
            kept += await _adjustments(sheets.adjustments, numbers)
        if await post_all() - before:
            raise Invalid(["其中有一事一议或奖惩不能计入：期间已经关闭，或当年已有同样的记录"], where=place)
        record(Event.WORK_MOVED, plugin=PLUGIN, kind="claims", rows=kept)
    return kept


def _items(rows: list[dict[str, Any]], numbers: Numbers, state: str, by: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "year": [row["opens"].year for row in rows],
            "source": [row["source"] or "计划" for row in rows],
            "side": [row["side"] or "党员" for row in rows],
            "times": [row["times"] or 1 for row in rows],
            "online": [bool(row["online"]) for row in rows],
            "categories": [list(row["categories"]) for row in rows],
            "owner": [numbers.organizations.get(row["owner"] or "") for row in rows],
            "offered_by": [numbers.members.get(row["offered_by"] or "") for row in rows],
            **{name: [row[name] or "" for row in rows] for name in ("place", "proof", "details")},
            **{
                name: [row[name] for row in rows]
                for name in ("number", "title", "kind", "worth", "capacity", "opens", "deadline")
            },
        },
        schema_overrides={
            "categories": pl.List(pl.String),
            "capacity": pl.Int32,
            "owner": pl.String,
            "offered_by": pl.String,
        },
    ).with_columns(
        pl.lit(0).alias("taken"),
        pl.lit(state).alias("state"),
        pl.lit("").alias("reason"),
        pl.lit(by, dtype=pl.String).alias("entered_by"),
    )


async def _claims(table: Table, numbers: Numbers, place: str) -> int:
    """Insert the claims that are not recorded, one for one, and hand the verified ones in as facts."""
    items = await bulk_items()
    rows = _of_their_years(_frame(table, numbers), items)
    unknown = rows.filter(pl.col("year").is_null())
    if unknown.height:
        named = "、".join(unknown["item"].unique(maintain_order=True).head(10).to_list())
        raise Invalid([f"货架上没有这些事项：{named}"], where=place)
    homes = pl.DataFrame(
        [tuple(row) for row in await fetch(_HOMES, current_tenant())],
        schema={"subject": pl.String, "organization": pl.String},
        orient="row",
    )
    rows = rows.join(items, left_on=["item", "year"], right_on=["number", "year"], how="left").join(
        homes, on="subject", how="left"
    )
    fresh = _not_recorded(rows, await _recorded())
    if fresh.is_empty():
        return 0
    first = await next_block("points claims", fresh.height)
    fresh = fresh.with_columns(
        pl.Series("id", [str(new_id()) for _ in range(fresh.height)]),
        pl.int_range(first, first + fresh.height, dtype=pl.Int32).alias("claim"),
    )
    await bulk_insert(PointsClaim, await sealed_rows(_claim_rows(fresh), PROOF, REASON))
    await execute(_COUNT_TAKEN, current_tenant())
    verified = fresh.filter((pl.col("state") == "verified") & pl.col("of_member"))
    if verified.height:
        await submit_facts(SCHEMES["member"], KIND, _facts(verified), source=place)
    return fresh.height


async def bulk_items() -> pl.DataFrame:
    """Items by number and year, the latest year first: their id, kind, points, deadline and name."""
    rows = await fetch(
        "select number, id::text as item_id, kind, worth, deadline, title, year"
        " from points_item where tenant_id = $1 and state in ('shelf', 'off') order by number, year desc",
        current_tenant(),
    )
    names = ("number", "item_id", "kind", "worth", "deadline", "title", "year")
    types = (pl.String, pl.String, pl.String, pl.Int32, pl.Date, pl.String, pl.Int32)
    return pl.DataFrame(
        [tuple(row) for row in rows], schema=dict(zip(names, types, strict=True)), orient="row"
    )


def _of_their_years(rows: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The claims with the `year` of their item: that of their day, else the latest that has the number.

    A number is used once a year, so most numbers come again. None where no year has it.
    """
    there = set(items.select("number", "year").iter_rows())
    latest = dict(items.select("number", "year").reverse().iter_rows())
    days = rows.select("item", pl.col("claimed_on").dt.year()).iter_rows()
    years = [year if (item, year) in there else latest.get(item) for item, year in days]
    return rows.with_columns(pl.Series("year", years, pl.Int32))


def _frame(table: Table, numbers: Numbers) -> pl.DataFrame:
    values = table.values
    known = {**numbers.members, **numbers.organizations}
    people = numbers.members
    return pl.DataFrame(
        {
            "item": values["item"],
            "subject": [known[str(number)] for number in values["subject"]],
            "of_member": [number in people for number in values["subject"]],
            "claimed_on": values["claimed_on"],
            "done_on": values["done_on"],
            "state": [state_named(str(title)).value for title in values["state"]],
            "proof": [text or "" for text in values["proof"]],
            "reason": [text or "" for text in values["reason"]],
            "entered": [people.get(str(number)) for number in values["entered"]],
            "checked": [people.get(str(number)) for number in values["verified"]],
        },
        schema_overrides={"done_on": pl.Date, "entered": pl.String, "checked": pl.String},
    )


async def _recorded() -> pl.DataFrame:
    rows = await fetch(_RECORDED, current_tenant())
    schema = {"item_id": pl.String, "subject": pl.String, "claimed_on": pl.Date}
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def _not_recorded(rows: pl.DataFrame, there: pl.DataFrame) -> pl.DataFrame:
    """The rows that are not there, one for one: three alike against one leave two."""
    keys = ["item_id", "subject", "claimed_on"]
    nth = pl.int_range(pl.len()).over(keys).alias("nth")
    return rows.with_columns(nth).join(there.with_columns(nth), on=[*keys, "nth"], how="anti").drop("nth")


def _claim_rows(fresh: pl.DataFrame) -> pl.DataFrame:
    is_verified = pl.col("state") == "verified"
    return fresh.select(
        "id",
        pl.col("claim").alias("number"),
        "year",
        pl.col("item_id").alias("item"),
        pl.when("of_member").then("subject").alias("member"),
        pl.when("of_member").then("organization").otherwise("subject").alias("organization"),
        *("state", "worth", "claimed_on"),
        pl.lit(None, dtype=pl.Date).alias("planned"),
        pl.col("deadline").alias("due"),
        *("done_on", "proof", "reason"),
        pl.col("entered").alias("claimed_by"),
        pl.when(pl.col("done_on").is_not_null()).then("entered").alias("done_by"),
        pl.when(is_verified).then("checked").alias("verified_by"),
        pl.when(is_verified).then("done_on").alias("verified_on"),
        is_verified.cast(pl.Int32).alias("times"),
        (is_verified & pl.col("of_member")).cast(pl.Int32).alias("posted"),
    )


def _facts(verified: pl.DataFrame) -> pl.DataFrame:
    return verified.select(
        "subject",
        pl.col("done_on").alias("date"),
        pl.concat_str("item", pl.lit(" "), "title").alias("item"),
        *("kind", pl.col("worth").cast(pl.Decimal(38, 12))),
        pl.lit("已核验").alias("stage"),
        pl.col("claim").cast(pl.String).alias("number"),
        pl.when(pl.col("proof") != "").then("proof").alias("evidence"),
        pl.col("entered").alias("entered_by"),
        pl.when(pl.col("checked").ne_missing(pl.col("entered"))).then("checked").alias("accepted_by"),
    )


async def _own_lists(table: Table, numbers: Numbers) -> int:
    there = await fetch(_OWN_LISTS, current_tenant())
    have = {(row["member"], row["year"]) for row in there if row["standing"]}
    turns = {(row["member"], row["year"]): row["turn"] for row in there}
    homes = {row["member"]: row["organization"] for row in await fetch(_HOMES, current_tenant())}
    rows = []
    for index, number in enumerate(table.values["subject"]):
        member, day = numbers.members[str(number)], _day(table, index)
        if (member, day.year) in have:
            continue
        have.add((member, day.year))
        words = {name: table.values[name][index] or "" for name in ("tasks", "reason", "opinion", "ruling")}
        given = {"member": member, "organization": homes[member], "year": day.year, "applied_on": day}
        turn = turns.get((member, day.year), 0) + 1
        rows.append({"id": str(new_id()), **given, "turn": turn, "filed_on": day, **words})
    if rows:
        states = (pl.lit("filed").alias("state"), pl.lit(value=False).alias("posted"))
        kept = await sealed_rows(pl.DataFrame(rows).with_columns(*states), *OWN_LIST)
        await bulk_insert(PointsOwnList, kept)
    return len(rows)


async def _adjustments(table: Table, numbers: Numbers) -> int:
    there = await fetch(
        "select member::text, day, kind, worth from points_adjustment where tenant_id = $1", current_tenant()
    )
    have = {tuple(row) for row in there}
    rows = []
    for index, number in enumerate(table.values["subject"]):
        day, kind, worth = _day(table, index), table.values["kind"][index], table.values["worth"][index]
        key = (numbers.members[str(number)], day, kind, worth)
        if key in have:
            continue
        have.add(key)
        reason = table.values["reason"][index] or ""
        given = dict(zip(("member", "day", "kind", "worth"), key, strict=True))
        rows.append({"id": str(new_id()), **given, "year": day.year, "reason": reason})
    if rows:
        states = (pl.lit("confirmed").alias("state"), pl.lit(value=False).alias("posted"))
        kept = await sealed_rows(pl.DataFrame(rows).with_columns(*states), GROUND)
        await bulk_insert(PointsAdjustment, kept)
    return len(rows)


def _day(table: Table, index: int) -> Any:  # noqa: ANN401 - a date, checked when the sheet was read
    return table.values["day"][index]
