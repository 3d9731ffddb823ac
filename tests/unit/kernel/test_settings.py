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


STRONG = "Kq7-vR2x_Lm9wZ4t"
PRODUCTION = {
    "JICENG_MODE": "production",
    "JICENG_DATABASE_URL": f"postgresql://jiceng_app:{STRONG}@db.example/jiceng",
    "JICENG_RELAY_URL": f"postgresql://jiceng_relay:{STRONG}@db.example/jiceng",
    "JICENG_REDIS_URL": f"redis://:{STRONG}@redis.example/0",
}


def test_production_starts_with_urls_of_its_own() -> None:
    settings = read_settings(PRODUCTION | {"JICENG_HOSTS": "Pingjia.example.cn, other.example"})
    assert settings.production
    assert settings.hosts == ("pingjia.example.cn", "other.example")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("JICENG_DATABASE_URL", "postgresql://jiceng_app@db.example/jiceng"),
        ("JICENG_DATABASE_URL", "postgresql://jiceng_app:jiceng_app@db.example/jiceng"),
        ("JICENG_RELAY_URL", "postgresql://jiceng_relay:postgres@db.example/jiceng"),
        ("JICENG_RELAY_URL", "postgresql://jiceng_password:jiceng_password@db.example/jiceng"),
        ("JICENG_BACKUP_URL", "postgresql://jiceng_backup:ChangeMePlease@db.example/jiceng"),
        ("JICENG_REDIS_URL", "redis://redis.example/0"),
        ("JICENG_REDIS_URL", "redis://:foobared@redis.example/0"),
    ],
)
def test_production_refuses_secrets_that_are_none(name: str, url: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_settings(PRODUCTION | {name: url})
    assert f"{name}：密码为空、过短或人人皆知" in str(refused.value)


def test_a_socket_of_this_machine_needs_no_password_in_production() -> None:
    url = "postgresql://jiceng_app@/jiceng?host=/run/postgresql"
    assert read_settings(PRODUCTION | {"JICENG_DATABASE_URL": url}).database_url == url


def test_networks_and_counts_are_checked_when_they_are_read() -> None:
    with pytest.raises(Refusal) as refused:
        read_settings(
            {
                "JICENG_TRUSTED_PROXIES": "10.0.0.0/8, proxy.example",
                "JICENG_METRICS_FROM": "10.0.0.1/8",
                "JICENG_API_PER_MINUTE": "0",
                "JICENG_SIGN_INS_PER_MINUTE": "many",
            }
        )
    words = str(refused.value)
    assert "JICENG_TRUSTED_PROXIES=proxy.example" in words
    assert "JICENG_METRICS_FROM=10.0.0.1/8" in words
    assert "JICENG_API_PER_MINUTE=0" in words
    assert "JICENG_SIGN_INS_PER_MINUTE=many" in words


@pytest.mark.parametrize("port", ["-1", "65536", "8 000", "８０００"])
def test_a_port_is_a_number_a_socket_can_have(port: str) -> None:
    with pytest.raises(Refusal, match="JICENG_PORT"):
        read_settings({"JICENG_PORT": port})


def test_printed_settings_hide_every_url() -> None:
    assert "tiger-secret" not in repr(Settings(database_url=SECRET_URL, redis_url="redis://:tiger-secret@h"))
