"""The whole reference: facts → nodes → decisions in the order written → outputs → area values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.support.reference.deciding import INCOMPLETE, RATED, State, States, begun, decided, env_of
from tests.support.reference.points import Person
from tests.support.reference.quotas import Key, every_outcome
from tests.support.reference.speech import Env, exact, meaning, number
from tests.support.reference.values import GONE, OPEN, Grade, No, Value, half_up, rounded
from tests.support.reference.world import World

from jiceng_sdk.expressions.tree import Call, Name, Tree, walk
from jiceng_sdk.rulebook import Area, Quota, Rulebook


@dataclass
class Result:
    """What the rules say of one subject. `states`: all it can still be; one = settled."""

    status: str
    score: Fraction | None
    grade: str | None
    states: States
    nodes: dict[str, Value]
    outputs: dict[str, Value] = field(default_factory=dict)


@dataclass
class Answer:
    """Results by subject, area values by (name, group) — None where an open subject leaves it open."""

    results: dict[str, Result]
    area: dict[tuple[str, str], Fraction | None] = field(default_factory=dict)


def evaluate(book: Rulebook, world: World) -> Answer:
    """Evaluate a rulebook by hand."""
    people: dict[str, Person] = {}

    def others(function: str, call: Call, person: Person, k: int | None) -> Value:
        return _cohort(function, call, person, list(people.values()), k)

    for subject in world.subjects:
        people[subject.name] = Person(book, subject, world, others)
    states = {name: begun(person) for name, person in people.items()}
    for rule in book.decide:
        for name, person in people.items():
            person.states = states[name]
        if isinstance(rule, Quota):
            states = _quota(rule, people, states)
        else:
            states = {name: decided(rule, people[name], states[name]) for name in people}
    results = {name: _result(people[name], states[name]) for name in people}
    for name, person in people.items():
        person.states = states[name]
    for output in book.outputs:
        for name, person in people.items():
            _put_out(output, person, results[name])
    return Answer(results, _areas(book, people))


def _cohort(function: str, call: Call, person: Person, people: list[Person], k: int | None) -> Value:
    over = person.book.cohort if call.over is None else [word.value for word in call.over]

    def key(one: Person) -> list[Value]:
        return [one.read(name) for name in over]

    own = _told_by(person, call.args[0], k)
    peers = [_told_by(one, call.args[0], k) for one in people if key(one) == key(person)]
    if function == "cohort_count":
        return Fraction(sum(value is True for value in peers))
    values = sorted(value for value in peers if isinstance(value, Fraction))
    if function in ("cohort_rank", "cohort_dense"):
        better = [value for value in values if not isinstance(own, No) and value > exact(own)]
        many = len(better) if function == "cohort_rank" else len({*better})
        return OPEN if isinstance(own, No) else Fraction(1 + many)
    if function == "cohort_sum":
        return sum(values, Fraction(0))
    if not values:
        return OPEN
    if function == "cohort_deviation":
        places = meaning(call.args[1], person.env(k))
        return _deviation([_told(value) for value in values], int(exact(places)))
    return _of(function, values)


def _told_by(person: Person, tree: Tree, k: int | None) -> Value:
    """What a subject has of it: the same in every state it can still be in, else there is no answer yet."""
    states: States = person.states
    lacking = any(state.status == INCOMPLETE for state in states)
    if k is not None or not states or (lacking and person.knows("status")):
        return meaning(tree, person.env(k))
    found = {meaning(tree, env_of(person, state)) for state in states}
    return found.pop() if len(found) == 1 else OPEN


def _of(function: str, values: list[Fraction]) -> Fraction:
    """What becomes of a cohort's numbers, which are in order."""
    total, middle = sum(values, Fraction(0)), len(values) // 2
    return {
        "cohort_max": values[-1],
        "cohort_min": values[0],
        "cohort_median": (values[middle] + values[-middle - 1]) / 2,
        "cohort_mean": total / len(values),
    }[function]


def _told(x: Fraction) -> Fraction:
    """A number as it is written; a quotient, which cannot be, at its 12 places."""
    return x if 10**24 % x.denominator == 0 else half_up(x, 12)


def _deviation(values: list[Fraction], places: int) -> Fraction:
    """The largest decimal whose lower neighbour's middle is not above the root: half up, found by halving."""
    mean = sum(values, Fraction(0)) / len(values)
    square = sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)
    low, high = 0, 1 + (int(max(values) - min(values)) + 1) * 10**places
    while high - low > 1:
        middle = (low + high) // 2
        if Fraction(2 * middle - 1, 2 * 10**places) ** 2 <= square:
            low = middle
        else:
            high = middle
    return Fraction(low, 10**places)


def _quota(rule: Quota, people: Mapping[str, Person], states: Mapping[str, States]) -> dict[str, States]:
    """Those whose grade is settled are ranked; who still waits keeps waiting and is counted in the base."""
    after = dict(states)
    groups: dict[tuple[Value, ...], list[str]] = {}
    for name, person in people.items():
        groups.setdefault(tuple(person.read(word) for word in rule.within), []).append(name)
    for names in groups.values():
        _one_cohort(rule, people, states, after, names)
    return after


