"""Migrations are found in a checkout and in an installed wheel."""

from pathlib import Path

import pytest

from jiceng.kernel.database import folders


def test_in_a_checkout_they_lie_beside_the_source() -> None:
    found = Path(folders.migrations_folder("tenancy"))
    assert found == Path(__file__).resolve().parents[3] / "migrations" / "tenancy"
    assert list(found.glob("tenancy_*.py"))


def test_in_a_wheel_they_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jiceng" / "_migrations").mkdir(parents=True)
    monkeypatch.setattr(folders, "_PACKAGE", tmp_path / "jiceng")
    assert folders.migrations_folder("tenancy") == str(tmp_path / "jiceng" / "_migrations" / "tenancy")


def test_no_two_migrations_have_the_same_file_name() -> None:
    root = Path(folders.migrations_folder("tenancy")).parent
    names = [path.name for path in root.rglob("*.py")]
    assert sorted(names) == sorted(set(names)), "Piccolo imports each by its bare name"
    assert all(name.startswith(f"{path.parent.name}_") for path in root.rglob("*.py") for name in [path.name])
