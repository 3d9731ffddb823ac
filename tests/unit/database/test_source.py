"""No source line leaves the engine's ways: found by reading the syntax tree, proven with seeded defects."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted([*ROOT.glob("platform/**/*.py"), *ROOT.glob("plugins/**/*.py")])
MAY_OPEN_CONNECTIONS = {
    "platform/jiceng/kernel/database/pools.py",
    "platform/jiceng/kernel/database/roles.py",
    "platform/jiceng/kernel/database/migrate.py",
    "platform/jiceng/kernel/database/lint.py",
    "platform/jiceng/kernel/database/columnar.py",
    "platform/jiceng/kernel/database/dumping.py",
    "platform/jiceng/kernel/database/pooler.py",
}
FORBIDDEN_CALLS = {"run_sync", "batch", "atomic", "executemany", "copy_to_table", "copy_records_to_table"}


_WORDS = re.compile(
    rf"\bapp\.|set_config|{'|'.join(sorted(FORBIDDEN_CALLS))}|\bnode\s*=|\breset\s*=|\braw\b", re.IGNORECASE
)
"""One of these stands in every module with an escape."""


def escapes(source: str) -> Iterator[str]:
    """Yield what leaves the tenant or builds SQL from text in one module's source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.lower().split())
            if words.startswith("set app.") or "; set app." in words or "set session app." in words:
                yield "SET without LOCAL"
            if "set_config(" in words:
                yield "set_config"
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in FORBIDDEN_CALLS:
            yield name
        if any(keyword.arg == "node" for keyword in node.keywords) and name == "run":
            yield "node="
        if name == "create_pool" and any(keyword.arg == "reset" for keyword in node.keywords):
            yield "reset="
        if name == "raw" and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            yield "raw SQL from text"


def escaped(source: str) -> list[str]:
    """All of them; a module in which none of the words stands is not taken apart."""
    return list(escapes(source)) if _WORDS.search(source) else []


def connects(source: str) -> bool:
    """Whether a module opens database connections of its own."""
    if not re.search(r"^\s*import (asyncpg|adbc_driver_postgresql|psycopg)", source, re.MULTILINE):
        return False
    return any(
        isinstance(node, ast.Attribute) and node.attr in {"connect", "create_pool"}
        for node in ast.walk(ast.parse(source))
    )


def test_no_module_leaves_the_tenant() -> None:
    found = {str(path.relative_to(ROOT)): escaped(path.read_text(encoding="utf-8")) for path in SOURCES}
    # The engine names the calls it refuses.
    found.pop("platform/jiceng/kernel/database/engine.py")
    assert {path: escaped for path, escaped in found.items() if escaped} == {}


def test_only_the_kernel_opens_connections() -> None:
    opening = {str(path.relative_to(ROOT)) for path in SOURCES if connects(path.read_text(encoding="utf-8"))}
    assert opening - {path for path in opening if path.startswith("platform/jiceng/kernel/servers/")} == (
        MAY_OPEN_CONNECTIONS
    )


@pytest.mark.parametrize(
    ("line", "escape"),
    [
        ("await run(\"set app.tenant_id = '1'\")", "SET without LOCAL"),
        ("await run(\"BEGIN; SET app.tenant_id = '1'\")", "SET without LOCAL"),
        ("await fetch(\"select set_config('app.tenant_id', '1', true)\")", "set_config"),
        ("Member.select().run_sync()", "run_sync"),
        ("await Member.select().batch()", "batch"),
        ("await Member.select().run(node='replica')", "node="),
        ("await asyncpg.create_pool(url, reset=mine)", "reset="),
        ("Member.raw(f'select {name}')", "raw SQL from text"),
        ("Member.raw('select ' + name)", "raw SQL from text"),
    ],
)
def test_each_seeded_escape_is_found(line: str, escape: str) -> None:
    assert escaped(f"async def f():\n    {line}") == [escape]


def test_what_is_right_is_not_reported() -> None:
    assert escaped("async def f():\n    await c.execute(\"SET LOCAL app.tenant_id = '1'\")") == []
    assert not connects("import asyncpg\nx = asyncpg.UniqueViolationError")
