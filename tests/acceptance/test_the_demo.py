"""Story: a newcomer runs the demo, twice; stops it, kills it, and starts it again."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.servers import own_folder, with_tests
from tests.support.tenant_folders import tenant_folder

PATIENCE = 180


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Checkout:
    """A tenants' folder, a data folder and a port of its own; commands run in it as a newcomer runs them."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.tenants = folder / "our tenants"
        self.data = data
        self.port = free_port()

    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("JICENG_")}
        return own | {"JICENG_DATA": str(self.data), "JICENG_PORT": str(self.port), "COLUMNS": "120"}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "jiceng", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def in_a_row(self, *commands: tuple[str, ...]) -> list[tuple[int, str, str]]:
        """The exit code, output and errors of each command, all run by one process."""
        ran = subprocess.run(
            [sys.executable, "-m", "tests.support.commands_in_a_row", json.dumps(commands)],
            env=with_tests(self.environment()),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        told = [json.loads(line) for line in ran.stdout.splitlines()]
        return [(one["code"], one["out"], one["err"]) for one in told]

    def serving(self) -> subprocess.Popen[bytes]:
        """The demo, once it answers."""
        process = subprocess.Popen(
            self.command("demo", "--tenants", str(self.tenants)),
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                    assert answer.status == 200
                    return process
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        raise TimeoutError


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    with own_folder("a demo") as data:
        made = Checkout(tmp_path_factory.mktemp("a new machine"), data)
        tenant_folder(made.tenants, "qinghe", "清河区委组织部")
        yield made


def figures(printed: str) -> list[str]:
    """The result rows of the tables that were printed."""
    return [re.sub(r"\s+", " ", line).strip("│ ") for line in printed.splitlines() if line.startswith("│")]


def test_the_second_run_prints_the_same_results_and_changes_nothing(checkout: Checkout) -> None:
    first = checkout.run("demo", "--exit", "--tenants", str(checkout.tenants))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "清河区委组织部 党员积分年度评定 2026 年度" in re.sub(r"\s+", " ", first.stdout)
    assert f"http://127.0.0.1:{checkout.port}/t/qinghe/invitation/" in first.stdout
    second = checkout.run("demo", "--exit", "--tenants", str(checkout.tenants))
    assert second.returncode == 0, second.stdout + second.stderr
    assert figures(second.stdout) == figures(first.stdout)
    assert "没有要做的" in second.stdout
    plan = checkout.run("tenants", "plan", str(checkout.tenants))
    assert plan.returncode == 0, plan.stdout + plan.stderr
    *verified, lost, unknown = checkout.in_a_row(
        ("runs", "verify"),
        ("check",),
        ("audit", "verify"),
        ("tenants", "invite", "qinghe", "qinghe-admin"),
        ("tenants", "invite", "qinghe", "nobody"),
    )
    assert [code for code, _, _ in verified] == [0, 0, 0], verified
    assert re.search(rf"http://127\.0\.0\.1:{checkout.port}/t/qinghe/invitation/\S{{20,}}", lost[1])
    assert (unknown[0], "没有这个登录名" in unknown[2]) == (1, True)


def test_ctrl_c_ends_it_and_kill_9_blocks_nothing(checkout: Checkout) -> None:
    stopped = checkout.serving()
    stopped.send_signal(signal.SIGINT)
    assert stopped.wait(PATIENCE) == 0
    killed = checkout.serving()
    killed.kill()
    killed.wait(PATIENCE)
    again = checkout.serving()
    again.send_signal(signal.SIGINT)
    assert again.wait(PATIENCE) == 0


def test_a_port_in_use_is_told_before_any_work_is_done(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the demo before it has just left
        taken.bind(("127.0.0.1", checkout.port))
        taken.listen()
        refused = checkout.run("demo", "--tenants", str(checkout.tenants))
    assert refused.returncode == 1
    assert f"不能在 127.0.0.1:{checkout.port} 提供服务：端口已被占用" in refused.stderr
    assert "JICENG_PORT" in refused.stderr
    assert refused.stdout == ""


def test_a_faulty_tenants_folder_is_told_and_nothing_is_evaluated(checkout: Checkout, tmp_path: Path) -> None:
    folder = tenant_folder(tmp_path, "beishan", "北山区委组织部")
    (folder / "tenant.toml").write_text('name = "北山区委组织部"\nkind = "distict"\n', "utf-8")
    refused = checkout.run("demo", "--exit", "--tenants", str(tmp_path))
    assert refused.returncode == 1
    assert "tenant.toml" in refused.stderr
    assert figures(refused.stdout) == []


def test_a_wrong_database_url_is_explained_without_its_password(checkout: Checkout) -> None:
    url = "postgresql://jiceng_app:s3cret@127.0.0.1:1/jiceng"
    wrong = subprocess.run(
        checkout.command("migrate"),
        env=checkout.environment() | {"JICENG_DATABASE_URL": url, "JICENG_MIGRATE_URL": url},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    assert "127.0.0.1:1" in wrong.stderr
    assert "s3cret" not in wrong.stdout + wrong.stderr
