"""Each import contract holds, and each breaks when it is violated: one that cannot break protects nothing."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
VIOLATIONS = {
    "slices": ("platform/jiceng/kernel/ids.py", "import jiceng.cli"),
    "sdk-is-pure": (
        "platform/jiceng_sdk/__init__.py",
        "import litestar",
    ),
    "plugins-use-the-facade": (
        "plugins/points/jiceng_points/__init__.py",
        "import jiceng.kernel.ids",
    ),
    "service-knows-no-plugin": (
        "platform/jiceng/kernel/ids.py",
        "import jiceng_points",
    ),
    "doors-decide-nothing": (
        "platform/jiceng/roster/service.py",
        "import jiceng.roster.web",
    ),
}


def copy_of_the_tree(to: Path) -> Path:
    for folder in ("platform", "plugins"):
        shutil.copytree(
            ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__", "*.html", "*.xlsx")
        )
    shutil.copy(ROOT / "pyproject.toml", to / "pyproject.toml")
    return to


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """The import linter over `tree`, whose sources stand first on the path."""
    sources = [str(tree / "platform"), *(str(plugin) for plugin in (tree / "plugins").iterdir())]
    code = (
        f"import sys; sys.path[:0] = {sources!r}; from importlinter.cli import lint_imports; sys.exit("
        f"lint_imports(config_filename='pyproject.toml', limit_to_contracts=({contract!r},), no_cache=True))"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, text=True, check=False)


def test_every_contract_has_its_violation_here() -> None:
    assert sorted(VIOLATIONS) == sorted(contract["id"] for contract in CONTRACTS)


@pytest.mark.parametrize("contract", sorted(VIOLATIONS))
def test_the_contract_holds_until_it_is_violated(contract: str, tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path)
    before = lint(tree, contract)
    assert before.returncode == 0, before.stdout + before.stderr
    file, line = VIOLATIONS[contract]
    with (tree / file).open("a") as target:
        target.write(f"\n{line}\n")
    after = lint(tree, contract)
    assert after.returncode == 1, after.stdout + after.stderr
    assert "BROKEN" in after.stdout
