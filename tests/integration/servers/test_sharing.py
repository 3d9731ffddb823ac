"""The embedded servers between processes: started once, stopped by the last, found again after a kill."""

import os
import signal
from pathlib import Path

import asyncpg
import psutil
import pytest
from tests.support.servers import User, account_uid, own_folder, places_of, postmaster, servers_of

from jiceng.kernel.servers import running
from jiceng.kernel.servers.binaries import pinned_version
from jiceng.kernel.settings import Settings


def test_the_servers_live_exactly_as_long_as_their_user(folder: Path) -> None:
    user = User(folder)
    found = user.found
    assert (found["answer"], found["ping"]) == (42, True)
    assert len(found["pids"]["valkey"]) == 1
    assert psutil.Process(postmaster(folder)).uids().real == account_uid()
    assert user.leave() == 0
    assert servers_of(folder) == []


def test_a_second_user_attaches_and_the_last_one_stops(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False):
        before = postmaster(folder)
        user = User(folder)
        assert user.found["answer"] == 42
        assert user.leave() == 0
        assert postmaster(folder) == before
    assert servers_of(folder) == []


def test_who_started_the_servers_may_leave_first_and_says_nothing(folder: Path) -> None:
    starter = User(folder)
    before = starter.found["pids"]
    with running(Settings(data_dir=folder), durable=False):
        assert (starter.leave(), starter.said) == (0, "")
        assert servers_of(folder) != []
        assert postmaster(folder) in before["postgres"]
    assert servers_of(folder) == []


def test_users_starting_at_once_share_one_server(new_folder: Path) -> None:
    users = [User(new_folder) for _ in range(4)]
    found = [user.found for user in users]
    assert [one["answer"] for one in found] == [42] * 4
    assert len({one["pids"]["valkey"][0] for one in found}) == 1
    assert [user.leave() for user in users] == [0] * 4
    assert servers_of(new_folder) == []


def test_after_kill_9_of_the_starter_the_next_one_attaches_and_stops(folder: Path) -> None:
    starter = User(folder)
    before = starter.found["pids"]
    starter.kill()
    assert before["valkey"][0] in servers_of(folder)
    with running(Settings(data_dir=folder), durable=False):
        assert postmaster(folder) in before["postgres"]
    assert servers_of(folder) == []


def test_after_kill_9_of_everything_the_next_start_recovers(folder: Path) -> None:
    starter = User(folder)
    pids = starter.found["pids"]
    starter.kill()
    for pid in [postmaster(folder), *pids["valkey"]]:
        os.kill(pid, signal.SIGKILL)
    user = User(folder)
    assert user.found["answer"] == 42
    assert user.leave() == 0


def test_two_folders_have_two_servers_at_once(folder: Path) -> None:
    with own_folder() as other:
        users = [User(folder), User(other)]
        first, second = (user.found for user in users)
        assert first["answer"] == second["answer"] == 42
        assert set(first["pids"]["postgres"]).isdisjoint(second["pids"]["postgres"])
        assert [user.leave() for user in users] == [0, 0]


def test_no_network_port_is_used_so_none_can_be_taken(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False) as settings:
        for process in (psutil.Process(postmaster(folder)), *psutil.Process(postmaster(folder)).children()):
            assert [c for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
        assert settings.redis_url.startswith("unix://")


def test_secrets_and_sockets_are_private(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False) as settings:
        places = places_of(folder)
        secret = places.passwords["jiceng_app"]
        assert secret in settings.database_url
        assert secret not in repr(settings)
        assert secret not in repr(places)
        assert (folder / "servers.json").stat().st_mode & 0o777 == 0o600
        assert (places.home / "valkey" / "valkey.conf").stat().st_mode & 0o777 == 0o600
        assert (places.home / "postgres").stat().st_mode & 0o777 == 0o700
        assert places.sockets.stat().st_mode & 0o777 == 0o700
        assert len(str(places.sockets)) < 60
        assert folder.parent not in places.sockets.parents
        assert not (places.home / "postgres.password").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="the whole run is an ordinary user's already")
def test_an_ordinary_user_runs_its_own_servers() -> None:
    with own_folder() as folder:
        folder.parent.chmod(0o777)
        user = User(folder, "--nobody")
        found = user.found
        assert (found["answer"], found["user"]) == (42, 65534)
        assert user.leave() == 0


async def test_the_servers_log_quotes_nobodys_data(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False) as settings:
        connection = await asyncpg.connect(settings.superuser_url)
        await connection.execute(
            "create table person (name text unique); insert into person values ('王小明')"
        )
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("insert into person values ('王小明')")
        await connection.close()
        log = (places_of(folder).home / "postgres.log").read_text()
    assert "duplicate key value" in log
    assert "王小明" not in log


def test_the_version_of_the_pinned_server_is_told(folder: Path) -> None:
    """What `jiceng supply check` compares with the security releases (T17)."""
    user = User(folder)
    assert user.found["answer"] == 42
    assert pinned_version()[0] == int((places_of(folder).home / "postgres" / "PG_VERSION").read_text())
    assert user.leave() == 0