def _one_cohort(
    rule: Quota,
    people: Mapping[str, Person],
    states: Mapping[str, States],
    after: dict[str, States],
    names: list[str],
) -> None:
    book = next(iter(people.values())).book
    base, used, members = 0, dict.fromkeys(book.grades, 0), {}
    for name in names:
        env = env_of(people[name], next(iter(states[name])))
        mine = rule.for_ is None or meaning(rule.for_, env) is True
        statuses = {state.status for state in states[name]}
        base += (meaning(rule.base, env) is True) if rule.base else mine and statuses <= {RATED, INCOMPLETE}
        state = next(iter(states[name]))
        if len(states[name]) > 1 or not mine or state.status != RATED or state.score is OPEN:
            continue
        if state.final and isinstance(state.grade, Grade) and rule.final_uses_places:
            used[book.grades[len(book.grades) - state.grade.level]] += 1
        if not state.final and (rule.ratio or isinstance(state.grade, Grade)):
            level = state.grade.level if isinstance(state.grade, Grade) else 0
            members[name] = (_key(rule, env, book), level)
    if not rule.hard:
        return
    for name, levels in every_outcome(rule, book.grades, members, base, used).items():
        state = next(iter(states[name]))
        after[name] = frozenset(
            State(state.status, state.score, Grade(level), state.final) for level in levels
        )


def _key(rule: Quota, env: Env, book: Rulebook) -> Key:
    if not rule.rank:
        return (exact(env.read(book.score)),)
    return tuple(number(formula, env) or Fraction(0) for formula in rule.rank)


def _result(person: Person, states: States) -> Result:
    book, state = person.book, next(iter(states))
    # a total nobody knows and no total at all are shown alike: nobody is asked which of them it is
    shown = {each: each.score if isinstance(each.score, Fraction) else None for each in states}
    ends = {(each.status, shown[each], each.grade) for each in states}
    one = len(ends) == 1 and state.grade is not OPEN
    open_score = any(each.score is OPEN and not each.direct for each in states)
    waiting = INCOMPLETE if state.status == INCOMPLETE else "needs_ruling"
    status = state.status if one and not open_score else waiting
    scores = {state.score for state in states}
    score = next(iter(scores)) if len(scores) == 1 and status != INCOMPLETE else OPEN
    grade: Grade | No = state.grade if status not in ("needs_ruling", INCOMPLETE) else OPEN
    result = Result(
        status=status,
        score=score if isinstance(score, Fraction) else None,
        grade=book.grades[len(book.grades) - grade.level] if isinstance(grade, Grade) else None,
        states=states,
        nodes={name: person.read(name) for name in person.nodes if person._unit(name) is None},
    )
    person.put("grade", grade)
    person.put("status", status)
    person.put(book.score, score)
    return result


def _put_out(name: str, person: Person, result: Result) -> None:
    """One output, after everybody's grade and total are known and the outputs before it."""
    output = person.book.outputs[name]
    value = meaning(output.value, person.env())
    if output.round is not None and isinstance(value, Fraction):
        value = rounded(value, output.round.places, output.round.mode)
    person.put(name, value)
    result.outputs[name] = value
    if value is OPEN and result.status == RATED:
        result.status, result.grade = "needs_ruling", None  # an open node that an output reads is asked


def _areas(book: Rulebook, people: Mapping[str, Person]) -> dict[tuple[str, str], Fraction | None]:
    found: dict[tuple[str, str], Fraction | None] = {}
    for name, area in book.area.items():
        groups: dict[str, list[Person]] = {} if area.by else {"": []}
        for person in people.values():
            if area.of is None or meaning(area.of, person.env()) is True:
                groups.setdefault("/".join(str(person.read(word)) for word in area.by), []).append(person)
        for group, members in groups.items():
            found[name, group] = _area(area, members, found, group)
    return found


def _area(
    area: Area, members: list[Person], found: Mapping[tuple[str, str], Fraction | None], group: str
) -> Fraction | None:
    def read(name: str) -> Value:
        value = found.get((name, group), found.get((name, "")))
        return OPEN if value is None else value

    calls: dict[str, Any] = {
        word: (lambda call, _env, word=word: _aggregate(word, call, members))
        for word in ("share", "mean", "sum", "count")
    }
    value = meaning(area.value, Env(read, (), calls))
    return value if isinstance(value, Fraction) else None


def _aggregate(word: str, call: Call, members: list[Person]) -> Value:
    values = [meaning(call.args[0], member.env()) if call.args else True for member in members]
    if OPEN in values:
        return OPEN
    if word in ("share", "count"):
        hits = Fraction(sum(value is True for value in values))
        return hits if word == "count" else hits / len(values) if values else OPEN
    numbers = [exact(value) for value in values if value is not GONE]
    total = sum(numbers, Fraction(0))
    return total if word == "sum" else total / len(numbers) if numbers else OPEN


def reads(tree: Any) -> set[str]:
    """Names a formula reads."""
    return {part.name for part in walk(tree) if isinstance(part, Name)}
