"""What a worker process is given: its two roles and the bell, no other secret."""

import pytest

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
