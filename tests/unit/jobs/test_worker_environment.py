"""What a worker process is given: its two roles and the bell, no other secret."""

import os
import subprocess
import sys

import pytest

from jiceng import FREED_MEMORY
from jiceng.kernel.jobs.supervisor import environment_of
from jiceng.kernel.settings import Settings


def test_a_worker_gets_its_two_roles_and_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_SUPERUSER_URL", "postgresql://postgres:top-secret@/postgres")
    monkeypatch.setenv("LANG", "C.UTF-8")
    settings = Settings(
        mode="production",
        database_url="postgresql://jiceng_app:a@db/jiceng",
        relay_url="postgresql://jiceng_relay:b@db/jiceng",
        migrate_url="postgresql://jiceng_migrate:top-secret@db/jiceng",
        backup_url="postgresql://jiceng_backup:top-secret@db/jiceng",
        redis_url="redis://r",
        pooler=True,
    )
    environment = environment_of(settings)
    assert {name: value for name, value in environment.items() if name.startswith("JICENG_")} == {
        "JICENG_MODE": "production",
        "JICENG_DATA": str(settings.data_dir),
        "JICENG_DATABASE_URL": "postgresql://jiceng_app:a@db/jiceng",
        "JICENG_RELAY_URL": "postgresql://jiceng_relay:b@db/jiceng",
        "JICENG_REDIS_URL": "redis://r",
        "JICENG_POOLER": "transaction",
    }
    assert environment["LANG"] == "C.UTF-8"
    assert "top-secret" not in str(environment)


def test_a_worker_keeps_freed_memory_for_a_minute_in_one_heap() -> None:
    environment = environment_of(Settings(mode="development"))
    assert environment["MALLOC_ARENA_MAX"] == "1"
    assert environment["_RJEM_MALLOC_CONF"].endswith("dirty_decay_ms:5000,muzzy_decay_ms:0")


@pytest.mark.parametrize(("own", "last"), [({}, "0"), ({"_RJEM_MALLOC_CONF": "dirty_decay_ms:7"}, "7")])
def test_what_the_operator_says_of_freed_memory_wins(own: dict[str, str], last: str) -> None:
    shown = "import jiceng, polars, os; print(os.environ['_RJEM_MALLOC_CONF'].rpartition(':')[2])"
    others = {name: value for name, value in os.environ.items() if name not in FREED_MEMORY}
    told = subprocess.run(
        [sys.executable, "-c", shown], env={**others, **own}, check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == last
