"""The meaning of an item: which names its formulas see, what its scale reads, how large its points can be."""

from collections import ChainMap
from collections.abc import Mapping
from decimal import Decimal

from msgspec import structs

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.guards import nonzero
from jiceng_sdk.expressions.symbols import Range, Scope, Symbol
from jiceng_sdk.expressions.tree import Name
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.faults import nearest
from jiceng_sdk.rulebook import sources
from jiceng_sdk.rulebook.bounds import ZERO, Size, most, of_numbers, or_nothing, sum_of_rows, summed
from jiceng_sdk.rulebook.parts import Fact, Item
from jiceng_sdk.rulebook.understanding import Understanding


def item_size(known: Understanding, name: str, item: Item, unit: str | None) -> Size:
    """Type every formula of an item except for/start/cap/floor; decimals and bounds before those."""
    path = f"items.{name}"
    fact = known.book.facts.get(item.from_) if item.from_ else None
    known.type(f"{path}.quorum", known.scope(unit), "number")
    for n in range(len(item.drop)):
        _how_many(known, f"{path}.drop[{n}]")
    if fact is None or not fact.rows:
        return _computed(known, name, item, unit)
    return _from_rows(known, name, item, fact)


def _how_many(known: Understanding, path: str) -> None:
    """A whole number, never below 0 where that is sure beforehand."""
    found = known.type(path, known.rows({}), "number")
    if found is None:
        return
    if found.places != 0:
        zh, en = "这里要整数：用 floor(…) 或 round(…, 0) 取整", "a whole number: use floor(…) or round(…, 0)"
        known.fault(path, zh, en, "type")
    elif found.range.high < 0:
        known.fault(path, "drop 不能为负", "`drop` cannot be negative", "range")


