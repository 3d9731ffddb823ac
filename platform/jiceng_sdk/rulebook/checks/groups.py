"""Groups and the tree of points: members exist, gates act last, everything is counted somewhere."""

from collections.abc import Collection, Iterator

from jiceng_sdk.faults import Fault, meant, nearest
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import Group, Quota, Rulebook

MOST_WEIGHT = 10
"""Weights from here on are rather percents than what something is multiplied by."""


def groups(found: Analysis) -> Iterator[Fault]:
    """Faults of groups, of the total, and of nodes counted nowhere."""
    book = found.book
    nodes = dict.fromkeys([*book.items, *book.groups])
    for name, group in book.groups.items():
        yield from _group(group, f"groups.{name}", nodes)
    yield from _total(found)
    used = _used(found)
    for name in nodes:
        if name not in used:
            section = "items" if name in book.items else "groups"
            zh = f"“{name}”没有计入任何地方：请放进分组，或在算式里用到"
            en = f"{name!r} is counted nowhere: put it in a group or read it"
            yield Fault(zh=zh, en=en, path=f"{section}.{name}", code="unused")


def _group(group: Group, path: str, nodes: Collection[str]) -> Iterator[Fault]:
    if not group.of:
        zh, en = "of 没有成员", "`of` has no members"
        yield Fault(zh=zh, en=en, path=f"{path}.of", code="shape")
    for member, weight in group.of.items():
        if member not in nodes:
            near = nearest(member, nodes)
            zh, en = meant(near)
            yield Fault(
                zh=f"没有项目或分组“{member}”{zh}",
                en=f"there is no item or group {member!r}{en}",
                path=f"{path}.of.{member}",
                nearest=near,
                code="reference",
            )
        if weight == 0 or (weight < 0 and group.combine == "mean"):
            zh, en = f"“{member}”的权重 {weight} 不合适", f"the weight {weight} of {member!r} makes no sense"
            yield Fault(zh=zh, en=en, path=f"{path}.of.{member}", code="range")
        if weight >= MOST_WEIGHT:
            zh, en = (
                f"“{member}”乘以 {weight}；40% 的权重写成 0.4",
                f"{member!r} is multiplied by {weight}; 40% is 0.4",
            )
            yield Fault(zh=zh, en=en, path=f"{path}.of.{member}", code="weight", severity="warning")
    yield from _keep(group, path)
    if group.gate is not None and group.start is not None:
        zh = "gate 不能与 start 同写：不过门槛得 0 分，起步分算不算就不清楚了；请把起步分放到上一层分组"
        en = "`gate` and `start` together are unclear: put the start on a group above"
        yield Fault(zh=zh, en=en, path=f"{path}.gate", code="shape")


def _keep(group: Group, path: str) -> Iterator[Fault]:
    if not group.keep:
        return
    if not 1 <= group.keep < len(group.of):
        most = len(group.of) - 1
        zh = f"keep 是只取最高的几项，要在 1 到 {most} 之间；成员有 {len(group.of)} 个，全取就不写"
        en = f"`keep` must be from 1 to {most}: the group has {len(group.of)} members"
        yield Fault(zh=zh, en=en, path=f"{path}.keep", code="range")
    if group.combine in ("max", "min"):
        zh = f"combine = '{group.combine}' 只取一项，不能再写 keep"
        yield Fault(
            zh=zh, en="`keep` belongs to combine = 'sum' or 'mean'", path=f"{path}.keep", code="shape"
        )
    if group.combine == "mean" and len(set(group.of.values())) > 1:
        zh = "取最高的几项求平均，各成员的权重要一样，不然分数相同时取谁就不清楚；请去掉权重"
        en = "the mean of the best members needs equal weights: with others a tie has no answer"
        yield Fault(zh=zh, en=en, path=f"{path}.keep", code="shape")


def _total(found: Analysis) -> Iterator[Fault]:
    book = found.book
    nodes = {**book.items, **book.groups}
    if book.score not in nodes:
        if book.score != "score":
            near = nearest(book.score, nodes)
            zh, en = meant(near)
            yield Fault(
                zh=f"没有总分“{book.score}”这个项目或分组{zh}",
                en=f"there is no item or group {book.score!r} for the total{en}",
                path="score",
                nearest=near,
                code="reference",
            )
    elif found.unit.get(book.score):
        section = "items" if book.score in book.items else "groups"
        zh = "总分还是按月（季）计算的，请写 across 汇总到全期"
        en = "the total still has a value per sub-period: add `across`"
        yield Fault(zh=zh, en=en, path=f"{section}.{book.score}", code="shape")


def _used(found: Analysis) -> set[str]:
    book = found.book
    used = {book.score, *(member for group in book.groups.values() for member in group.of)}
    for path, typed in found.formulas.items():
        own = path.split(".", 2)[1] if path.startswith(("items.", "groups.")) else ""
        used |= typed.symbols().keys() - {own}
    return used | _ranked_by(book)


def _ranked_by(book: Rulebook) -> set[str]:
    return {name for rule in book.decide if isinstance(rule, Quota) for name in rule.within}
