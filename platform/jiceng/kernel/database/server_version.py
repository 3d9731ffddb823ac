"""Which PostgreSQL versions are good enough, in one place."""

import datetime as dt

from asyncpg.types import ServerVersion

from jiceng.kernel.errors import Refusal

OLDEST_MAJOR = 16
SECURITY_RELEASES = {16: 16, 17: 12, 18: 7}
"""Oldest minor version of each major without a known hole in row security (2026-11); production must have it.

The embedded server is for development only and is pinned by the lock file.
"""
RELEASED = dt.date(2026, 11, 12)
"""The day those came out (minor releases of a quarter share one); kept up with the table above."""
GRACE = dt.timedelta(days=60)
"""How long a pinned server may lack them before `jiceng supply check`, and with it CI, fails (threat T17)."""


def lacks_security_release(major: int, minor: int) -> bool:
    """Whether a security release of this major version is missing; unknown majors are newer ones."""
    return minor < SECURITY_RELEASES.get(major, 0)


def overdue(major: int, minor: int, day: dt.date) -> bool:
    """Whether a pinned server of this version has lacked a security release for longer than the grace."""
    return lacks_security_release(major, minor) and day - RELEASED > GRACE


def refuse_old_server(version: ServerVersion, *, production: bool = False) -> None:
    """Refuse PostgreSQL older than 16 and, in production, one without its security releases.

    The driver tells 16.14 as major 16, minor 0, micro 14.
    """
    major, minor = version.major, version.micro
    if major >= OLDEST_MAJOR and not (production and lacks_security_release(major, minor)):
        return
    least = f"{major}.{SECURITY_RELEASES[major]}" if major in SECURITY_RELEASES else f"{OLDEST_MAJOR}"
    raise Refusal(
        f"PostgreSQL 版本过旧：{major}.{minor}",
        "JICENG_DATABASE_URL",
        f"需要 PostgreSQL {least} 或更新的版本（Citus 需 14 或更新）",
        503,
        what_en=f"PostgreSQL {major}.{minor} is too old",
        todo_en=f"use PostgreSQL {least} or newer",
    )