def _safe(known: Understanding, path: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for key in ("for", "when"):
        tree = known.formula(f"{path}.{key}")
        if tree is not None:
            found |= nonzero(tree, holds=True)
    return found


def _computed(known: Understanding, name: str, item: Item, unit: str | None) -> Size:
    path = f"items.{name}"
    scope = known.scope(unit, nonzero=_safe(known, path))
    when = known.type(f"{path}.when", scope, "flag")
    value = known.type(f"{path}.value", scope)
    if value is not None:
        scope = _with(scope, _as_value(value))
    size = _scaled(known, name, item, scope, value)
    restored = known.type(f"{path}.restored", scope, "flag")
    return or_nothing(size) if when or restored else size


def _from_rows(known: Understanding, name: str, item: Item, fact: Fact) -> Size:
    path = f"items.{name}"
    own = sources.of_rows(item.from_ or "", fact)
    scope = known.rows(own, nonzero=_safe(known, path))
    known.type(f"{path}.when", scope, "flag")
    value = known.type(f"{path}.value", scope, "number" if item.merge else None)
    if item.merge:
        kept = {key: symbol for key, symbol in own.items() if key in ("date", item.merge)}
        scope = known.rows(kept, nonzero=_safe(known, path))
        scope = _lost(scope, own, item.merge)
    if value is not None:
        scope = _with(scope, _merged(value) if item.merge else _as_value(value))
    if item.combine == "count":
        return Size(0, Range(Decimal(0), sources.MOST_ROWS, assumed=True))
    counted = _with(scope, sources.nth()) if sources.dated(fact) else scope
    size = _scaled(known, name, item, counted, value)
    if known.type(f"{path}.restored", scope, "flag"):
        size = or_nothing(size)
    if item.combine == "sum":
        return sum_of_rows(size, item.limit)
    return Size(None if item.averages else size.places, or_nothing(size).range)


def _with(scope: Scope, symbol: Symbol) -> Scope:
    return structs.replace(scope, names=_over(scope.names, symbol))


def _over(names: Mapping[str, Symbol], symbol: Symbol) -> Mapping[str, Symbol]:
    below = names.maps if isinstance(names, ChainMap) else [dict(names)]
    return ChainMap({symbol.name: symbol}, *below)


def _lost(scope: Scope, own: dict[str, Symbol], merge: str) -> Scope:
    reason = (f"在 merge = '{merge}' 合并以后就没有了", f"is gone once rows are merged by {merge!r}")
    gone = {key: reason for key in own if key not in scope.names}
    return structs.replace(scope, closed={**scope.closed, **gone})


def _as_value(value: Typed) -> Symbol:
    return Symbol(
        name="value",
        kind=value.kind,
        origin="value",
        places=value.places,
        options=value.options,
        range=value.range,
    )


def _merged(value: Typed) -> Symbol:
    total = summed(Size(value.places, value.range), sources.MOST_IN_WINDOW, assumed=True)
    return structs.replace(_as_value(value), range=total.range)


def _scaled(known: Understanding, name: str, item: Item, scope: Scope, value: Typed | None) -> Size:
    """What one row, or one subject, is worth."""
    path = f"items.{name}"
    sizes: list[Size] = []
    if points := known.type(f"{path}.points", scope, "number"):
        sizes.append(Size(points.places, points.range))
    for key, rows in (("steps", item.steps), ("checks", item.checks)):
        found = []
        for n in range(len(rows)):
            known.type(f"{path}.{key}[{n}].when", scope, "flag")
            if points := known.type(f"{path}.{key}[{n}].points", scope, "number"):
                found.append(Size(points.places, points.range))
        if found:
            sizes.append(_one_of(found) if key == "steps" else _all_of(found))
    if item.choice:
        _read(known, name, item, scope, value, "text")
        sizes.append(of_numbers([*item.choice.values()]))
    if item.line:
        _read(known, name, item, scope, value, "number")
        sizes.append(Size(None, of_numbers([y for _, y in item.line]).range))
    return sizes[0] if sizes else Size(0, ZERO)


def _one_of(sizes: list[Size]) -> Size:
    return Size(most(size.places for size in sizes), ranges.either(size.range for size in sizes))


def _all_of(sizes: list[Size]) -> Size:
    total = ZERO
    for size in sizes:
        total = ranges.plus(total, or_nothing(size).range)
    return Size(most(size.places for size in sizes), total)


def _read(
    known: Understanding, name: str, item: Item, scope: Scope, value: Typed | None, wanted: str
) -> None:
    """What `choice` (word, grade) or `line` (number) reads: `value`, the fact, or its only field."""
    path, key = f"items.{name}", "choice" if wanted == "text" else "line"
    found = value
    if value is None and item.value is None:
        found = _only(known, path, key, scope, item.from_ or "", wanted)
    if found is None:
        return
    if found.kind != wanted and not (key == "choice" and found.kind == "grade"):
        zh = f"{key} 要读{'文字' if key == 'choice' else '数'}"
        known.fault(f"{path}.{key}", zh, f"`{key}` reads a {wanted}, this is a {found.kind}", "type")
        return
    known.scale[name] = found
    for option in item.choice if found.options else ():
        if option not in found.options:
            near = nearest(option, found.options)
            zh = f"“{option}”不是选项" + (f"，是否指“{near}”？" if near else "")
            known.fault(f"{path}.choice", zh, f"{option!r} is not an option", "option", nearest=near)


def _only(known: Understanding, path: str, key: str, scope: Scope, source: str, wanted: str) -> Typed | None:
    fact = known.book.facts.get(source)
    if fact is not None and fact.rows and not fact.many:
        own = sources.of_rows(source, fact)
        fields = [n for n, s in own.items() if s.kind == wanted and n in scope.names]
        if wanted == "text":
            fields = [n for n in fields if own[n].options]
    else:
        fields = [source] if source in scope.names else []
    if len(fields) == 1:
        symbol = scope.names[fields[0]]
        return Typed(
            tree=Name(name=symbol.name),
            kind=symbol.kind,
            places=symbol.places,
            options=symbol.options,
            range=symbol.range,
            symbol=symbol,
        )
    listed = "、".join(fields)
    zh = f"请用 value 写明 {key} 读什么" + (f"（{listed}）" if listed else "")
    known.fault(f"{path}.{key}", zh, f"say by `value` what `{key}` reads", "shape")
    return None
