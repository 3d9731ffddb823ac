"""What each row-wise function of the language does on columns; signatures are in `expressions.functions`."""

from collections.abc import Callable

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import divide, divide_floor, finite, rounded, snap, whole
from jiceng_sdk.engine.numbers.integers import Scaled
from jiceng_sdk.rulebook.parts import Rounding


def _if(asked: Value, yes: Value, no: Value) -> Value:
    if yes.kind == "text" and (yes.enum or no.enum):
        yes, no = _as_words(yes), _as_words(no)
    out = _either(asked, yes.expr, no.expr)
    options = yes.options + no.options if yes.options and no.options else ()
    lacking = asked.nullable or yes.nullable or no.nullable
    absent = _absent_branch(asked, yes, no)
    small = integers.aligned(yes, no) if yes.kind == "number" else None
    scaled = None
    if small:
        scaled = _either(asked, small[0][0], small[1][0]), max(small[0][1], small[1][1])
    return Value(out, yes.kind, v.widest(yes, no), options, absent=absent, nullable=lacking, scaled=scaled)


def _either(asked: Value, yes: pl.Expr, no: pl.Expr) -> pl.Expr:
    out = pl.when(asked.expr).then(yes).otherwise(no)
    return pl.when(asked.expr.is_null()).then(None).otherwise(out) if asked.nullable else out


def _absent_branch(asked: Value, yes: Value, no: Value) -> pl.Expr | None:
    if yes.absent is None and no.absent is None:
        return None
    never = pl.lit(value=False)
    chosen = pl.when(asked.expr).then(never if yes.absent is None else yes.absent)
    return chosen.otherwise(never if no.absent is None else no.absent)


def _as_words(part: Value) -> Value:
    return Value(part.expr.cast(pl.String), "text", 0, part.options, part.absent, part.nullable)


def _least(*parts: Value) -> Value:
    return picked(pl.min_horizontal, *parts)


def _most(*parts: Value) -> Value:
    return picked(pl.max_horizontal, *parts)


def picked(pick: Callable[[list[pl.Expr]], pl.Expr], *parts: Value) -> Value:
    """The smallest or largest. Polars skips nulls there; here one unknown makes the answer unknown."""
    holes = [part.expr.is_null() for part in parts if part.nullable]

    def whole_row(exprs: list[pl.Expr]) -> pl.Expr:
        out = pick(exprs)
        return pl.when(pl.any_horizontal(holes)).then(None).otherwise(out) if holes else out

    small = integers.aligned(*parts)
    scaled = (whole_row([expr for expr, _ in small]), max(most for _, most in small)) if small else None
    return v.number(whole_row([part.expr for part in parts]), v.widest(*parts), *parts, scaled=scaled)


def _abs(part: Value) -> Value:
    small = part.scaled and (part.scaled[0].abs(), part.scaled[1])
    return v.number(part.expr.abs(), part.places, part, scaled=small)


def _floor(part: Value) -> Value:
    small = None
    if part.scaled and part.places is not None and 10**part.places < integers.LARGEST:
        small = part.scaled[0] // pl.lit(10**part.places, dtype=pl.Int64), part.scaled[1] + 1
    return v.number(part.snapped().floor(), 0, part, scaled=small)


def _round(part: Value, places: Value) -> Value:
    to = int(places.constant or 0)
    return v.number(rounded(part.expr, part.places, Rounding(places=to)), to, part)


def _units(part: Value, size: Value) -> Value:
    sure = size.constant is not None and size.constant != 0 and not part.nullable
    if finite(part.places) and finite(size.places):
        many = divide_floor(part.expr, size.expr)
    else:
        many = snap(divide(part.expr, size.expr), None).floor()
    return v.number(many, 0, part, size, nullable=not sure, scaled=_fits(part, size))


def _fits(part: Value, size: Value) -> Scaled | None:
    """How many whole `size` fit, in integers; no answer where it is zero."""
    small = integers.aligned(part, size)
    if small is None:
        return None
    (above, most), (below, _) = small
    zero = pl.lit(0, dtype=pl.Int64)
    return above // pl.when(below == zero).then(None).otherwise(below), most + 1


def _count(*parts: Value) -> Value:
    hits = pl.sum_horizontal([part.expr.cast(pl.Int64) for part in parts], ignore_nulls=False)
    return v.number(whole(hits), 0, *parts)


def _missing(part: Value) -> Value:
    return v.flag(part.expr.is_null(), nullable=False)


def _days(first: Value, last: Value) -> Value:
    return v.number(whole((last.expr - first.expr).dt.total_days()), 0, first, last)


def _months(first: Value, last: Value) -> Value:
    """Whole months: the last one is full on the same day, or on the last day of a month without it."""
    early, late = pl.min_horizontal(first.expr, last.expr), pl.max_horizontal(first.expr, last.expr)
    whole_months = (late.dt.year() - early.dt.year()).cast(pl.Int64) * 12 + (
        late.dt.month().cast(pl.Int64) - early.dt.month().cast(pl.Int64)
    )
    short = (late.dt.day() < early.dt.day()) & (late != late.dt.month_end())
    many = whole_months - short.cast(pl.Int64)
    many = pl.when(last.expr < first.expr).then(-many).otherwise(many)
    lacking = first.expr.is_null() | last.expr.is_null()
    many = pl.when(lacking).then(None).otherwise(many) if first.nullable or last.nullable else many
    return v.number(whole(many), 0, first, last)


def _part_of(word: str) -> Callable[[Value], Value]:
    def part_of(day: Value) -> Value:
        return v.number(whole(getattr(day.expr.dt, word)().cast(pl.Int64)), 0, day)

    return part_of


def _before(unit: str) -> Callable[[Value, Value], Value]:
    def before(day: Value, many: Value) -> Value:
        if many.constant is not None and abs(many.constant) <= _LONGEST_BEFORE:
            offset, sure = day.expr.dt.offset_by(f"{-int(many.constant)}{unit}"), not many.nullable
        else:
            back = -many.expr.cast(pl.Int64)
            back = pl.when(back.is_between(-_LONGEST_BEFORE, _LONGEST_BEFORE)).then(back).otherwise(None)
            words = pl.concat_str([back.cast(pl.String), pl.lit(unit)])
            offset, sure = day.expr.dt.offset_by(words), False
        return Value(offset, "date", absent=v.any_absent(day, many), nullable=day.nullable or not sure)

    return before


_LONGEST_BEFORE = 6_000
"""Years, months, days that a date may be moved by; beyond, it has no answer."""
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
    "months": _months,
    "month_of": _part_of("month"),
    "year_of": _part_of("year"),
    "years_before": _before("y"),
    "months_before": _before("mo"),
    "days_before": _before("d"),
}
