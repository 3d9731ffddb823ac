"""pg_dump and pg_restore of the server's own version go first: an older server refuses newer words."""

import shutil
from pathlib import Path

import pytest

from jiceng.kernel.servers import binaries
from jiceng.kernel.servers.binaries import postgres_program, version_of
from jiceng.kernel.servers.faults import ServerFault


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pg_restore of version 15 on PATH, beside an embedded 18."""
    embedded = tmp_path / "package" / "pginstall18" / "bin" / "pg_restore"
    installed = tmp_path / "bin" / "pg_restore"
    for path, version in ((embedded, "18.4"), (installed, "15.18 (Debian 15.18-0+deb12u1)")):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\necho 'pg_restore (PostgreSQL) {version}'\n")
        path.chmod(0o755)
    monkeypatch.setattr(binaries, "_package_folder", lambda _: tmp_path / "package")
    monkeypatch.setattr(shutil, "which", lambda _: str(installed))
    return installed


def test_the_embedded_program_is_taken_unless_a_version_is_asked_for(on_path: Path) -> None:
    assert version_of(postgres_program("pg_restore")) == (18, 4)
    assert postgres_program("pg_restore", 15) == on_path


def test_without_that_version_the_embedded_one_tries(on_path: Path) -> None:
    assert on_path.exists()
    assert version_of(postgres_program("pg_restore", 3)) == (18, 4)


def test_a_program_that_is_nowhere_is_told(on_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_path.exists()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ServerFault, match="没有找到 pg_nothing"):
        postgres_program("pg_nothing")
