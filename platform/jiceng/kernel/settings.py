"""Settings of one process, read once from the environment (JICENG_*)."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote, urlsplit

import msgspec

from jiceng.kernel.errors import Refusal

Mode = Literal["development", "production"]
Crypto = Literal["intl", "gm"]

_ROLE_URLS = {
    "database_url": "JICENG_DATABASE_URL",
    "relay_url": "JICENG_RELAY_URL",
    "operator_url": "JICENG_OPERATOR_URL",
    "migrate_url": "JICENG_MIGRATE_URL",
    "auditor_url": "JICENG_AUDITOR_URL",
    "backfill_url": "JICENG_BACKFILL_URL",
    "backup_url": "JICENG_BACKUP_URL",
    "superuser_url": "JICENG_SUPERUSER_URL",
}


_COUNTS = {
    "api_per_minute": ("JICENG_API_PER_MINUTE", 240),
    "sign_ins_per_minute": ("JICENG_SIGN_INS_PER_MINUTE", 30),
}

MOST_PER_MINUTE = 1_000_000
SHORTEST_SECRET = 12
KNOWN_SECRETS = frozenset(
    {"postgrespostgres", "administrator", "password1234", "123456789012", "changemeplease", "jiceng_password"}
)
"""Long enough and still no secret; shorter ones are refused by their length."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One process's settings; an empty URL means "start the embedded server" (development only).

    Each database URL logs in as another role (see `kernel.database.roles`); `database_url` is the role app.
    `superuser_url` is used by `jiceng migrate` alone, to create the roles and the database when absent.
    """

    mode: Mode = "development"
    data_dir: Path = Path(".jiceng")
    database_url: str = ""
    relay_url: str = ""
    operator_url: str = ""
    migrate_url: str = ""
    auditor_url: str = ""
    backfill_url: str = ""
    backup_url: str = ""
    superuser_url: str = ""
    redis_url: str = ""
    server_account: str = ""
    """Started as root, the embedded servers run as this account (default nobody)."""
    scan_command: str = ""
    """Asked about every uploaded file, its path at the end; exit code 0 clean, 1 infected (as clamdscan)."""
    host: str = "127.0.0.1"
    port: int = 8000
    pool_size: int = 10
    pooler: bool = False
    """Whether a transaction pooler (PgBouncer) stands in between: no statement is then kept by name."""
    acquire_timeout: float = 10.0
    """Seconds a request waits for a database connection before it is told that the server is busy."""
    hosts: tuple[str, ...] = ()
    """Names the service answers to (the Host header); empty: any, in development only."""
    trusted_proxies: tuple[str, ...] = ()
    """Networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    api_per_minute: int = _COUNTS["api_per_minute"][1]
    """Requests that one API token may make in a minute, and at once."""
    sign_ins_per_minute: int = _COUNTS["sign_ins_per_minute"][1]
    """Attempts to sign in from one address in a minute, and at once (five wrong ones lock an account)."""
    metrics_from: tuple[str, ...] = ()
    """Networks that may read /metrics besides this machine itself."""
    management_from: tuple[str, ...] = ()
    """Networks from which accounts, tokens, records, logs and jobs are managed; empty: from everywhere."""
    crypto: Crypto = "intl"
    """The suite of algorithms for new values: intl (AES, SHA-256, Ed25519) or gm (SM4, SM3, SM2)."""
    keys: Path | None = None
    """Where the keys lie that protect the tenants' data keys; <data_dir>/keys unless set."""
    key_device: str = ""
    """An adapter of a cryptographic device, `module:factory`, in place of the folder of keys."""

    def __repr__(self) -> str:
        """Leave the URLs out: they carry passwords."""
        return f"Settings({self.mode}, data_dir={str(self.data_dir)!r}, address={self.host}:{self.port})"

    @property
    def production(self) -> bool:
        """Whether default secrets and embedded servers are refused."""
        return self.mode == "production"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read JICENG_* from `environment` (the process's own by default); refuse with every fault at once."""
    values = os.environ if environment is None else environment
    faults: list[str] = []
    urls = {
        field: _url(values, name, ("postgresql", "postgres"), faults) for field, name in _ROLE_URLS.items()
    }
    redis_url = _url(values, "JICENG_REDIS_URL", ("redis", "rediss", "unix"), faults)
    mode = values.get("JICENG_MODE", "development")
    if mode not in {"development", "production"}:
        faults.append(f"JICENG_MODE={mode}：只能是 development 或 production")
    if mode == "production":
        faults += _unfit_for_production({**urls, "redis_url": redis_url})
    port = _port(values.get("JICENG_PORT", "8000"), faults)
    pooler = values.get("JICENG_POOLER", "")
    if pooler not in {"", "transaction"}:
        faults.append(f"JICENG_POOLER={pooler}：只能为空或 transaction")
    proxies = _networks(values, "JICENG_TRUSTED_PROXIES", faults)
    metrics_from = _networks(values, "JICENG_METRICS_FROM", faults)
    management_from = _networks(values, "JICENG_MANAGEMENT_FROM", faults)
    crypto = values.get("JICENG_CRYPTO") or "intl"
    if crypto not in {"intl", "gm"}:
        faults.append(f"JICENG_CRYPTO={crypto}：只能是 intl 或 gm")
    keys = values.get("JICENG_KEYS", "")
    counts = {field: _count(values, name, usual, faults) for field, (name, usual) in _COUNTS.items()}
    if faults:
        raise Refusal(
            "环境变量有误：" + "；".join(faults),
            "JICENG_*",
            "改正这些环境变量后重新启动",
            what_en="invalid settings",
            todo_en="correct the environment variables named above and start again",
        )
    settings = Settings(
        mode=cast("Mode", mode),
        data_dir=Path(values.get("JICENG_DATA") or ".jiceng").absolute(),
        redis_url=redis_url,
        server_account=values.get("JICENG_SERVER_ACCOUNT", ""),
        scan_command=values.get("JICENG_SCAN_COMMAND", ""),
        host=values.get("JICENG_HOST", "127.0.0.1"),
        port=port,
        pooler=pooler == "transaction",
        hosts=tuple(host.lower() for host in _listed(values, "JICENG_HOSTS")),
        trusted_proxies=proxies,
        metrics_from=metrics_from,
        crypto=cast("Crypto", crypto),
        keys=Path(keys).absolute() if keys else None,
        key_device=values.get("JICENG_KEY_DEVICE", ""),
        management_from=management_from,
    )
    return msgspec.structs.replace(settings, **urls, **counts)


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...], faults: list[str]) -> str:
    url = values.get(name, "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        faults.append(f"{name}：地址无法解析（端口应为数字）")
        return ""
    if parts.scheme not in schemes:
        # The value itself may hold a password: only its scheme is shown.
        faults.append(f"{name}：应以 {schemes[0]}:// 开头，而不是 {parts.scheme or '（空）'}://")
    return url


def _listed(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in values.get(name, "").split(",") if part.strip())


def _networks(values: Mapping[str, str], name: str, faults: list[str]) -> tuple[str, ...]:
    listed = _listed(values, name)
    for network in listed:
        try:
            ip_network(network)
        except ValueError:
            faults.append(f"{name}={network}：应为 IP 地址或网段，例如 10.0.0.0/8")
    return listed


def _unfit_for_production(urls: Mapping[str, str]) -> list[str]:
    """Servers that would be started here, and passwords that everybody knows or can guess."""
    names = {**_ROLE_URLS, "redis_url": "JICENG_REDIS_URL"}
    faults = [
        f"{names[field]}：生产模式必须设置，不会使用内置服务器"
        for field in ("database_url", "relay_url", "redis_url")
        if not urls[field]
    ]
    for field, url in urls.items():
        parts = urlsplit(url)
        if not url or not parts.hostname:  # a socket of this machine may know its users without passwords
            continue
        password = unquote(parts.password or "")
        if len(password) < SHORTEST_SECRET or password.casefold() in {parts.username, *KNOWN_SECRETS}:
            faults.append(
                f"{names[field]}：密码为空、过短或人人皆知，生产模式至少 {SHORTEST_SECRET} 个字符的随机密码"
            )
    return faults


def _count(values: Mapping[str, str], name: str, usual: int, faults: list[str]) -> int:
    text = values.get(name) or str(usual)
    if text.isascii() and text.isdigit() and 0 < int(text) <= MOST_PER_MINUTE:
        return int(text)
    faults.append(f"{name}={text}：应为 1–{MOST_PER_MINUTE} 的整数")
    return 1


def _port(text: str, faults: list[str]) -> int:
    if text.isascii() and text.isdigit() and 0 <= int(text) <= 65535:  # noqa: PLR2004 - the highest TCP port
        return int(text)
    faults.append(f"JICENG_PORT={text}：端口应为 0–65535 的整数")
    return 0
