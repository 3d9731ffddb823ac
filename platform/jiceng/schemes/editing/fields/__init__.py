"""The fields of every part of a rulebook, in the words of the people who fill them in."""

from jiceng.schemes.editing.fields.decisions import DECISIONS, LOOKS
from jiceng.schemes.editing.fields.facts import FACTS
from jiceng.schemes.editing.fields.header import AREA, CLASSES, HEADER, OUTPUTS
from jiceng.schemes.editing.fields.nodes import GROUPS, ITEMS
from jiceng.schemes.editing.spec import Section, Spec

SECTIONS: dict[str, Section] = {
    section.name: section for section in (FACTS, CLASSES, ITEMS, GROUPS, DECISIONS, OUTPUTS, AREA)
}
"""Sections whose parts have a form of their own, in the order of a rulebook but `classes`."""


def specs_of(section: str, do: str = "") -> tuple[Spec, ...]:
    """The fields of a part; a decision's depend on what it does."""
    if section == "header":
        return HEADER
    if section == "decide":
        return LOOKS[do]
    return SECTIONS[section].specs


__all__ = ["SECTIONS", "specs_of"]
