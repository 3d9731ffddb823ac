"""A rulebook in plain Chinese: what each item counts, how groups add up, what the decisions do, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.schemes.wording.phrases import condition, say
from jiceng_sdk.expressions.tree import Name
from jiceng_sdk.rulebook import Area, Bands, Group, Item, Override, Quota, Rulebook, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jiceng_sdk.rulebook import Decision

Titles = dict[str, str]
_WINDOWS = {
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "period": "每期",
}
_COMBINE = {"mean": "取平均", "median": "取中位数", "max": "取最高", "min": "取最低", "count": "计条数"}
_ACROSS = {"sum": "合计", "mean": "平均", "max": "取最高", "min": "取最低", "last": "取最后一期"}
_CELLS = {"month": "各月", "quarter": "各季度", "half": "各半年"}
_ROUNDINGS = {
    "ask": "不是整数的留待裁定",
    "down": "不足一名的舍去",
    "up": "不足一名的进为一名",
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "largest_remainder": "余数大的优先",
}
_TIES = {"ask": "并列压线的留待裁定", "in": "并列的都算入", "out": "并列的都不算"}
_DECISIONS = {"Bands": "分数线", "Override": "特别规定", "Quota": "名额", "Step": "升降级限制"}


class Said(msgspec.Struct, frozen=True):
    """One part in words: its name, title, clause, what it does, and its cap or places where it has any."""

    name: str
    title: str
    clause: str
    words: str
    cap: str = ""


def titles_of(book: Rulebook) -> Titles:
    """What every name of the rulebook is called; event fields too, where no other name is the same."""
    titles = {
        name: field.title
        for fact in book.facts.values()
        for name, field in fact.fields.items()
        if field.title
    }
    for parts in (book.facts, book.items, book.groups, book.outputs):
        titles |= {name: part.title for name, part in parts.items() if part.title}
    return {name: f"「{say(formula, titles)}」" for name, formula in book.classes.items()} | titles


def items_said(book: Rulebook) -> list[Said]:
    """Every item: which facts count, for how much, up to what."""
    titles = titles_of(book)
    return [
        Said(name, item.title or name, item.clause, _item(book, item, titles), _cap(item, titles))
        for name, item in book.items.items()
    ]


def groups_said(book: Rulebook) -> list[Said]:
    """Every group: what it adds up and on which condition."""
    titles = titles_of(book)
    return [
        Said(name, group.title or name, group.clause, _group(group, titles), _cap(group, titles))
        for name, group in book.groups.items()
    ]


def decisions_said(book: Rulebook) -> list[Said]:
    """The decisions in the order they are run."""
    titles = titles_of(book)
    return [
        Said(
            f"decide[{place}]",
            decision.title or _DECISIONS[type(decision).__name__],
            decision.clause,
            _decision(decision, titles),
        )
        for place, decision in enumerate(book.decide)
    ]


def outputs_said(book: Rulebook) -> list[Said]:
    """What a result leads to."""
    titles = titles_of(book)
    return [
        Said(name, output.title or name, output.clause, say(output.value, titles))
        for name, output in book.outputs.items()
    ]


def areas_said(book: Rulebook) -> list[Said]:
    """What is counted over all subjects, over whom, and what it should come to."""
    titles = titles_of(book) | {name: area.title for name, area in book.area.items() if area.title}
    return [
        Said(name, area.title or name, area.clause, "；".join(_area(area, titles)))
        for name, area in book.area.items()
    ]


def _area(area: Area, titles: Mapping[str, str]) -> Iterator[str]:
    yield say(area.value, titles)
    if area.of is not None:
        yield f"只看{condition(area.of, titles)}的"
    if area.by:
        yield f"按{'、'.join(titles.get(name, name) for name in area.by)}分别算"
    if area.aim is not None:
        yield f"目标：{say(area.aim, titles)}"


def _item(book: Rulebook, item: Item, titles: Mapping[str, str]) -> str:
    own = dict(titles)
    parts = []
    if item.from_ is not None:
        fact = book.facts[item.from_]
        own |= {name: field.title for name, field in fact.fields.items() if field.title}
        parts.append(f"看「{fact.title or item.from_}」")
    if item.for_ is not None:
        parts.append(f"只对{condition(item.for_, own)}的")
    if item.when is not None:
        parts.append(f"只算{condition(item.when, own)}的")
    if item.merge is not None:
        parts.append(f"先按{_window(item.merge, own)}合并")
    if item.value is not None:
        parts.append(f"数值取{say(item.value, own)}")
    parts += _scale(item, own)
    if item.restored is not None:
        parts.append(f"{condition(item.restored, own)}的不计")
    parts += [f"{_window(key, own)}最多计 {times} 次" for key, times in item.keep.items()]
    parts += [_limit(limit.per, limit.low, limit.high, own) for limit in item.limit]
    if item.drop:
        low, high = (say(one, own) for one in item.drop)
        parts.append(f"去掉 {low} 个最低、{high} 个最高")
    if item.combine in _COMBINE:
        parts.append(_COMBINE[item.combine])
    if item.quorum is not None:
        parts.append(f"不足 {say(item.quorum, own)} 条的留待裁定")
    return "；".join([*parts, *_bounds(item, titles, item.each)])


def _window(key: str, titles: Mapping[str, str]) -> str:
    return _WINDOWS.get(key) or f"同一{titles.get(key, key)}"


def _bounds(node: Item | Group, titles: Mapping[str, str], each: str | None) -> Iterator[str]:
    """What is done to the sum: floor, rounding, months brought together."""
    if node.floor is not None:
        yield f"最低 {say(node.floor, titles)} 分"
    if node.round is not None:
        yield f"保留 {node.round.places} 位小数"
    if node.across is not None:
        yield f"{_CELLS[each or 'month']}{_ACROSS[node.across]}"
    elif each is not None:
        yield f"{_CELLS[each]}分别计算"


def _scale(item: Item, titles: Mapping[str, str]) -> Iterator[str]:
    if item.start is not None:
        yield f"起评 {say(item.start, titles)} 分"
    if item.points is not None:
        points = say(item.points, titles)
        worded = f"「{points}」" if isinstance(item.points.tree, Name) else f" {points} 分"
        yield f"每条计{worded}" if item.from_ else f"计{worded}"
    if item.choice:
        yield "按选项计分：" + "、".join(f"{option} {points} 分" for option, points in item.choice.items())
    for row in item.steps:
        yield f"{condition(row.when, titles)}的计 {say(row.points, titles)} 分"
    for row in item.checks:
        yield f"{row.title or say(row.when, titles)}：{say(row.points, titles)} 分"
    if item.line:
        yield "按折线计分：" + "、".join(f"{at} 得 {points} 分" for at, points in item.line)


def _limit(per: str, low: object, high: object, titles: Mapping[str, str]) -> str:
    window = _window(per, titles)
    return f"{window}最多 {high} 分" if low is None else f"{window}在 {low} 到 {high} 分之间"


def _group(group: Group, titles: Mapping[str, str]) -> str:
    members = [
        titles.get(name, name) if weight == 1 else f"{titles.get(name, name)} × {weight.normalize():f}"
        for name, weight in group.of.items()
    ]
    word = {"mean": "的平均", "max": "中最高的", "min": "中最低的"}.get(group.combine, "")
    said = ("、".join(members) + word) if word else " + ".join(members)
    if group.keep:
        said = f"{'、'.join(members)}中最高的 {group.keep} 项的{'平均' if word else '合计'}"
    if group.start is not None:
        said += f"；起评 {say(group.start, titles)} 分"
    said = "；".join([said, *_bounds(group, titles, None)])
    return said + (
        f"；{condition(group.gate, titles)}时才计分，否则计 0 分" if group.gate is not None else ""
    )


def _cap(node: Item | Group, titles: Mapping[str, str]) -> str:
    return "" if node.cap is None else say(node.cap, titles)


def _decision(decision: Decision, titles: Mapping[str, str]) -> str:
    match decision:
        case Bands():
            said = [f"{condition(row.when, titles)}的为{row.grade}" for row in decision.rows]
            said += [f"更低的为{decision.below}"] if decision.below else []
            source = decision.from_ or ""
            return "；".join(said or [f"按「{titles.get(source, source)}」"])
        case Override():
            return f"{condition(decision.when, titles)}的，{_effect(decision)}"
        case Quota():
            return _quota(decision, titles)
        case Step():
            down = "降级不限" if decision.down is None else f"最多降 {decision.down} 级"
            return f"与上期相比最多升 {decision.up} 级，{down}"


def _effect(decision: Override) -> str:
    said = []
    if decision.out:
        said.append("不参加评定")
    if decision.score is not None:
        said.append("不计分" if decision.unscored else f"得分改为 {decision.score.text}")
    said += [f"直接定为{decision.grade}"] if decision.grade else []
    said += (
        [f"最高{'上期等次' if decision.at_most == 'previous' else decision.at_most}"]
        if decision.at_most
        else []
    )
    said += (
        [f"不低于{'上期等次' if decision.at_least == 'previous' else decision.at_least}"]
        if decision.at_least
        else []
    )
    said += [f"降 {decision.lower} 级"] if decision.lower else []
    said += [f"升 {decision.higher} 级"] if decision.higher else []
    said += [f"提请裁定：{decision.ask}"] if decision.ask else []
    said += ["以后各步不再改变"] if decision.final else []
    return "，".join(said)


def _quota(decision: Quota, titles: Mapping[str, str]) -> str:
    said = [f"在同一{'、'.join(titles.get(name, name) for name in decision.within)}内"] * bool(
        decision.within
    )
    if decision.for_ is not None:
        said.append(f"只对{condition(decision.for_, titles)}的")
    said += [f"{grade} {part:.2%}" for grade, part in decision.share.items()]
    said += [f"{grade} {number} 个" for grade, number in decision.places.items()]
    said += [f"{grade} {part} 份" for grade, part in decision.ratio.items()]
    if not decision.places:
        said.append(_ROUNDINGS[decision.rounding])
    said += [f"至少各 {decision.least} 名"] if decision.least else []
    said += (
        ["按" + "、再按".join(say(one, titles) for one in decision.rank) + "排名"] if decision.rank else []
    )
    said.append(_TIES[decision.ties])
    way = "从末位往前，取满为止" if decision.bottom else "从高到低取满，超出的归下一等"
    said.append(way + ("，余额顺延" if decision.carry_down else ""))
    return "；".join(said) + ("" if decision.hard else "（参考，不强制）")
