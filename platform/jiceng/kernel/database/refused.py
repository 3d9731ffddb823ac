"""What a database that cannot be reached is told as: which URL, what is wrong, what to do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import asyncpg

from jiceng.kernel.errors import Unavailable

VARIABLES = {
    "app": "JICENG_DATABASE_URL",
    "relay": "JICENG_RELAY_URL",
    "operator": "JICENG_OPERATOR_URL",
    "auditor": "JICENG_AUDITOR_URL",
    "backfill": "JICENG_BACKFILL_URL",
    "backup": "JICENG_BACKUP_URL",
    "migrate": "JICENG_MIGRATE_URL",
    "superuser": "JICENG_SUPERUSER_URL",
}
"""Where the URL of each role is set."""

OTHER_TABLES = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)
"""What the driver raises where the tables are not those of this code."""


def not_migrated(error: BaseException) -> Unavailable:
    """What to tell where the tables are missing or of another version."""
    return Unavailable(
        f"数据库的表和程序的版本不一致（{error}）",
        VARIABLES["app"],
        "先运行 jiceng migrate，再重试",
        what_en=f"the tables are not those of this version ({error})",
        todo_en="run jiceng migrate, then try again",
    )


def without_password(url: str) -> str:
    """Return user@host:port/database of a URL: everything one needs to find the mistake, and no secret."""
    parts = urlsplit(url)
    host = parts.hostname or parse_qs(parts.query).get("host", [""])[0] or "?"
    port = parse_qs(parts.query).get("port", [""])[0] or str(parts.port or 5432)
    return f"{parts.username or '?'}@{host}:{port}{parts.path}"


@contextmanager
def explained(url: str, role: str) -> Iterator[None]:
    """Turn the driver's errors while connecting into an `Unavailable` in plain words."""
    variable = VARIABLES[role]
    if not url:
        raise Unavailable(
            f"没有为数据库角色 {role} 设置连接地址",
            variable,
            f"请设置 {variable}",
            what_en=f"no database URL for role {role}",
            todo_en=f"set {variable}",
        )
    place = f"{variable} → {without_password(url)}"
    try:
        yield
    except asyncpg.InvalidPasswordError as error:
        raise _told(
            place, "用户名或密码不正确", "请核对地址中的用户名和密码", "wrong user or password"
        ) from error
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        raise _told(
            place,
            "数据库拒绝该用户登录",
            "请核对用户名与 pg_hba.conf；首次使用先运行 jiceng migrate",
            "login refused",
        ) from error
    except asyncpg.InvalidCatalogNameError as error:
        raise _told(
            place, "数据库不存在", "请核对库名，或先运行 jiceng migrate 建库", "no such database"
        ) from error
    except socket.gaierror as error:
        raise _told(place, "找不到数据库主机", "请核对地址中的主机名", "unknown host") from error
    except (ConnectionError, FileNotFoundError) as error:
        raise _told(
            place, "数据库没有应答（连接被拒绝）", "请确认服务器已启动，主机和端口正确", "connection refused"
        ) from error
    except TimeoutError as error:
        raise _told(place, "连接数据库超时", "请检查网络和防火墙", "connection timed out") from error
    except asyncpg.TooManyConnectionsError as error:
        raise _told(
            place, "数据库连接数已满", "请稍后重试或调高 max_connections", "too many connections"
        ) from error
    except (
        OSError,
        ValueError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        raise _told(
            place, f"无法连接数据库：{type(error).__name__}", "请核对连接地址", f"cannot connect: {error}"
        ) from error


def _told(place: str, what_zh: str, todo_zh: str, what_en: str) -> Unavailable:
    return Unavailable(what_zh, place, todo_zh, what_en=what_en, todo_en="check the URL named above")
