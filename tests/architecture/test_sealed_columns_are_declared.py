"""An encrypted column stands in its table's `_sealed`: else renewed keys never reach it (control 31)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, TenantTable
from jiceng.operations.keys.places import places

ROOT = Path(__file__).parents[2]
NO_COLUMNS = {("address", "words")}
"""What is sealed and stored nowhere."""


def made_in(source: Path) -> Iterator[tuple[str, str]]:
    """(table, column) of every encrypted column a module makes."""
    text = source.read_text(encoding="utf-8")
    if "Column" not in text or not (".crypto" in text or ".ciphers" in text):
        return
    tree = ast.parse(text)
    known = any(
        isinstance(node, ast.ImportFrom)
        and node.module in {"jiceng.kernel.ciphers.columns", "jiceng.api.crypto"}
        and any(name.name == "Column" for name in node.names)
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree) if known else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Column":
            table, column = (each.value for each in node.args[:2] if isinstance(each, ast.Constant))
            yield str(table), str(column)


def test_every_encrypted_column_is_declared_by_its_table() -> None:
    sources = [*ROOT.glob("platform/jiceng/**/*.py"), *ROOT.glob("plugins/**/*.py")]
    made = {place for source in sources for place in made_in(source)}
    declared = {(place.table, place.name) for place in places()}
    assert {("member", "phone"), ("rating_entry", "comment"), ("points_need", "contact")} <= made
    assert made - NO_COLUMNS == declared


def test_a_table_that_forbids_changes_cannot_declare_one() -> None:
    with pytest.raises(TypeError, match="needs UPDATE"):
        type("Kept", (TenantTable,), {"_grants": APPEND_ONLY, "_sealed": (Column("kept", "id"),)})


def test_a_table_cannot_declare_another_tables_column() -> None:
    with pytest.raises(TypeError, match="no column of this table"):
        type("Kept2", (TenantTable,), {"_sealed": (Column("member", "phone"),)})
