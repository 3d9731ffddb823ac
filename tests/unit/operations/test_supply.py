"""The bill of materials is the lock; a known hole fails the build once it is old."""

import datetime as dt
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from jiceng.kernel.database.server_version import RELEASED
from jiceng.kernel.errors import Refusal
from jiceng.operations.supply.bill import bill_of
from jiceng.operations.supply.commands import bill_command, check_command
from jiceng.operations.supply.holes import Advisories, Advisory, holes, read_advisories, shipped
from jiceng.operations.supply.locked import Locked, read_lock

LOCK = Path(__file__).parents[3] / "requirements.lock"
DAY = dt.date(2026, 11, 22)
SHA = "0" * 64


def known(**fields: object) -> Advisories:
    hole = Advisory(**{"id": "X-1", "package": "x", "summary": "s", "fixed": "2.1", **fields})  # type: ignore[arg-type]
    return Advisories(DAY, "test", (hole,))


def found(version: str, **fields: object) -> list[bool]:
    return [hole.overdue for hole in holes([Locked("x", version, (SHA,))], known(**fields), DAY)]


def test_the_bill_names_every_distribution_of_the_lock_with_its_hashes() -> None:
    locked = read_lock(LOCK)
    bill = json.loads(bill_of(locked, "0.1.0"))
    pinned = [line.split("==", 1) for line in LOCK.read_text().splitlines() if re.match(r"\w.*==", line)]
    assert [one["name"] for one in bill["components"]] == sorted(
        name.split("[")[0].lower().replace("_", "-") for name, _ in pinned
    )
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    litestar = next(one for one in bill["components"] if one["name"] == "litestar")
    assert litestar["purl"] == f"pkg:pypi/litestar@{litestar['version']}"
    assert all(len(each["content"]) == 64 for each in litestar["hashes"])
    assert bill_of(locked, "0.1.0") == bill_of(read_lock(LOCK), "0.1.0")


def test_nothing_in_the_lock_has_a_hole_known_for_long() -> None:
    overdue = [hole for hole in holes(read_lock(LOCK), shipped(), dt.date.max) if hole.overdue]
    assert overdue == []


@pytest.mark.parametrize(
    ("version", "holed"),
    [("2.0.9", True), ("2.1", False), ("2.1.0", False), ("2.10", False), ("1", True), ("2.1rc1", False)],
)
def test_versions_are_compared_by_their_numbers(version: str, holed: bool) -> None:
    assert bool(found(version)) == holed


def test_a_new_hole_has_its_grace_an_old_or_undated_one_has_none() -> None:
    assert found("1", published=DAY - dt.timedelta(days=30)) == [False]
    assert found("1", published=DAY - dt.timedelta(days=31)) == [True]
    assert found("1") == [True]
    assert found("9", fixed=None) == [True]
    assert found("1", introduced="1.5") == []


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The version of the pinned server, to be changed by a test."""
    versions = [(18, 7)]
    monkeypatch.setattr("jiceng.operations.supply.commands.pinned_version", lambda: versions[-1])
    return versions


def test_the_check_fails_for_a_server_without_its_security_release_after_sixty_days(
    tmp_path: Path, server: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    said, data = Console(file=io.StringIO(), width=200), tmp_path / "advisories.json"
    data.write_text(json.dumps({"reviewed": str(RELEASED), "source": "", "advisories": []}))
    server.append((18, 4))
    for days, code in ((60, 0), (61, 1)):
        day = RELEASED + dt.timedelta(days=days)
        monkeypatch.setattr("jiceng.operations.supply.commands.today", lambda day=day: day)
        assert check_command(LOCK, data, said) == code
    server.append((18, 7))
    assert check_command(LOCK, data, said) == 0


@pytest.mark.usefixtures("server")
def test_the_commands_write_the_bill_and_fail_on_an_old_hole(tmp_path: Path) -> None:
    said = Console(file=io.StringIO(), width=200)
    lock, data = tmp_path / "lock", tmp_path / "advisories.json"
    lock.write_text(
        f"litestar==2.12.1 \\\n    --hash=sha256:{SHA}\nrich==14 ; x \\\n    --hash=sha256:{SHA}\n"
    )
    assert bill_command(lock, tmp_path / "sbom.json", said) == 0
    assert [one["name"] for one in json.loads((tmp_path / "sbom.json").read_bytes())["components"]] == [
        "litestar",
        "rich",
    ]
    assert check_command(lock, None, said) == 1
    assert "CVE-2024-52581" in said.file.getvalue()  # type: ignore[attr-defined]
    data.write_text('{"reviewed": "2020-01-01", "source": "", "advisories": []}')
    assert check_command(lock, data, said) == 1
    assert "漏洞数据太旧" in said.file.getvalue()  # type: ignore[attr-defined]


def test_a_lock_without_hashes_and_a_strange_data_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("litestar==2.25.0\n")
    with pytest.raises(Refusal, match="校验值"):
        read_lock(tmp_path / "lock")
    with pytest.raises(Refusal, match="读不出"):
        read_lock(tmp_path / "none")
    (tmp_path / "data").write_text("{}")
    with pytest.raises(Refusal):
        read_advisories(tmp_path / "data")
    with pytest.raises(Refusal, match="写不了"):
        bill_command(LOCK, tmp_path / "no" / "x", Console(file=io.StringIO()))
