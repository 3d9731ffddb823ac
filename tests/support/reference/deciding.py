"""Decisions of one subject, in the order written: every state it can still be in is carried along."""

from dataclasses import dataclass, replace
from fractions import Fraction

from tests.support.reference.points import Person
from tests.support.reference.speech import Env, meaning, number
from tests.support.reference.values import GONE, OPEN, Grade, No, Value, compared

from jiceng_sdk.expressions.tree import Compare, Name, Number, walk
from jiceng_sdk.rulebook import Bands, Decision, Override, Rulebook, Step

RATED, INCOMPLETE = "rated", "incomplete"


@dataclass(frozen=True)
class State:
    """One way a subject can stand. `grade` OPEN: left to a ruling; GONE: none, or not yet given.

    `direct`: a decision gave grade or score outright, so that an open score no longer matters.
    """

    status: str = RATED
    score: Fraction | No = GONE
    grade: Grade | No = GONE
    final: bool = False
    direct: bool = False


States = frozenset[State]


def begun(person: Person) -> States:
    """Before the first decision."""
    book = person.book
    score = person.read(book.score) if book.score in person.nodes else GONE
    assert isinstance(score, Fraction | No)
    if lacking(person):
        return frozenset({State(status=INCOMPLETE, score=score)})
    return frozenset({State(score=score)})


def lacking(person: Person) -> tuple[str, ...]:
    """Facts that must be handed in and were not (months as `fact[k]`)."""
    found = []
    for name, fact in person.book.facts.items():
        if fact.rows or not fact.must_be_given:
            continue
        if fact.for_ and meaning(fact.for_, person.env()) is not True:
            continue
        if fact.each:
            found += [f"{name}[{k}]" for k in person.cells(fact.each) if person.read(name, k) is OPEN]
        elif person.read(name) is OPEN:
            found.append(name)
    return tuple(found)


def decided(rule: Decision, person: Person, states: States) -> States:
    """The states after a decision of one subject alone (bands, override, step)."""
    return frozenset(after for state in states for after in _after(rule, person, state))


def env_of(person: Person, state: State) -> Env:
    """Names as a decision reads them in this state."""
    own: dict[str, Value] = {"grade": state.grade, "status": state.status, person.book.score: state.score}
    return person.env().over(own)


def _after(rule: Decision, person: Person, state: State) -> States:
    env = env_of(person, state)
    mine = meaning(rule.for_, env) if rule.for_ else True
    if mine is False:
        return frozenset({state})
    match rule:
        case Bands():
            found = _bands(rule, person.book, state, env)
        case Override():
            found = _override(rule, person, state, env)
        case Step():
            found = _step(rule, person, state, env)
        case _:
            raise AssertionError(rule)
    return found | {state} if isinstance(mine, No) else found


def _bands(rule: Bands, book: Rulebook, state: State, env: Env) -> States:
    if state.status != RATED or state.final or state.grade is OPEN:
        return frozenset({state})
    if rule.from_:
        word = env.read(rule.from_)
        return frozenset({replace(state, grade=Grade(book.level(word)) if isinstance(word, str) else OPEN)})
    hits = [(meaning(row.when, env), row.grade) for row in rule.rows]
    if rule.below:
        name, lowest = _lowest(rule)
        hits.append((compared("<", env.read(name), lowest), rule.below))
    sure = [grade for hit, grade in hits if hit is True]
    maybe = [grade for hit, grade in hits if hit is not False]
    if len(sure) == 1 and len(maybe) == 1:
        return frozenset({replace(state, grade=Grade(book.level(sure[0])))})
    among = maybe or [row.grade for row in rule.rows]
    return frozenset(replace(state, grade=Grade(book.level(grade))) for grade in among)


def _lowest(rule: Bands) -> tuple[str, Fraction]:
    """The name the rows read and the lowest number it is compared with."""
    compares = [part for row in rule.rows for part in walk(row.when.tree) if isinstance(part, Compare)]
    numbers = [Fraction(arg.value) for part in compares for arg in part.args if isinstance(arg, Number)]
    names = [arg.name for part in compares for arg in part.args if isinstance(arg, Name)]
    return names[0], min(numbers)


def _override(rule: Override, person: Person, state: State, env: Env) -> States:
    hit = meaning(rule.when, env)
    if hit is False or state.final or state.status not in (RATED, INCOMPLETE):
        return frozenset({state})
    if isinstance(hit, No) and state.status == INCOMPLETE:
        return frozenset({state})
    with_it = _overridden(rule, person, state, env)
    return frozenset({with_it, state}) if isinstance(hit, No) else frozenset({with_it})


def _overridden(rule: Override, person: Person, state: State, env: Env) -> State:
    if rule.ask:
        return replace(state, grade=OPEN, direct=False)
    if rule.out:
        state = replace(state, status=rule.out, score=GONE, grade=GONE)
    if rule.score is not None:
        worth = None if rule.unscored else number(rule.score, env)
        state = replace(state, score=GONE if rule.unscored else OPEN if worth is None else worth)
    if rule.grade:
        state = replace(state, grade=Grade(person.book.level(rule.grade)), direct=True)
    if isinstance(state.grade, Grade):
        state = replace(state, grade=_bounded(rule, person, state.grade))
    return replace(state, final=state.final or rule.final)


def _bounded(rule: Override, person: Person, grade: Grade) -> Grade:
    for bound, pick in ((rule.at_most, min), (rule.at_least, max)):
        if bound is None:
            continue
        to = person.past(1, "grade") if bound == "previous" else Grade(person.book.level(bound))
        grade = pick(grade, to) if isinstance(to, Grade) else grade
    return min(max(Grade(grade.level - rule.lower + rule.higher), Grade(1)), Grade(len(person.book.grades)))


def _step(rule: Step, person: Person, state: State, env: Env) -> States:
    if state.status != RATED or state.final or not isinstance(state.grade, Grade):
        return frozenset({state})
    before = person.past(1, "grade")
    level = before.level if isinstance(before, Grade) else 0
    top = person.book.level(rule.first) if rule.first and level == 0 else level + rule.up
    skip = meaning(rule.skip, env) if rule.skip else False
    held = min(state.grade, Grade(top))
    found = (
        {True: {state.grade}, False: {held}}.get(skip, {state.grade, held})
        if isinstance(skip, bool)
        else {state.grade, held}
    )
    if rule.down is not None:
        found = {max(grade, Grade(max(level - rule.down, 1))) for grade in found}
    return frozenset(replace(state, grade=grade) for grade in found)
