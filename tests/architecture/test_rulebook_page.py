"""docs/rulebook.md tells of every key and every function, and its example is a clean rulebook."""

import re
from pathlib import Path

from jiceng.roster import queries as roster
from jiceng_sdk.expressions.functions import AGGREGATES, FUNCTIONS
from jiceng_sdk.rulebook import (
    Area,
    Bands,
    Fact,
    Field,
    Group,
    Item,
    Output,
    Override,
    Quota,
    Row,
    Rulebook,
    Step,
    examine,
)

PAGE = (Path(__file__).parents[2] / "docs" / "rulebook.md").read_text("utf-8")
PARTS = (Rulebook, Fact, Field, Item, Row, Group, Bands, Override, Quota, Step, Output, Area)


def test_every_key_is_explained() -> None:
    words = set(re.findall(r"[A-Za-z_]+", PAGE))
    keys = {key for part in PARTS for key in part.__struct_encode_fields__}
    assert sorted(keys - words) == []


def test_every_function_is_explained() -> None:
    words = set(re.findall(r"[A-Za-z_]+", PAGE))
    assert sorted({*FUNCTIONS, *AGGREGATES} - words) == []


def test_the_example_is_a_clean_rulebook() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert [str(fault) for fault in examine(text).faults] == []


def test_every_attribute_of_the_roster_is_listed_and_no_other() -> None:
    columns = {
        "member": roster.MEMBER_COLUMNS,
        "organization": roster.ORGANIZATION_COLUMNS,
        "enterprise": roster.UNIT_COLUMNS,
        "project": roster.PROJECT_COLUMNS,
    }
    for kind, known in columns.items():
        (row,) = re.findall(rf"^\| `{kind}` .*$", PAGE, re.MULTILINE)
        listed = set(re.findall(r"`([a-z_]+)`", row)) - {kind}
        assert listed == set(known) - {"subject", "organization"}
