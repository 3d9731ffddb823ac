"""docs/installing.md can be followed: settings, tenant file, folders and commands are those of the code."""

import re
from pathlib import Path

import click

from jiceng.cli import commands
from jiceng.kernel.database.roles import LOGINS
from jiceng.kernel.settings import read_settings
from jiceng.operations.onboarding.sources import LIST_COLUMNS, sheets_by_plugin
from jiceng.operations.onboarding.tenant_file import read_tenant_file
from jiceng.operations.schemas import KIND_WORDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "installing.md").read_text("utf-8")
SETTINGS = dict(re.findall(r"^(JICENG_[A-Z_]+)=(\S+)$", PAGE, re.MULTILINE))
SUPERUSER = "JICENG_SUPERUSER_URL"


def test_production_starts_with_its_settings_and_every_role_has_its_url() -> None:
    settings = read_settings(SETTINGS)
    assert settings.production
    for role in LOGINS:
        assert f"//{role.name}:" in getattr(settings, role.setting)


def test_its_tenant_file_is_read_and_names_every_kind() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    read = read_tenant_file(text, "tenant.toml")
    assert (read.name, read.kind, read.parent) == ("青石镇党委", "town", "chengxi")
    assert {name: choice.preset for name, choice in read.schemes.items()} == {
        "points": "recommended_gated",
        "star_rating": "",
    }
    assert f"# {', '.join(KIND_WORDS)}" in text


def test_it_names_the_workbooks_and_the_columns_of_the_list() -> None:
    sheets = sheets_by_plugin()
    for path in ("ballots/counted", "points/shelf", "classification/plans", "project_ledger/projects"):
        folder, _, name = path.partition("/")
        assert name in sheets[folder]
        assert f"{path}.xlsx" in PAGE
    assert "、".join(column.title for column in LIST_COLUMNS).replace("、", ", ") in PAGE


def test_every_command_it_runs_exists() -> None:
    told = set(re.findall(r"(?:^|`|… |then `|bin/)jiceng ([a-z]+)(?: ([a-z]+))?", PAGE, re.MULTILINE))
    assert len(told) > 10
    for name, below in told:
        command = commands.commands[name]
        if isinstance(command, click.Group):
            assert below in command.commands
