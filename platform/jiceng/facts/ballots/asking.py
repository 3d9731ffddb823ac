"""What a ballot may ask: the facts of a scheme it can feed, and the options that come with them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.ballots.schemas import Measure, Option
from jiceng.facts.rows.checking import handed_in
from jiceng.facts.rows.rules import rules_for
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid
from jiceng.schemes.queries import in_force, rulebook_for, scheme, schemes

if TYPE_CHECKING:
    from datetime import date

    from jiceng.roster.queries import SubjectKind
    from jiceng_sdk.rulebook import Fact

PARTY = "party"
USUAL: dict[str, tuple[Option, ...]] = {
    "grades": tuple(
        Option(name, Decimal(points), points >= Decimal(85))
        for name, points in (("优秀", 100), ("合格", 85), ("基本合格", 70), ("不合格", 50))
    ),
    "satisfied": tuple(
        Option(name, Decimal(points), points >= Decimal(80))
        for name, points in (("满意", 100), ("基本满意", 80), ("不满意", 40), ("不了解", 0))
    ),
}
"""The two sets of answers that ballots use most; points and what counts as satisfied can be changed."""


SINGLE: dict[str, tuple[Measure, ...]] = {"number": ("rate", "mark"), "choice": ("choice",)}
"""What a fact with one value for each subject can take."""


class Asked(msgspec.Struct, frozen=True):
    """Where counted votes go: the fact and its fields, the options and parties its rules know."""

    kind: SubjectKind
    party_field: str = ""
    option_field: str = ""
    options: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    places: int = 2


class Target(msgspec.Struct, frozen=True):
    """A fact a ballot can feed, for the form: `key` is scheme:fact."""

    key: str
    title: str
    measures: tuple[Measure, ...]


def fields_for_votes(fact: Fact) -> tuple[str, str] | None:
    """The party's field ("" for none) and the option's of a ballot fact; None when it has others."""
    if fact.kind != "ballot" or any(field.kind != "choice" for field in fact.fields.values()):
        return None
    match tuple(fact.fields):
        case (option,):
            return "", option
        case (first, second):
            return (second, first) if second == PARTY else (first, second)
    return None


async def targets() -> list[Target]:
    """Every fact of the tenant's schemes that votes can be counted into."""
    found: list[Target] = []
    for one in await schemes():
        if not one.available:
            continue
        if await in_force(one.key, today()) is None:
            continue
        book = (await rulebook_for(one.key, today())).book
        for name, fact in handed_in(book).items():
            title = f"{one.title}：{fact.title or name}"
            if fields_for_votes(fact) is not None:
                found.append(Target(f"{one.key}:{name}", title, ("votes",)))
            elif fact.kind in SINGLE:
                found.append(Target(f"{one.key}:{name}", title, SINGLE[fact.kind]))
    return found


async def asked(scheme_key: str, fact_name: str, measure: Measure, day: date | None = None) -> Asked:
    """How the fact takes what is counted, by the rules for facts of a day (None: of today).

    Raises NotFound for an unknown scheme, Invalid when the fact cannot take it.
    """
    await scheme(scheme_key)
    book = await rules_for(scheme_key, day)
    kind = book.subject
    fact = handed_in(book).get(fact_name)
    fields = fields_for_votes(fact) if fact is not None else None
    taken = ("votes",) if fields is not None else SINGLE.get(fact.kind, ()) if fact is not None else ()
    if fact is None or measure not in taken:
        raise Invalid(["这个方案没有能接收这种结果的事实，请另选去处"])
    if fields is None:
        return Asked(kind, options=fact.options, places=fact.places)
    party, option = fields
    parties = fact.fields[party].options if party else ()
    return Asked(kind, party, option, fact.fields[option].options, parties)


async def usual_options(target: str, measure: Measure, answers: str) -> tuple[Option, ...]:
    """The options of a ballot for the target: those its rules know, else one of the usual sets."""
    scheme, _, fact = target.partition(":")
    known = (await asked(scheme, fact, measure)).options if scheme else ()
    if not known:
        return USUAL.get(answers, USUAL["satisfied"])
    usual = {one.name: one for set_ in USUAL.values() for one in set_}
    return tuple(usual.get(name, Option(name)) for name in known)
