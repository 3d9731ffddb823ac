"""Whoever has left and stands in a file without a day of leaving: away, unless somebody says otherwise."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from jiceng.roster.schemas import Returning, StoredMembership

DIED = "去世"


class Returns(msgspec.Struct, frozen=True):
    """The ends that a file leaves out, and those of them (ids) that are to be taken back.

    A list of who is here now has no days of leaving, and a clerk's own list often no such column: an empty
    cell is not a word that somebody came back.
    """

    back: Collection[UUID] = frozenset()
    found: list[Returning] = []

    def keeps(self, asked: Returning) -> bool:
        """Remember the end that is left out; whether it stays as it is stored."""
        comes_back = asked.id in self.back
        self.found.append(msgspec.structs.replace(asked, back=comes_back))
        return not comes_back

    def count(self, sheet: str) -> int:
        """How many ends of a sheet (its name in the roster) are taken back."""
        return sum(1 for each in self.found if each.back and each.of == sheet)


def left_unsaid(last: StoredMembership, since: object, until: object) -> bool:
    """Whether a row (its days of joining and leaving) leaves out that the member has left.

    A day of joining after that of leaving says that he came back; but nobody comes back from death.
    """
    if last.until is None or until is not None:
        return False
    return since in {None, last.since} or last.left_by == DIED
