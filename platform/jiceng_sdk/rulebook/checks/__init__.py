"""What can be wrong with a rulebook beyond single formulas; each module is one kind of question."""

from collections.abc import Iterator

from jiceng_sdk.faults import Fault, errors
from jiceng_sdk.rulebook.checks.blanks import blanks
from jiceng_sdk.rulebook.checks.calendar import calendar
from jiceng_sdk.rulebook.checks.cohorts import cohorts
from jiceng_sdk.rulebook.checks.coverage import coverage
from jiceng_sdk.rulebook.checks.decisions import decisions
from jiceng_sdk.rulebook.checks.facts import facts
from jiceng_sdk.rulebook.checks.groups import groups
from jiceng_sdk.rulebook.checks.items import items
from jiceng_sdk.rulebook.checks.naming import names
from jiceng_sdk.rulebook.checks.reach import reach
from jiceng_sdk.rulebook.checks.sizes import sizes
from jiceng_sdk.rulebook.meaning import Analysis

CHECKS = (names, facts, items, groups, decisions, cohorts, coverage, sizes, blanks, calendar)


def check(found: Analysis) -> Iterator[Fault]:
    """All faults and warnings of a typed rulebook; unreachable rows and grades only once it is right."""
    wrong = bool(errors(found.faults))
    for one in CHECKS:
        for fault in one(found):
            wrong = wrong or fault.severity == "error"
            if not (wrong and fault.code == "unreachable"):  # it may well be reached when that is mended
                yield fault
    if not wrong:
        yield from reach(found)
