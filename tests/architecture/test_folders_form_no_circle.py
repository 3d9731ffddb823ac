"""Inside a slice, a part of the kit or a plugin, folders and files import in one direction.

Not counted: `piccolo_app.py` in a folder, the list of the tables whose migrations lie beside it.
"""

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLICES = {
    path.name: path
    for path in (*ROOT.glob("platform/jiceng*/*"), *ROOT.glob("plugins/*/jiceng_*"))
    if (path / "__init__.py").exists()
}


def imported(file: Path) -> set[str]:
    """Full names of what a module imports, the names it takes out of modules too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def parts_read(slice_: str) -> dict[str, set[str]]:
    """By folder or file right below the slice: which others of them it imports from."""
    root = SLICES[slice_]
    package = root.parent.name
    inside = f"{package}.{slice_}." if package in {"jiceng", "jiceng_sdk"} else f"{slice_}."
    found: dict[str, set[str]] = defaultdict(set)
    for file in root.rglob("*.py"):
        if file.name == "piccolo_app.py":
            continue
        own = file.relative_to(root).with_suffix("").parts[0]
        read = {name.removeprefix(inside).split(".")[0] for name in imported(file) if name.startswith(inside)}
        found[own] |= read - {own}
    return found


def test_there_are_slices_with_folders_to_look_at() -> None:
    assert {"kernel", "accounts", "facts", "jiceng_points"} <= set(SLICES)
    assert "ciphers" in parts_read("kernel")["database"]
    assert {"board", "numbers"} <= parts_read("engine")["decide"]
    assert "library" in parts_read("jiceng_project_ledger")["course"]


@pytest.mark.parametrize("slice_", SLICES)
def test_no_two_parts_of_a_slice_need_each_other(slice_: str) -> None:
    try:
        TopologicalSorter(parts_read(slice_)).prepare()
    except CycleError as circle:
        pytest.fail(f"{slice_}: {' <- '.join(circle.args[1])}")
