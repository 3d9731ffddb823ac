"""The meaning of items and groups: every formula typed in its place, decimals and bounds of the points."""

from decimal import Decimal

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.symbols import Scope, Symbol
from jiceng_sdk.rulebook.bounds import CELLS, ZERO, Size, decimals, most, or_nothing, summed
from jiceng_sdk.rulebook.items import item_size
from jiceng_sdk.rulebook.parts import Group, Item, Node
from jiceng_sdk.rulebook.understanding import Understanding

EXACT_PLACES = 24


def node(known: Understanding, name: str) -> None:
    """Type one item or group, whose members and sources are known already, and make it readable."""
    book = known.book
    part: Item | Group = book.items[name] if name in book.items else book.groups[name]
    path = f"items.{name}" if name in book.items else f"groups.{name}"
    unit = _unit(known, path, part)
    known.each[name] = unit
    known.unit[name] = None if part.across else unit
    if part.across and unit is None:
        zh, en = (
            "写了 across，却不是按月（季、半年）计算的",
            "`across` needs a value per month, quarter or half year",
        )
        known.fault(f"{path}.across", zh, en)
    scope = known.scope(unit)
    known.type(f"{path}.for", scope, "flag")
    size = (
        item_size(known, name, part, unit)
        if isinstance(part, Item)
        else _group_size(known, path, part, scope)
    )
    if part.across:
        size, scope = _across(size, part.across, unit), known.scope()
    size = _bounded(known, path, part, size, scope)
    if size.places is not None and size.places > EXACT_PLACES:
        size = Size(None, size.range)
    _keep(known, name, size)


def _keep(known: Understanding, name: str, size: Size) -> None:
    unit = known.unit[name]
    known.places[name], known.ranges[name] = size.places, size.range
    symbol = Symbol(name=name, kind="number", origin="node", places=size.places, range=size.range, unit=unit)
    if unit is None:
        known.names[name] = symbol
    else:
        known.cells.setdefault(unit, {})[name] = symbol
        known.close(name, unit)


def _unit(known: Understanding, path: str, part: Item | Group) -> str | None:
    if isinstance(part, Item):
        return part.each
    facts = known.book.facts
    units = {known.unit[member] for member in part.of if member in known.unit and member not in facts}
    if len(units) > 1:
        monthly = "、".join(member for member in part.of if known.unit.get(member) and member not in facts)
        zh = f"成员的计算周期不同：{monthly} 是按月（季）计算的，请先用 across 汇总"
        known.fault(f"{path}.of", zh, f"members have different sub-periods: bring {monthly} up by `across`")
    return next((unit for unit in units if unit), None)


def _group_size(known: Understanding, path: str, group: Group, scope: Scope) -> Size:
    known.type(f"{path}.gate", scope, "flag")
    book = known.book
    members = {
        name: weight for name, weight in group.of.items() if name in known.ranges and name not in book.facts
    }
    if not members:
        return Size(0, ZERO)
    places: list[int | None] = []
    parts = []
    for name, weight in members.items():
        own = known.places[name]
        places.append(None if own is None else own + decimals(weight))
        part = ranges.times(known.ranges[name], ranges.exactly(weight))
        member = book.items.get(name) or book.groups[name]
        parts.append(ranges.either([part, ZERO]) if member.for_ else part)
    if group.combine == "sum":
        found = Size(most(places), ranges.highest(parts, group.keep or len(parts)))
    else:
        plain = [known.ranges[name] for name in members] if group.combine == "mean" else parts
        found = Size(None if group.combine == "mean" else most(places), ranges.either(plain))
    return or_nothing(found) if group.gate else found


def _across(size: Size, across: str, unit: str | None) -> Size:
    if across == "sum":
        return summed(size, Decimal(CELLS.get(unit or "", 1)), assumed=False)
    return or_nothing(Size(None if across == "mean" else size.places, size.range))


def _bounded(known: Understanding, path: str, part: Node, size: Size, scope: Scope) -> Size:
    if start := known.type(f"{path}.start", scope, "number"):
        size = Size(most([size.places, start.places]), ranges.plus(size.range, start.range))
    if cap := known.type(f"{path}.cap", scope, "number"):
        size = Size(most([size.places, cap.places]), ranges.smallest([size.range, cap.range]))
    if floor := known.type(f"{path}.floor", scope, "number"):
        size = Size(most([size.places, floor.places]), ranges.largest([size.range, floor.range]))
    return size if part.round is None else Size(part.round.places, ranges.rounded(size.range))
