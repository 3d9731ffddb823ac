"""The servers around one block of code: started when no URL is configured, stopped by their last user."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from jiceng.kernel.servers.accounts import server_account
from jiceng.kernel.servers.binaries import find_binaries
from jiceng.kernel.servers.faults import ServerFault, refused_in_production
from jiceng.kernel.servers.locks import Presence, exclusive
from jiceng.kernel.servers.places import Places, make_data_folder, open_places, state_file
from jiceng.kernel.servers.postgres import PORT, Postgres
from jiceng.kernel.servers.valkey import Valkey
from jiceng.kernel.settings import Settings

_DATABASE = "jiceng"
_ROLES = {
    "database_url": "jiceng_app",
    "relay_url": "jiceng_relay",
    "operator_url": "jiceng_operator",
    "migrate_url": "jiceng_migrate",
    "auditor_url": "jiceng_auditor",
    "backfill_url": "jiceng_backfill",
    "backup_url": "jiceng_backup",
    "superuser_url": "postgres",
}


@contextmanager
def running(settings: Settings, *, durable: bool = True) -> Iterator[Settings]:
    """Give `settings` with every URL filled in, and keep the embedded servers up meanwhile.

    Any number of processes may enter for one data folder: the first starts the servers, the last to leave
    stops them. A process that dies without leaving counts as gone; the next attaches to what still runs.
    With `durable=False` (tests) a crash of the machine may lose data. Raises ServerFault.
    """
    missing = [name for name in ("database_url", "redis_url") if not getattr(settings, name)]
    if not missing:
        yield settings
        return
    if settings.production:
        raise refused_in_production("、".join(f"JICENG_{name.upper()}" for name in missing))
    servers = Servers(settings.data_dir, settings.server_account)
    presence = servers.enter(missing, durable=durable)
    try:
        yield servers.urls(settings)
    finally:
        servers.leave(presence)


class Servers:
    """The embedded servers of one data folder."""

    def __init__(self, data_dir: Path, account_name: str = "") -> None:
        self._account = server_account(account_name)
        self._data_dir = data_dir.absolute()
        self._lock = self._data_dir / "lock"

    def enter(self, missing: list[str], *, durable: bool) -> Presence:
        """Become a user of the servers whose settings are in `missing`; start those that are down."""
        make_data_folder(self._data_dir, self._account)
        with exclusive(self._lock):
            presence = Presence(self._data_dir / "in-use")
            try:
                self._ensure(missing, durable=durable)
            except BaseException:
                with suppress(ServerFault):
                    self._last_one_stops(presence)
                raise
        return presence

    def revive(self, missing: list[str], *, durable: bool = True) -> None:
        """Start again what has died under its users."""
        with exclusive(self._lock):
            self._ensure(missing, durable=durable)

    def leave(self, presence: Presence) -> None:
        """Stop being a user; the last one stops the servers."""
        with exclusive(self._lock):
            self._last_one_stops(presence)

    def urls(self, settings: Settings) -> Settings:
        """Fill every empty URL of `settings` that an embedded server answers."""
        with exclusive(self._lock):
            places = open_places(self._data_dir, self._account)
        filled: dict[str, str] = {}
        if not settings.database_url:
            filled |= {field: _url(places, role) for field, role in _ROLES.items()}
        if not settings.redis_url:
            filled["redis_url"] = self._runners()[1].url
        return msgspec.structs.replace(settings, **filled)

    def _ensure(self, missing: list[str], *, durable: bool) -> None:
        password_known = state_file(self._data_dir).exists()
        postgres, valkey = self._runners()
        if "database_url" in missing:
            postgres.ensure(durable=durable, password_known=password_known)
        if "redis_url" in missing:
            valkey.ensure()

    def _last_one_stops(self, presence: Presence) -> None:
        if presence.leave():
            for server in self._runners():
                server.stop()

    def _runners(self) -> tuple[Postgres, Valkey]:
        places = open_places(self._data_dir, self._account)
        binaries = find_binaries(self._account)
        return Postgres(places, binaries, self._account), Valkey(places, binaries, self._account)


def _url(places: Places, role: str) -> str:
    database = "postgres" if role == "postgres" else _DATABASE
    return f"postgresql://{role}:{places.passwords[role]}@/{database}?host={places.sockets}&port={PORT}"
