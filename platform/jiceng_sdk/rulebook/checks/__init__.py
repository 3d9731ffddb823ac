"""What can be wrong with a rulebook beyond single formulas; each module is one kind of question."""

from collections.abc import Iterator

from jiceng_sdk.faults import Fault
from jiceng_sdk.rulebook.meaning import Analysis


def check(found: Analysis) -> Iterator[Fault]:
    """All faults and warnings of a rulebook whose formulas have been typed."""
    yield from ()
