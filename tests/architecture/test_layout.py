"""The shape of the tree: file names, lengths, and the traps that were met once."""

import ast
import re
import statistics
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIPPED = [
    path
    for folder in ("platform", "plugins")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
SLICES = [
    "tenancy",
    "accounts",
    "roster",
    "schemes",
    "facts",
    "evaluation",
    "publication",
    "insight",
    "console",
    "operations",
]
SLICE_FILES = {
    f"{name}.py"
    for name in (
        [
            "__init__",
            "tables",
            "service",
            "queries",
            "schemas",
            "web",
            "rest",
            "jobs",
            "commands",
            "piccolo_app",
        ]
    )
}
VAGUE = re.compile(r"^(utils?|helpers?|common|managers?|misc|tools?)(\.py)?$")


def lengths(files: Iterable[Path] = SHIPPED) -> dict[Path, int]:
    return {path: len(path.read_text().splitlines()) for path in files}


def test_platform_is_a_source_root_and_never_a_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_no_test_lives_under_platform() -> None:
    assert [
        p for p in (ROOT / "platform").rglob("*.py") if p.name == "conftest.py" or p.name.startswith("test_")
    ] == []


def test_no_file_is_over_400_lines() -> None:
    written = lengths([*SHIPPED, *(ROOT / "tests").rglob("*.py")])
    assert {str(p.relative_to(ROOT)): n for p, n in written.items() if n > 400} == {}


def test_the_median_file_has_at_most_100_lines_and_nine_in_ten_at_most_250() -> None:
    sizes = sorted(lengths().values())
    assert statistics.median(sizes) <= 100
    assert sizes[int(len(sizes) * 0.9)] <= 250


def test_no_function_is_over_60_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SHIPPED
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_nothing_has_a_name_that_says_nothing() -> None:
    named = {part for path in SHIPPED for part in path.relative_to(ROOT).parts if VAGUE.match(part)}
    assert named == set()


def test_every_slice_uses_the_same_file_names() -> None:
    strange = [
        str(path.relative_to(ROOT))
        for slice_ in sorted(SLICES)
        for path in (ROOT / "platform" / "jiceng" / slice_).glob("*.py")
        if path.name not in SLICE_FILES and not slice_file_is_explained(slice_, path.stem)
    ]
    assert strange == []


def slice_file_is_explained(slice_: str, stem: str) -> bool:
    """A further file is allowed where the slice's README line names it and says why."""
    doc = (ROOT / "docs" / "map.md").read_text()
    return f"`{slice_}/{stem}.py`" in doc


def test_the_migrations_folders_hold_only_migrations() -> None:
    strange = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "migrations").rglob("*.py")
        if path.name != "__init__.py" and "ID = " not in path.read_text()
    ]
    assert strange == []


def test_the_lock_carries_names_versions_and_hashes_and_no_addresses() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    allowed = re.compile(r"^([A-Za-z0-9_.-]+==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$")
    assert [line for line in lines if not allowed.match(line)] == []
