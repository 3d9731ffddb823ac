"""The command line ends in words: a file that cannot be used, a number that makes no sense."""

import sys
from pathlib import Path

import pytest

from jiceng import cli


def ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """The exit code of one command."""
    monkeypatch.setattr(sys, "argv", ["jiceng", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


def test_a_file_where_a_folder_is_asked_for_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a-file"
    file.touch()
    monkeypatch.setattr(cli, "check_schemes", lambda paths, _: paths[0].mkdir())
    assert ran(monkeypatch, "scheme", "check", str(file)) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"读写不了这个文件或文件夹（File exists）（{file}）。请核对路径、权限和剩余空间，再运行一次",
        f"cannot read or write: File exists ({file}). {cli.CHECK_THE_PATH}",
    ]


def test_a_fault_of_our_own_is_not_told_as_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> int:
        raise ConnectionResetError

    monkeypatch.setattr(cli, "check_schemes", broken)
    monkeypatch.setattr(sys, "argv", ["jiceng", "scheme", "check", str(tmp_path)])
    with pytest.raises(ConnectionResetError):
        cli.main()


def test_a_worker_with_no_processes_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(monkeypatch, "worker", "--processes", "0") == 2
    assert "--processes" in capsys.readouterr().err
