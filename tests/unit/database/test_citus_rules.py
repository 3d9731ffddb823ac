"""What Citus asks of statements and policies, told from the source: no Citus server is at hand (T23, 0222).

A statement that does not name the tenant goes to every shard, and is slow under row security besides.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jiceng.kernel.database import TenantTable
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.policies import TENANT_TEST, wanted_policies

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted([*ROOT.glob("platform/jiceng/**/*.py"), *ROOT.glob("plugins/*/jiceng_*/**/*.py")])
TENANT_TABLES = [table for table in registered_tables() if issubclass(table, TenantTable)]
NAMES = {table._meta.tablename for table in TENANT_TABLES}
ELSEWHERE = {
    "platform/jiceng/console/audit/listing.py": "the filters that follow begin with the tenant",
    "platform/jiceng/evaluation/results/listing.py": "the filters that follow begin with the tenant",
    "platform/jiceng/kernel/jobs/statements.py": "the relay's own, over the local table of jobs",
    "platform/jiceng/kernel/watching/metrics.py": "the relay's own, over the local table of jobs",
}
"""Where a statement stands without its tenant, and why that is right."""
_STATEMENT = re.compile(r"\s*(select|update|insert|delete|with|from|join|left join)\b")
_BEGINS = re.compile(
    r"""["'](?:\\[nt]|\s)*(?:select|update|insert|delete|with|from(?! \S+ import)|join|left join)\b""",
    re.IGNORECASE,
)
"""Where a text of a module begins as a statement does: only such a module is taken apart."""
_TOUCHED = re.compile(r"\b(?:from|join|update|into)\s+\"?([a-z_]+)\"?")


def texts(source: str) -> Iterator[str]:
    """Every text of a module; what is put into a formatted one stays out."""
    nodes = list(ast.walk(ast.parse(source)))
    pieces = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value


def without_tenant(source: str) -> list[str]:
    """The statements of a module that touch a tenant's table and never name the tenant."""
    found: list[str] = []
    if not _BEGINS.search(source):
        return found
    for text in texts(source):
        low = text.lower()
        if _STATEMENT.match(low) and NAMES & set(_TOUCHED.findall(low)) and "tenant_id" not in low:
            found.append(" ".join(text.split()))
    return found


def test_every_statement_on_a_tenants_table_names_the_tenant() -> None:
    bare = {
        str(path.relative_to(ROOT)): statements
        for path in SOURCES
        if "migrations" not in path.parts and (statements := without_tenant(path.read_text(encoding="utf-8")))
    }
    assert {path: said for path, said in bare.items() if path not in ELSEWHERE} == {}
    assert set(bare) == set(ELSEWHERE), "an exception that is none any more"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("rows = await fetch('select id from member where name = $1')", 1),
        ("rows = await fetch(f'select id from member where {wanted}')", 1),
        ("await execute('update result set grade = $1')", 1),
        ("await execute('delete from fact where tenant_id = $1 and seq = $2')", 0),
        ("words = 'we heard from member 7'", 0),
    ],
)
def test_statements_without_the_tenant_are_found(line: str, bare: int) -> None:
    assert len(without_tenant(line)) == bare


@pytest.mark.parametrize("table", TENANT_TABLES, ids=lambda table: table._meta.tablename)
def test_policies_and_keys_are_what_a_distributed_table_takes(table: type[TenantTable]) -> None:
    for policy in wanted_policies(table._meta.tablename, table._grants):
        assert policy.test in {TENANT_TEST, "true"}
        assert "select" not in policy.test
    for column in table._meta.foreign_key_columns:
        target = column._foreign_key_meta.resolved_references
        assert issubclass(target, TenantTable), "only tables of the same tenant lie on the same node"
    for constraint in table._meta.constraints:
        columns = getattr(constraint, "columns", None)
        assert columns is None or str(columns[0]) == "tenant_id"
