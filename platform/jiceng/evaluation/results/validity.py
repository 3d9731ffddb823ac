"""Whether results took effect: told in the same words by every page, sheet and program."""

from enum import StrEnum


class Validity(StrEnum):
    """Of a run, or of one result in it; a run is never HELD.

    PROPOSED until the run is final; then EFFECTIVE, or HELD when this one had no verdict that a named person
    confirmed; REPLACED as soon as a later run of the same scheme and period is final.
    """

    PROPOSED = "proposed"
    EFFECTIVE = "effective"
    HELD = "held"
    REPLACED = "replaced"

    @property
    def in_words(self) -> str:
        """As a page says it."""
        return WORDS[self]


WORDS = {
    Validity.PROPOSED: "拟定",
    Validity.EFFECTIVE: "已生效",
    Validity.HELD: "未生效",
    Validity.REPLACED: "已被取代",
}
HELD_OR_NOT = {Validity.EFFECTIVE: "已生效", Validity.HELD: "未生效"}
"""What a list of a final run may be narrowed to."""
