"""From the total down the tree: one line per item, one for everything that changes the sum on the way up."""

from fractions import Fraction

from jiceng_sdk.engine.lines.comparing import compared_with
from jiceng_sdk.engine.lines.line import Draft, LineKind, said, signed
from jiceng_sdk.engine.lines.record import Record, fraction
from jiceng_sdk.rulebook import Analysis, Group, Item, Node
from jiceng_sdk.rulebook.parts import Rounding

ZERO, ONE = Fraction(0), Fraction(1)
MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进位"}


class Fold:
    """Collects the lines of one subject."""

    def __init__(self, analysis: Analysis, record: Record) -> None:
        self.book, self.analysis, self.record = analysis.book, analysis, record
        self.drafts: list[Draft] = []

    def node(self, name: str, weight: Fraction, depth: int) -> None:
        """All lines of an item or group; together they give value × weight."""
        part = self.book.items.get(name) or self.book.groups[name]
        value = self.record.value(name)
        self._compared(name, part, depth)
        if not self.record.applies(name):
            self.say(
                name, part, "item", ZERO, f"{self.title(name)}：不适用于该对象，不计分", depth=depth, raw=ZERO
            )
            return
        if value is None:
            return
        before = self.total()
        if isinstance(part, Group) and part.across is None:
            raw = self._members(name, part, weight, depth)
        else:
            raw = self._own(name, part, value, weight, depth)
        self._adjusted(name, part, raw, value, weight, depth)
        self._rest(name, part, value * weight - (self.total() - before), weight, depth)

    def _compared(self, name: str, part: Node, depth: int) -> None:
        """What it was compared with, before what came of it."""
        section = "items" if name in self.book.items else "groups"
        for words in compared_with(self.analysis, self.record, name):
            because, path = f"{self.title(name)}：{words}", f"{section}.{name}.compared"
            self.say(name, part, "compared", ZERO, because, depth=depth + 1, path=path)

    def total(self) -> Fraction:
        """Points of all lines so far."""
        return sum((draft.points for draft in self.drafts), ZERO)

    def title(self, name: str) -> str:
        """What the part is called."""
        part = self.book.items.get(name) or self.book.groups[name]
        return part.title or name

    def say(
        self,
        name: str,
        part: Node,
        kind: LineKind,
        points: Fraction,
        because: str,
        *,
        depth: int,
        raw: Fraction | None = None,
        path: str = "",
    ) -> None:
        """Add a line."""
        section = "items" if name in self.book.items else "groups"
        self.drafts.append(
            Draft(
                path=path or f"{section}.{name}",
                title=part.title or name,
                clause=part.clause,
                kind=kind,
                points=points,
                because=because,
                raw=raw,
                depth=depth,
            )
        )

    def _members(self, name: str, group: Group, weight: Fraction, depth: int) -> Fraction:
        """Lines of the members; returns the group's combined value."""
        here = {m: Fraction(w) for m, w in group.of.items() if self.record.applies(m)}
        values = {m: self.record.value(m) for m in here}
        if self.record.flag(name, "gate") is False and None in values.values():
            return ZERO
        parts = self._parts(group, here, {m: v or ZERO for m, v in values.items()})
        for member in group.of:
            share = parts.get(member)
            if member not in here:
                self.node(member, ZERO, depth + 1)
            elif share is None:
                taken = (
                    "最低" if group.combine == "min" else f"最高的 {group.keep} 项" if group.keep else "最高"
                )
                because = f"{self.title(member)} {signed(values[member] or ZERO)}：未取（本组取{taken}）"
                self.say(
                    member, self._part(member), "pick", ZERO, because, depth=depth + 1, raw=values[member]
                )
            else:
                self.node(member, weight * share, depth + 1)
                self._weighed(name, group, member, share, values[member] or ZERO, depth + 1)
        return sum(((values[m] or ZERO) * share for m, share in parts.items()), ZERO)

    def _part(self, name: str) -> Item | Group:
        return self.book.items.get(name) or self.book.groups[name]

    def _parts(
        self, group: Group, here: dict[str, Fraction], values: dict[str, Fraction]
    ) -> dict[str, Fraction]:
        """The factor of each member that counts."""
        if group.keep:
            best = sorted(here, key=lambda m: -values[m] * here[m])[: group.keep]
            here = {m: w for m, w in here.items() if m in best}
        if group.combine == "sum":
            return here
        if group.combine == "mean":
            whole = sum(here.values(), ZERO)
            return {m: w / whole for m, w in here.items()} if whole else {}
        if not here:
            return {}
        pick = max if group.combine == "max" else min
        chosen = pick(here, key=lambda m: values[m] * here[m])
        return {chosen: here[chosen]}

    def _weighed(
        self, name: str, group: Group, member: str, share: Fraction, value: Fraction, depth: int
    ) -> None:
        """A weight or a mean is said on a line of its own."""
        if share == ONE:
            return
        kind: LineKind = "mean" if group.combine == "mean" else "weight"
        word = "平均，占" if kind == "mean" else "折算 ×"
        became = f"{word}{said(share)}，得 {said(value * share)} 分"
        because = f"{self.title(member)} {said(value)} 分，在{self.title(name)}中{became}"
        self.say(member, self._part(member), kind, ZERO, because, depth=depth, raw=value * share)

    def _own(self, name: str, part: Item | Group, value: Fraction, weight: Fraction, depth: int) -> Fraction:
        """Lines of an item, or of a node brought up from its sub-periods."""
        raw = self.record.mark(name, "raw")
        raw = value if raw is None else raw
        if self.record.flag(name, "gate") is False:
            raw = value if self.record.mark(name, "raw") is None else raw
        back = self.record.mark(name, "back") or ZERO
        checks = self._checks(name, part, weight, depth)
        gross = raw - checks + (back if checks == ZERO else ZERO)
        if gross or checks == ZERO or not isinstance(part, Item):
            self.say(
                name, part, "item", gross * weight, self._because(name, part, gross), depth=depth, raw=gross
            )
        if back and checks == ZERO:
            self.say(
                name,
                part,
                "restored",
                -back * weight,
                f"{self.title(name)}：予以恢复 {signed(-back)}",
                depth=depth,
                raw=-back,
            )
        self._sub_periods(name, part, depth + 1)
        return raw

    def _checks(self, name: str, part: Item | Group, weight: Fraction, depth: int) -> Fraction:
        """A line per row of a rubric that matched; returns their sum."""
        whole = ZERO
        if not isinstance(part, Item):
            return whole
        for n, row in enumerate(part.checks):
            found = self.record.mark(name, f"check{n}") or ZERO
            if not found:
                continue
            whole += found
            words = row.title or row.when.text
            named = row_as_part(row.title or part.title or name, row.clause or part.clause)
            because = f"{self.title(name)}：{words} {signed(found)}"
            path = f"items.{name}.checks[{n}]"
            self.say(name, named, "check", found * weight, because, depth=depth, raw=found, path=path)
        return whole

    def _because(self, name: str, part: Item | Group, raw: Fraction) -> str:
        title = self.title(name)
        if raw:
            return f"{title} {signed(raw)}"
        if isinstance(part, Item) and part.from_ and self.book.facts[part.from_].rows:
            return f"{title}：没有可计分的记录，计 0 分"
        return f"{title}：计 0 分"

    def _sub_periods(self, name: str, part: Item | Group, depth: int) -> None:
        """What each month or quarter gave, as far as it gave something or did not count."""
        unit = self.analysis.each.get(name)
        if unit is None:
            return
        word = {"month": "月", "quarter": "季", "half": "半年"}[unit]
        for row in self.record.cells.get(unit, []):
            k = row["k"]
            number = int(k) + 1 if isinstance(k, int) else 0
            value = fraction(row.get(name))
            if row.get(f"{name}:applies") is False:
                because = f"{self.title(name)} 第 {number} {word}：不计入"
                self.say(name, part, "part", ZERO, because, depth=depth)
            elif value:
                because = f"{self.title(name)} 第 {number} {word}：{signed(value)}"
                self.say(name, part, "part", ZERO, because, depth=depth, raw=value)

    def _adjusted(
        self, name: str, part: Node, raw: Fraction, value: Fraction, weight: Fraction, depth: int
    ) -> None:
        """Start, cap, floor, round, gate: each a line when it changed something."""
        now = self._bounds(name, part, raw, weight, depth)
        closed = self.record.flag(name, "gate") is False
        after = value if not closed else (self._rounded(now, part.round) if part.round else now)
        if part.round is not None and after != now:
            mode = MODES[part.round.mode]
            became = f"{said(now)} 记为 {said(after)}"
            because = f"{self.title(name)}：保留 {part.round.places} 位小数（{mode}），{became}"
            self.say(name, part, "round", (after - now) * weight, because, depth=depth, raw=after - now)
            now = after
        if closed and now != ZERO:
            because = f"{self.title(name)}：必备条件未达到，本组不计"
            self.say(name, part, "gate", -now * weight, because, depth=depth, raw=-now)
        elif closed:
            self.say(
                name,
                part,
                "gate",
                ZERO,
                f"{self.title(name)}：必备条件未达到，本组计 0 分",
                depth=depth,
                raw=ZERO,
            )

    def _bounds(self, name: str, part: Node, raw: Fraction, weight: Fraction, depth: int) -> Fraction:
        """Start is added, then cap and floor are applied; returns where that leads."""
        now = raw
        words: tuple[tuple[LineKind, str], ...] = (("start", "起评"), ("cap", "封顶"), ("floor", "保底"))
        for word, said_as in words:
            formula = getattr(part, word)
            bound = None if formula is None else self.record.bound(name, word, formula)
            if bound is None:
                continue
            to = {"start": now + bound, "cap": min(now, bound), "floor": max(now, bound)}[word]
            if to != now:
                because = f"{self.title(name)}：{said_as} {said(bound)} 分"
                self.say(name, part, word, (to - now) * weight, because, depth=depth, raw=to - now)
            now = to
        return now

    @staticmethod
    def _rounded(value: Fraction, rule: Rounding) -> Fraction:
        """The value a closed gate hid, rounded half up; only its line shows it."""
        scaled = abs(value) * 10**rule.places
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Fraction(whole if value >= 0 else -whole, 10**rule.places)

    def _rest(self, name: str, part: Node, rest: Fraction, weight: Fraction, depth: int) -> None:
        """Guard digits of quotients, or a value that a ruling set."""
        if not rest:
            return
        if abs(rest) < Fraction(1, 10**9) and self.drafts:
            self.drafts[-1].points += rest
            return
        because = f"{self.title(name)}：按裁定计 {signed(rest / weight if weight else rest)}"
        self.say(name, part, "ruling", rest, because, depth=depth, raw=rest / weight if weight else None)


def row_as_part(title: str, clause: str) -> Node:
    """Title and clause of a row of a rubric."""
    return Node(title=title, clause=clause)
