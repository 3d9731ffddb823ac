"""What can be wrong with the embedded servers: told in words, or mended without them."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
from tests.support.servers import User, own_folder, places_of, postmaster, small_disk

from jiceng.kernel.servers import ServerFault, running
from jiceng.kernel.servers.processes import living_in
from jiceng.kernel.settings import Settings

ROOT_ONLY = pytest.mark.skipif(
    os.geteuid() != 0, reason="mounting a file system needs root; a limit is tested"
)


def use(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False):
        pass


def test_production_refuses_embedded_servers(new_folder: Path) -> None:
    production = running(Settings(data_dir=new_folder, mode="production"))
    with pytest.raises(ServerFault, match="JICENG_DATABASE_URL、JICENG_REDIS_URL"), production:
        pass
    assert not new_folder.exists()


def test_configured_servers_are_left_alone(new_folder: Path) -> None:
    given = Settings(data_dir=new_folder, database_url="postgresql://x@y/z", redis_url="redis://r")
    with running(given) as settings:
        assert settings is given
    assert not new_folder.exists()


def test_data_of_another_major_version_are_not_touched(folder: Path) -> None:
    use(folder)
    version = places_of(folder).home / "postgres" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(ServerFault, match=r"属于 PostgreSQL 16，而内置的是 PostgreSQL 18") as told:
        use(folder)
    assert "pg_dump" in str(told.value)
    version.write_text("18\n")
    use(folder)


def test_a_lost_password_file_is_named(folder: Path) -> None:
    use(folder)
    state = folder / "servers.json"
    kept = state.read_bytes()
    sockets = places_of(folder).sockets
    state.unlink()
    with pytest.raises(ServerFault, match=r"servers\.json 不见了"):
        use(folder)
    shutil.rmtree(places_of(folder).sockets)
    assert sockets.exists()
    state.write_bytes(kept)
    use(folder)


def test_a_pid_file_naming_somebody_elses_process_does_not_block(folder: Path) -> None:
    use(folder)
    places = places_of(folder)
    # The number in the stale file now belongs to this very test.
    for file in (places.home / "postgres" / "postmaster.pid", places.sockets / ".s.PGSQL.5432.lock"):
        file.write_text(
            f"{os.getpid()}\n{places.home / 'postgres'}\n1700000000\n5432\n{places.sockets}\n\n\n"
        )
    use(folder)


def test_a_zombie_counts_as_dead(new_folder: Path) -> None:
    new_folder.mkdir()
    with subprocess.Popen(["/bin/sleep", "60"], cwd=new_folder) as child:
        assert [process.pid for process in living_in(new_folder)] == [child.pid]
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert living_in(new_folder) == []


def test_a_socket_folder_that_became_a_link_is_replaced(folder: Path) -> None:
    use(folder)
    before = places_of(folder).sockets
    moved = before.with_name(before.name + "-moved")
    before.rename(moved)
    before.symlink_to(moved)
    try:
        use(folder)
        assert places_of(folder).sockets != before
    finally:
        before.unlink()
        shutil.rmtree(moved)


def test_a_server_whose_sockets_were_swept_away_is_started_again(folder: Path) -> None:
    with running(Settings(data_dir=folder), durable=False):
        before = postmaster(folder)
        shutil.rmtree(places_of(folder).sockets)
        user = User(folder)
        assert user.found["answer"] == 42
        assert postmaster(folder) != before
        user.leave()


def test_damaged_valkey_data_are_thrown_away(folder: Path) -> None:
    use(folder)
    for part in (places_of(folder).home / "valkey" / "appendonlydir").iterdir():
        part.write_bytes(b"\0nonsense" * 50)
    use(folder)


def test_an_interrupted_initdb_is_begun_again(new_folder: Path) -> None:
    new_folder.mkdir(mode=0o711)
    (new_folder / "postgres.new").mkdir()
    (new_folder / "postgres.new" / "half").write_text("done")
    use(new_folder)


def test_a_copied_folder_gets_sockets_of_its_own(folder: Path) -> None:
    use(folder)
    with own_folder() as other:
        subprocess.run(["cp", "-a", str(folder), str(other)], check=True)
        with running(Settings(data_dir=folder), durable=False):
            use(other)
            assert places_of(other).sockets != places_of(folder).sockets
            assert postmaster(folder) > 0


def test_a_folder_one_may_not_write_is_named() -> None:
    with own_folder() as folder:
        folder.parent.chmod(0o555)
        user = User(folder, "--nobody")
        told = user.found["fault"]
        assert str(folder) in told
        assert "JICENG_DATA" in told
        assert user.leave() == 3


def test_files_that_cannot_grow_read_as_a_full_disk(new_folder: Path) -> None:
    user = User(new_folder, "--file-limit", "1000000")
    assert user.found["fault"].startswith("磁盘空间不足，内置服务器无法启动")
    assert user.leave() == 3
    use(new_folder)


@ROOT_ONLY
def test_a_small_disk_is_told_before_anything_is_written() -> None:
    with small_disk(60) as folder:
        with pytest.raises(ServerFault, match="磁盘空间不足"):
            use(folder)
        assert not (folder / "postgres").exists()


@ROOT_ONLY
def test_a_disk_that_fills_up_is_told_and_mended_by_freeing_it() -> None:
    with small_disk(260) as folder:
        use(folder)
        filler = folder / "filler"
        for size in ("1M", "512"):
            fill = ["dd", "if=/dev/zero", f"of={filler}", f"bs={size}", "oflag=append", "conv=notrunc"]
            assert subprocess.run(fill, check=False, stderr=subprocess.DEVNULL).returncode == 1
        with pytest.raises(ServerFault, match="磁盘空间不足"):
            use(folder)
        filler.unlink()
        use(folder)
        shutil.rmtree(places_of(folder).sockets)


@ROOT_ONLY
def test_data_below_a_private_home_are_kept_where_the_account_can_reach_them(
    new_folder: Path,
) -> None:
    new_folder.parent.chmod(0o700)
    use(new_folder)
    home = places_of(new_folder).home
    assert home.parent == Path("/var/lib/jiceng/data")
    assert (home / "postgres" / "PG_VERSION").exists()
    state = msgspec.json.decode((new_folder / "servers.json").read_bytes())
    use(new_folder)
    assert msgspec.json.decode((new_folder / "servers.json").read_bytes()) == state


def test_socket_folders_of_deleted_data_are_swept_away(folder: Path, new_folder: Path) -> None:
    use(folder)
    orphan, kept = places_of(folder).sockets, []
    with own_folder() as other:
        use(other)
        kept.append(places_of(other).sockets)
        shutil.rmtree(folder)
        for sockets in (orphan, *kept):
            os.utime(sockets / "belongs-to", (0, 0))
        use(new_folder)
        assert not orphan.exists()
        assert kept[0].exists()
