"""The vocabulary as frozen structs: what TOML, JSON and forms hold, in one shape."""

from jiceng_sdk.rulebook.parts.base import MONTHS, WINDOWS, Limit, Mode, Part, Rounding, SubPeriod, Unit
from jiceng_sdk.rulebook.parts.book import Rulebook
from jiceng_sdk.rulebook.parts.calendar import Year
from jiceng_sdk.rulebook.parts.decisions import Band, Bands, Decision, Override, Quota, Step
from jiceng_sdk.rulebook.parts.facts import DEFAULT_MAX, Fact, Field
from jiceng_sdk.rulebook.parts.nodes import Group, Item, Node, Row
from jiceng_sdk.rulebook.parts.outputs import Area, Output

__all__ = [
    "DEFAULT_MAX",
    "MONTHS",
    "WINDOWS",
    "Area",
    "Band",
    "Bands",
    "Decision",
    "Fact",
    "Field",
    "Group",
    "Item",
    "Limit",
    "Mode",
    "Node",
    "Output",
    "Override",
    "Part",
    "Quota",
    "Rounding",
    "Row",
    "Rulebook",
    "Step",
    "SubPeriod",
    "Unit",
    "Year",
]
