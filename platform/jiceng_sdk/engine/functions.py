"""What each row-wise function of the language does on columns; signatures are in `expressions.functions`."""

from collections.abc import Callable

import polars as pl

from jiceng_sdk.engine import value as v
from jiceng_sdk.engine.exact import divide, divide_floor, finite, rounded, snap, whole
from jiceng_sdk.engine.value import Value
from jiceng_sdk.rulebook.parts import Rounding


def _if(asked: Value, yes: Value, no: Value) -> Value:
    if yes.kind == "text" and (yes.enum or no.enum):
        yes, no = _as_words(yes), _as_words(no)
    out = pl.when(asked.expr).then(yes.expr).otherwise(no.expr)
    if asked.nullable:
        out = pl.when(asked.expr.is_null()).then(None).otherwise(out)
    options = yes.options + no.options if yes.options and no.options else ()
    lacking = asked.nullable or yes.nullable or no.nullable
    absent = _absent_branch(asked, yes, no)
    return Value(out, yes.kind, v.widest(yes, no), options, absent=absent, nullable=lacking)


def _absent_branch(asked: Value, yes: Value, no: Value) -> pl.Expr | None:
    if yes.absent is None and no.absent is None:
        return None
    never = pl.lit(value=False)
    chosen = pl.when(asked.expr).then(never if yes.absent is None else yes.absent)
    return chosen.otherwise(never if no.absent is None else no.absent)


def _as_words(part: Value) -> Value:
    return Value(part.expr.cast(pl.String), "text", 0, part.options, part.absent, part.nullable)


def _least(*parts: Value) -> Value:
    return _pick(pl.min_horizontal([part.expr for part in parts]), *parts)


def _most(*parts: Value) -> Value:
    return _pick(pl.max_horizontal([part.expr for part in parts]), *parts)


def _pick(out: pl.Expr, *parts: Value) -> Value:
    """Polars skips nulls in min and max; here one unknown makes the answer unknown."""
    holes = [part.expr.is_null() for part in parts if part.nullable]
    if holes:
        out = pl.when(pl.any_horizontal(holes)).then(None).otherwise(out)
    return v.number(out, v.widest(*parts), *parts)


def _abs(part: Value) -> Value:
    return v.number(part.expr.abs(), part.places, part)


def _floor(part: Value) -> Value:
    return v.number(part.snapped().floor(), 0, part)


def _round(part: Value, places: Value) -> Value:
    to = int(places.constant or 0)
    return v.number(rounded(part.expr, part.places, Rounding(places=to)), to, part)


def _units(part: Value, size: Value) -> Value:
    sure = size.constant is not None and size.constant != 0 and not part.nullable
    if finite(part.places) and finite(size.places):
        many = divide_floor(part.expr, size.expr)
    else:
        many = snap(divide(part.expr, size.expr), None).floor()
    return v.number(many, 0, part, size, nullable=not sure)


def _count(*parts: Value) -> Value:
    hits = pl.sum_horizontal([part.expr.cast(pl.Int64) for part in parts], ignore_nulls=False)
    return v.number(whole(hits), 0, *parts)


def _missing(part: Value) -> Value:
    return v.flag(part.expr.is_null(), nullable=False)


def _days(first: Value, last: Value) -> Value:
    return v.number(whole((last.expr - first.expr).dt.total_days()), 0, first, last)


def _before(unit: str) -> Callable[[Value, Value], Value]:
    def before(day: Value, many: Value) -> Value:
        back = pl.concat_str([pl.lit("-"), many.expr.cast(pl.Int64).cast(pl.String), pl.lit(unit)])
        if many.constant is not None:
            offset = day.expr.dt.offset_by(f"-{int(many.constant)}{unit}")
        else:
            offset = day.expr.dt.offset_by(back)
        return Value(offset, "date", absent=v.any_absent(day, many), nullable=day.nullable or many.nullable)

    return before


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "if": _if,
    "min": _least,
    "max": _most,
    "abs": _abs,
    "floor": _floor,
    "round": _round,
    "units": _units,
    "count": _count,
    "missing": _missing,
    "days": _days,
    "years_before": _before("y"),
    "months_before": _before("mo"),
}
