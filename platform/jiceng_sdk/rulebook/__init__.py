"""A regulation as data: its parts, reading and writing, what it means, what is wrong with it."""

from jiceng_sdk.rulebook.analysis import analyse
from jiceng_sdk.rulebook.meaning import Analysis
from jiceng_sdk.rulebook.parts import (
    DEFAULT_MAX,
    Area,
    Band,
    Bands,
    Decision,
    Fact,
    Field,
    Group,
    Item,
    Limit,
    Node,
    Output,
    Override,
    Quota,
    Rounding,
    Row,
    Rulebook,
    Step,
    Year,
)
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.reading import Reading, examine, from_json, read_file, read_rulebook
from jiceng_sdk.rulebook.schemes import Card, Preset, Scheme, examine_scheme, read_scheme, scheme_of
from jiceng_sdk.rulebook.writing import to_json, to_raw, to_toml

__all__ = [
    "DEFAULT_MAX",
    "Analysis",
    "Area",
    "Band",
    "Bands",
    "Card",
    "Decision",
    "Fact",
    "Field",
    "Group",
    "Item",
    "Limit",
    "Node",
    "Output",
    "Override",
    "Preset",
    "Quota",
    "Reading",
    "Rounding",
    "Row",
    "Rulebook",
    "Scheme",
    "Step",
    "Year",
    "analyse",
    "examine",
    "examine_scheme",
    "from_json",
    "line_of",
    "positions",
    "read_file",
    "read_rulebook",
    "read_scheme",
    "scheme_of",
    "to_json",
    "to_raw",
    "to_toml",
]
