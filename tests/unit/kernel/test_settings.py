"""Settings come from JICENG_* and every mistake in them is told at once."""

from pathlib import Path

import pytest

from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings, read_settings

SECRET_URL = "postgresql://jiceng_app:tiger-secret@db.example/jiceng"


def test_without_variables_the_embedded_servers_are_meant() -> None:
    settings = read_settings({})
    assert (settings.mode, settings.database_url, settings.redis_url, settings.port) == (
        "development",
        "",
        "",
        8000,
    )
    assert settings.data_dir == Path(".jiceng").absolute()


def test_every_role_has_its_own_url() -> None:
    settings = read_settings(
        {"JICENG_DATABASE_URL": SECRET_URL, "JICENG_RELAY_URL": SECRET_URL.replace("app", "relay")}
    )
    assert settings.database_url == SECRET_URL
    assert settings.relay_url == "postgresql://jiceng_relay:tiger-secret@db.example/jiceng"


def test_all_faults_are_told_at_once_and_no_password_is_shown() -> None:
    with pytest.raises(Refusal) as refused:
        read_settings(
            {
                "JICENG_MODE": "live",
                "JICENG_PORT": "seventy",
                "JICENG_POOLER": "session",
                "JICENG_DATABASE_URL": "mysql://u:tiger-secret@h/d",
                "JICENG_REDIS_URL": "redis://h:port/0",
            }
        )
    words = str(refused.value)
    for part in (
        "JICENG_MODE=live",
        "JICENG_PORT=seventy",
        "JICENG_POOLER=session",
        "JICENG_DATABASE_URL：应以 postgresql://",
        "JICENG_REDIS_URL",
    ):
        assert part in words
    assert "tiger-secret" not in words


def test_production_refuses_to_fall_back_to_embedded_servers() -> None:
    with pytest.raises(Refusal) as refused:
        read_settings({"JICENG_MODE": "production", "JICENG_DATABASE_URL": SECRET_URL})
    assert "JICENG_REDIS_URL：生产模式必须设置" in str(refused.value)
    assert "JICENG_RELAY_URL：生产模式必须设置" in str(refused.value)


@pytest.mark.parametrize("port", ["-1", "65536", "8 000", "８０００"])
def test_a_port_is_a_number_a_socket_can_have(port: str) -> None:
    with pytest.raises(Refusal, match="JICENG_PORT"):
        read_settings({"JICENG_PORT": port})


def test_printed_settings_hide_every_url() -> None:
    assert "tiger-secret" not in repr(Settings(database_url=SECRET_URL, redis_url="redis://:tiger-secret@h"))
