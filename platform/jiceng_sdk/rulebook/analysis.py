"""From rulebook to meaning: types every formula, orders the nodes, and gathers everything that is wrong."""

from msgspec import structs

from jiceng_sdk.rulebook import outcomes
from jiceng_sdk.rulebook.checks import check
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.nodes import node
from jiceng_sdk.rulebook.ordering import ordered, reads
from jiceng_sdk.rulebook.parts import Rulebook
from jiceng_sdk.rulebook.understanding import Understanding


def analyse(book: Rulebook) -> Analysis:
    """Understand a rulebook. Never raises for a bad one: see `faults` (and `usable`)."""
    known = Understanding(book)
    reading = reads(book, known.trees)
    order, circles = ordered(book, reading)
    known.faults += circles
    if circles:
        known.assume_nodes()
    for name in order:
        node(known, name)
    outcomes.decisions(known)
    outcomes.outputs(known)
    outcomes.areas(known)
    score = known.names.get(book.score)
    found = Analysis(
        book=book,
        faults=tuple(known.faults),
        order=() if circles else order,
        formulas=known.formulas,
        reads=reading,
        places=known.places,
        score_places=score.places if score else None,
        ranges=known.ranges,
        each=known.each,
        unit=known.unit,
        scale=known.scale,
    )
    return structs.replace(found, faults=(*found.faults, *check(found)))
