"""Items that need no window: one aggregation over all rows of a fact, shared by all such items.

Rows worth a written-out number are counted, not added: a count times a constant is exact and cheap.
"""

from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.table import as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.once import MOST_BITS, seen_once, windowed
from jiceng_sdk.engine.items.parts import Part
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import EXACT, decimals, lit, whole


@dataclass(slots=True)
class Direct:
    """What is aggregated per `@` for one item: `parts` are whole numbers, `exprs` everything else.

    `constant`: the total is a whole number, each one worth so much; `largest`: its greatest magnitude.
    `whole`: nothing staged is left to do. `coded`: columns that hold integers, and what they mean.
    """

    parts: list[Part] = field(default_factory=list)
    exprs: list[pl.Expr] = field(default_factory=list)
    places: int | None = 0
    constant: Decimal | None = None
    largest: int = 0
    whole: bool = False
    coded: dict[str, Value] = field(default_factory=dict)


def aggregations(plan: Plan, form: Form) -> Direct:
    """What the rows of a fact are aggregated to for one item; for a staged one only what stands beside."""
    asked, out = names.when(plan, form.scope), Direct()
    if (once := seen_once(plan, form)) is not None:
        window, each = once
        _beside(out, plan, form, asked)
        out.parts.append(windowed(names.total(plan.name), window, _chosen(asked), form))
        out.places, out.constant, out.largest, out.whole = decimals(each), each, MOST_BITS, True
        return out
    if plan.item.combine == "count" or plan.staged:
        worth = names.points(plan, form.scope) if plan.staged and _per_row(plan) else None
        mended = names.restored(plan, form.scope) if worth is not None else None
        _beside(out, plan, form, asked, worth, mended)
        if not plan.staged:
            _hits(out, names.total(plan.name), form, asked)
        return out
    worth = names.points(plan, form.scope)
    mended = names.restored(plan, form.scope)
    _beside(out, plan, form, asked, worth, mended)
    out.places = worth.places
    if plan.item.combine == "sum" and mended is None and worth.constant is not None:
        _hits(out, names.total(plan.name), form, asked)
        out.constant, out.largest = worth.constant, form.most
        return out
    if not _small(out, plan, form, asked, worth, mended):
        _exact(out, plan, form, asked, worth, mended)
    return out


def _exact(out: Direct, plan: Plan, form: Form, asked: Value, worth: Value, mended: Value | None) -> None:
    """Totals as decimals."""
    if mended is not None:
        undone = pl.when(mended.expr).then(worth.expr * whole(form.votes)).otherwise(lit(0))
        out.exprs.append(_among(asked, undone).sum().alias(names.back(plan.name)))
    out.exprs.append(_combined(plan, form, asked, worth, mended).alias(names.total(plan.name)))


def _small(out: Direct, plan: Plan, form: Form, asked: Value, worth: Value, mended: Value | None) -> bool:
    """Totals in 64-bit integers, when all rows together certainly fit."""
    if worth.scaled is None or form.tallied or worth.places is None:
        return False
    small, most = worth.scaled
    total, combine = names.total(plan.name), plan.item.combine
    if combine in ("max", "min"):
        if mended is not None:
            return False
        out.parts.append(Part(total, _among(asked, small), "max" if combine == "max" else "min"))
        out.largest = most
    else:
        out.largest = most * max(form.rows, 1)
        if out.largest >= integers.LARGEST:
            return False
        if mended is not None:
            undone = pl.when(_chosen(asked) & _chosen(mended)).then(small).otherwise(integers.ZERO)
            back = names.back(plan.name)
            out.parts.append(Part(back, undone.fill_null(0) if worth.nullable else undone))
            out.coded[back] = v.stored(back, out.largest, worth.places)
            small = pl.when(mended.expr).then(integers.ZERO).otherwise(small)
            if mended.nullable:
                small = pl.when(mended.expr.is_null()).then(None).otherwise(small)
        counted = small if _always(asked) else pl.when(_chosen(asked)).then(small).otherwise(integers.ZERO)
        out.parts.append(Part(total, counted.fill_null(0) if _gaps(worth, mended) else counted))
    out.constant = Decimal(1).scaleb(-worth.places)
    return True


def _gaps(worth: Value, mended: Value | None) -> bool:
    return worth.nullable or (mended is not None and mended.nullable)


def _per_row(plan: Plan) -> bool:
    """Whether a staged item's points can be read off single rows."""
    return plan.item.combine != "count" and not plan.item.merge and names.NTH not in plan.names


def _beside(
    out: Direct,
    plan: Plan,
    form: Form,
    asked: Value,
    worth: Value | None = None,
    mended: Value | None = None,
) -> None:
    """Number of rows when it matters; whether a row leaves the item open, when one can."""
    if plan.counted:
        _hits(out, names.rows(plan.name), form, asked)
    holes = [asked.expr.is_null()] if asked.nullable else []
    if worth is not None and worth.nullable:
        holes.append(_chosen(asked) & worth.expr.is_null())
    if mended is not None and mended.nullable:
        holes.append(_chosen(asked) & mended.expr.is_null())
    if holes:
        lost = pl.any_horizontal(holes) if len(holes) > 1 else holes[0]
        out.parts.append(Part(names.open_(plan.name), lost, "any"))


def _always(asked: Value) -> bool:
    return asked.expr.meta.is_literal()


def _chosen(asked: Value) -> pl.Expr:
    return asked.expr.fill_null(value=False) if asked.nullable else asked.expr


def _among(asked: Value, expr: pl.Expr) -> pl.Expr:
    """Only rows that count; what reads no column stands in every row all the same."""
    if _always(asked):
        return as_column(expr)
    return pl.when(asked.expr).then(expr).otherwise(None)


def _hits(out: Direct, name: str, form: Form, asked: Value) -> None:
    """How many rows count, tallies by their votes."""
    if form.tallied:
        out.exprs.append(_among(asked, form.votes).sum().cast(pl.Int64).alias(name))
    elif _always(asked):
        out.parts.append(Part(name, integers.ZERO, "rows"))
    else:
        out.parts.append(Part(name, _chosen(asked)))


def _combined(plan: Plan, form: Form, asked: Value, worth: Value, mended: Value | None) -> pl.Expr:
    item = plan.item
    each = names.given_back(worth, mended)
    if item.combine in ("max", "min"):
        cast = _present(form, _among(asked, each))
        return cast.max() if item.combine == "max" else cast.min()
    return _among(asked, each * whole(form.votes) if form.tallied else each).sum().cast(EXACT)


def _present(form: Form, expr: pl.Expr) -> pl.Expr:
    """A tally of no votes is no ballot."""
    return pl.when(form.votes > 0).then(expr).otherwise(None) if form.tallied else expr
