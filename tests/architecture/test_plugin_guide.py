"""docs/writing-a-plugin.md is a plugin: its files are written out, checked, run and loaded."""

import datetime as dt
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from litestar import Litestar

from jiceng.accounts.access import check_routes
from jiceng.api.hooks import Numbers
from jiceng.api.workflows import Workflow
from jiceng.api.workflows import load as load_workflows
from jiceng.console.gateway.fields import check_forms
from jiceng.kernel.database import TenantTable
from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.schemes.host import load as load_plugins
from jiceng_sdk.cases import main as run_cases
from jiceng_sdk.rulebook.schemes import examine_scheme

PAGE = (Path(__file__).parents[2] / "docs" / "writing-a-plugin.md").read_text("utf-8")
FILES = dict(re.findall(r"^### `([^`]+)`\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
PLUGIN, PACKAGE = "practice_station", "jiceng_practice_station"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The plugin as the page has it, importable."""
    root = tmp_path_factory.mktemp("plugin")
    for name, text in {f"{PACKAGE}/__init__.py": '"""Practice stations."""\n', **FILES}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    sys.path.insert(0, str(root))
    yield root
    sys.path.remove(str(root))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def workflow(folder: Path) -> Workflow:
    assert folder.is_dir()
    return load_workflows([EntryPoint(PLUGIN, f"{PACKAGE}.workflow", "jiceng.workflows")])[PLUGIN]


def test_the_distribution_names_its_modules(folder: Path) -> None:
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"] == {
        "jiceng.plugins": {PLUGIN: f"{PACKAGE}.plugin"},
        "jiceng.workflows": {PLUGIN: f"{PACKAGE}.workflow"},
        "jiceng.tables": {PLUGIN: f"{PACKAGE}.piccolo_app"},
    }


def test_the_rulebook_is_clean_and_its_cases_pass(folder: Path) -> None:
    path = folder / PACKAGE / "scheme.toml"
    assert [str(fault) for fault in examine_scheme(path.read_text("utf-8"), str(path))[1]] == []
    said: list[str] = []
    assert run_cases([path.parent], False, said.append) == 0
    assert said == ["3 passed, 0 failed"]


def test_the_service_offers_the_scheme_with_its_preset(folder: Path) -> None:
    assert folder.is_dir()
    offered = load_plugins([EntryPoint(PLUGIN, f"{PACKAGE}.plugin", "jiceng.plugins")])[PLUGIN]
    assert offered.broken == ""
    assert [(scheme.card.id, list(scheme.presets)) for scheme in offered.schemes] == [(PLUGIN, ["strict"])]


def test_the_workflow_loads_with_a_page_a_menu_a_job_and_a_workbook(workflow: Workflow) -> None:
    assert workflow.broken == ""
    assert [bool(getattr(page, "guards", None)) for page in workflow.pages] == [True] * 5
    assert [entry.title for entry in workflow.menu] == ["文明实践站"]
    assert [kind.name for kind in workflow.jobs] == [each.kind for each in workflow.schedules]
    assert [(sheet.name, sheet.title) for sheet in workflow.sheets] == [("activities", "实践活动")]


def test_its_routes_are_guarded_and_its_forms_name_their_fields(workflow: Workflow) -> None:
    app = Litestar(list(workflow.pages), openapi_config=None)
    check_routes(app)
    check_forms(app)
    told = {
        path: sorted(methods) for path, methods in ((r.path, r.methods - {"OPTIONS"}) for r in app.routes)
    }
    assert told == {
        "/": ["GET"],
        "/visits": ["GET", "POST"],
        "/visits.json": ["GET"],
        "/visits/{visit:uuid}/mended": ["POST"],
    }


def test_its_table_keeps_tenants_apart_and_is_of_its_app(folder: Path) -> None:
    assert folder.is_dir()
    config = importlib.import_module(f"{PACKAGE}.piccolo_app").APP_CONFIG
    (table,) = config.table_classes
    assert (config.app_name, table._meta.tablename) == (PLUGIN, "practice_station_visit")
    assert issubclass(table, TenantTable)
    statements = re.findall(r'"""\n(.+?)\n"""', FILES[f"{PACKAGE}/visits.py"], re.DOTALL)
    assert len(statements) == 3
    assert all("tenant_id" in statement for statement in statements)
    columns = {column._meta.name for column in table._meta.columns}
    written = re.search(r"practice_station_visit \(([^)]+)\)", statements[0])
    assert written is not None
    assert set(written[1].split(", ")) == columns


def test_the_workbook_is_checked_cell_by_cell(workflow: Workflow) -> None:
    columns = [Column(f"c{n}", title) for n, title in enumerate(("组织编号", "日期", "形式", "参加人数"))]
    rows = [["O1", "2026-03-01", "志愿服务", "30"], ["O2", "上个月", "聊天", "0"]]
    data = write_workbook([SheetOut("实践活动", tuple(columns), rows)], made=dt.date(2026, 3, 1))
    numbers = Numbers(members={}, organizations={"O1": "id"}, units={})
    (sheet,) = workflow.sheets
    faults = sheet.examine(data, "activities.xlsx", numbers)
    assert sorted((fault.address, fault.column) for fault in faults) == [
        ("A3", "组织编号"),
        ("B3", "日期"),
        ("C3", "形式"),
        ("D3", "参加人数"),
    ]


def test_every_word_on_its_screens_has_its_english(workflow: Workflow) -> None:
    page = "".join(FILES[f"{PACKAGE}/templates/{PLUGIN}/{name}.html"] for name in ("stations", "visits"))
    said = {*re.findall(r'_\("([^"]+)"', page), *(entry.title for entry in workflow.menu)}
    said |= {kind.title for kind in workflow.jobs}
    known = set(re.findall(r'^msgid "(.+)"$', FILES[f"{PACKAGE}/locale/en/{PLUGIN}.po"], re.MULTILINE))
    assert said == known
    assert not CHINESE.search(re.sub(r'_\("[^"]+"', "", page))
