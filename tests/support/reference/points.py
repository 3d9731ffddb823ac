"""Items and groups of one subject, per month and per period; a name is computed when somebody reads it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.support.reference import calendar
from tests.support.reference.rows import MONTHS, from_rows, window
from tests.support.reference.scale import scaled
from tests.support.reference.speech import Env, meaning, number
from tests.support.reference.values import GONE, OPEN, Grade, No, Value, rounded
from tests.support.reference.world import Subject, World

from jiceng_sdk.expressions.functions import FUNCTIONS
from jiceng_sdk.expressions.tree import Call, names
from jiceng_sdk.rulebook import Group, Item, Node, Rulebook

Others = Callable[[str, Call, "Person", int | None], Value]


class Person:
    """Everything the rulebook says of one subject, lazily: `read(name)`, within months `read(name, k)`."""

    def __init__(self, book: Rulebook, subject: Subject, world: World, others: Others) -> None:
        self.book, self.subject, self.world, self._others = book, subject, world, others
        self._known: dict[tuple[str, int | None], Value] = {}
        self.nodes: dict[str, Item | Group] = {**book.items, **book.groups}
        self.states: Any = frozenset()  # how it can stand before the decision that is looked at

    def env(self, k: int | None = None) -> Env:
        """Names of the period, or of one of its months."""
        calls: dict[str, Any] = {
            name: (lambda call, _env, name=name: self._others(name, call, self, k))
            for name in FUNCTIONS
            if name.startswith("cohort_")
        } | calendar.calls(self.book)
        if k is None:
            calls |= {"streak": self._streak_of_periods, "times": self._times}
        else:
            calls |= {
                "next": lambda call, _env: self._beside(call, k, 1),
                "prior": lambda call, _env: self._beside(call, k, -1),
                "streak": lambda call, _env: self._streak_of_cells(call, k),
            }
        return Env(lambda name: self.read(name, k), self.book.grades, calls)

    def read(self, name: str, k: int | None = None) -> Value:
        """The value of a name; `k` is the month or quarter it is read in."""
        if k is not None and self._unit(name) is None:
            k = None
        if (name, k) not in self._known:
            self._known[name, k] = self._find(name, k)
        return self._known[name, k]

    def put(self, name: str, value: Value) -> None:
        """Set what decisions and outputs make: grade, status, score, an output."""
        self._known[name, None] = value

    def knows(self, name: str) -> bool:
        """Whether it has been set or read."""
        return (name, None) in self._known

    def _find(self, name: str, k: int | None) -> Value:
        if name in self.nodes:
            return self._node(name, k)
        if name in self.book.facts:
            return self._fact(name, k)
        if name in self.book.classes:
            return meaning(self.book.classes[name], self.env())
        if name.startswith("previous."):
            return self.past(name.count("previous."), name.rsplit(".", maxsplit=1)[-1])
        if name == "period.start":
            return self.world.start
        assert name == "period.end", name
        return self.world.end

    def _fact(self, name: str, k: int | None) -> Value:
        fact = self.book.facts[name]
        given = self.subject.values.get(name) if k is None else self.subject.cells.get(name, {}).get(k)
        if given is not None:
            return given  # type: ignore[no-any-return] # the world holds values
        match fact.kind:
            case "number":
                return OPEN if fact.default is None else Fraction(fact.default)
            case "flag":
                return OPEN if fact.required else bool(fact.default)
            case "choice":
                return OPEN if fact.absent is None else fact.absent
        return OPEN

    def past(self, back: int, name: str) -> Value:
        """A value of an earlier result; GONE when there is none."""
        row = next((row for row in self.subject.previous if row["back"] == back), {})
        found = row.get(name)
        if found is None:
            return GONE
        return Grade(self.book.level(found)) if name == "grade" else found

    def _unit(self, name: str) -> str | None:
        """The sub-period in which others see the name."""
        if name in self.book.facts:
            return self.book.facts[name].each
        node = self.nodes.get(name)
        return None if node is None or node.across else self._each(name)

    def _each(self, name: str) -> str | None:
        node = self.nodes[name]
        if isinstance(node, Item):
            return node.each
        return next((unit for member in node.of if (unit := self._unit(member))), None)

    def cells(self, unit: str) -> range:
        """Numbers of the months or quarters of the period."""
        return range(-(-self.world.months // MONTHS[unit]))

    def _beside(self, call: Call, k: int, by: int) -> Value:
        unit = self._cell_unit(call)
        if k + by in self.cells(unit):
            return meaning(call.args[0], self.env(k + by))
        here = meaning(call.args[0], self.env(k))
        return False if isinstance(here, bool) else GONE

    def _streak_of_cells(self, call: Call, k: int) -> Value:
        n = 0
        while k - n >= 0:
            hit = meaning(call.args[0], self.env(k - n))
            if isinstance(hit, No):
                return OPEN
            if not hit:
                break
            n += 1
        return Fraction(n)

    def _cell_unit(self, call: Call) -> str:
        return next(unit for name in names(call) if (unit := self._unit(name)))

    def then(self, back: int) -> Env:
        """Names as they were an earlier period: its score, grade, outputs."""

        def read(name: str) -> Value:
            plain = "score" if name == self.book.score else name.rsplit(".", maxsplit=1)[-1]
            return self.past(back + name.count("previous."), plain)

        return Env(read, self.book.grades)

    def _streak_of_periods(self, call: Call, env: Env) -> Value:
        now = meaning(call.args[0], env)
        if isinstance(now, No):
            return OPEN
        n = Fraction(0)
        while now is True:
            n += 1
            now = meaning(call.args[0], self.then(int(n)))
        return n

    def _times(self, call: Call, env: Env) -> Value:
        now = meaning(call.args[0], env)
        if isinstance(now, No):
            return OPEN
        last = int(number(call.args[1], env) or 0) - 1 if len(call.args) > 1 else 1000
        backs = [int(row["back"]) for row in self.subject.previous if int(row["back"]) <= last]
        return Fraction(bool(now) + sum(meaning(call.args[0], self.then(back)) is True for back in backs))

    def _node(self, name: str, k: int | None) -> Value:
        node, env = self.nodes[name], self.env(k)
        if k is None and self._each(name):
            whole = self._across(name, node)
            return whole if whole is GONE else self._finished(node, whole, env)
        meant = meaning(node.for_, env) if node.for_ else True
        if meant is False:
            return GONE
        if isinstance(meant, No):
            return OPEN
        return _gated(node, self._finished(node, self._raw(node, k), env), env)

    def _raw(self, node: Item | Group, k: int | None) -> Value:
        env = self.env(k)
        if isinstance(node, Group):
            return self._group(node, k)
        fact = self.book.facts.get(node.from_ or "")
        if fact is not None and fact.rows:
            rows = self.subject.rows.get(node.from_ or "", [])
            if k is not None:
                rows = [row for row in rows if window(node.each or "", row, self.world) == k]
            return _open(from_rows(self.book, node, rows, env, self.world))
        hit = meaning(node.when, env) if node.when else True
        mended = meaning(node.restored, env) if node.restored else False
        if isinstance(hit, No) or isinstance(mended, No):
            return OPEN
        return Fraction(0) if not hit or mended else _open(scaled(node, env, fact))

    def _group(self, group: Group, k: int | None) -> Value:
        members = [(self.read(name, k), Fraction(weight)) for name, weight in group.of.items()]
        terms, weights = [], []
        for value, weight in members:
            if value is GONE:
                continue
            if value is OPEN:
                return OPEN
            terms.append(value * weight)  # type: ignore[operator] # members are numbers
            weights.append(weight)
        if group.keep:
            best = sorted(range(len(terms)), key=lambda n: -terms[n])[: group.keep]
            terms, weights = [terms[n] for n in best], [weights[n] for n in best]
        match group.combine:
            case "sum":
                return sum(terms, Fraction(0))
            case "mean":
                return sum(terms, Fraction(0)) / sum(weights) if sum(weights) else OPEN
            case "max":
                return max(terms) if terms else OPEN
            case _:
                return min(terms) if terms else OPEN

    def _across(self, name: str, node: Item | Group) -> Value:  # noqa: PLR0911 - one answer per word
        values = [self._in_cell(node, k) for k in self.cells(self._each(name) or "")]
        live = [value for value in values if value is not GONE]
        if any(value is OPEN for value in live):
            return OPEN
        numbers = [value for value in live if isinstance(value, Fraction)]
        if not numbers:
            return (GONE if node.for_ else OPEN) if node.across == "mean" else Fraction(0)
        match node.across:
            case "mean":
                return sum(numbers, Fraction(0)) / len(numbers)
            case "max":
                return max(numbers)
            case "min":
                return min(numbers)
            case "last":
                return numbers[-1]
            case _:
                return sum(numbers, Fraction(0))

    def _in_cell(self, node: Item | Group, k: int) -> Value:
        """A node with `across` in one month: its raw value; start, cap … come over the period."""
        env = self.env(k)
        meant = meaning(node.for_, env) if node.for_ else True
        if meant is False:
            return GONE
        return OPEN if isinstance(meant, No) else _gated(node, self._raw(node, k), env)

    def _finished(self, node: Node, raw: Value, env: Env) -> Value:
        """start → cap → floor → round."""
        x: Fraction | None = raw if isinstance(raw, Fraction) else None
        for formula, act in ((node.start, _plus), (node.cap, min), (node.floor, max)):
            if formula is not None:
                y = number(formula, env)
                x = None if x is None or y is None else act(x, y)
        if node.round is not None and x is not None:
            x = rounded(x, node.round.places, node.round.mode)
        return OPEN if x is None else x


def _gated(node: Node, value: Value, env: Env) -> Value:
    """The gate acts last: not met makes exactly 0, even of what is open."""
    gate = meaning(node.gate, env) if isinstance(node, Group) and node.gate else True
    if gate is False:
        return Fraction(0)
    return OPEN if isinstance(gate, No) else value


def _plus(x: Fraction, y: Fraction) -> Fraction:
    return x + y


def _open(x: Fraction | None) -> Value:
    return OPEN if x is None else x
