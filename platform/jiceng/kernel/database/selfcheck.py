"""Before serving: refuse to run as a role for which row security does not hold."""

from jiceng.kernel.database.driver import Record
from jiceng.kernel.database.engine import engine
from jiceng.kernel.database.pooler import refuse_undeclared
from jiceng.kernel.database.server_version import refuse_old_server
from jiceng.kernel.errors import Refusal

_QUESTION = """
select current_user::text as name, r.rolsuper as superuser, r.rolbypassrls as bypass,
       r.rolcreaterole as creates_roles,
       exists (select 1 from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
               and c.relnamespace = 'public'::regnamespace) as owner,
       exists (select 1 from pg_class c where c.relnamespace = 'public'::regnamespace
               and c.relkind in ('r', 'p') and pg_has_role(r.oid, c.relowner, 'MEMBER')) as owners_member
from pg_roles r where r.rolname = current_user
"""


async def refuse_bad_roles(
    roles: tuple[str, ...] = ("app", "relay", "operator"), *, production: bool = False
) -> None:
    """Look at the connected role of each configured pool; call it right after `connect`.

    Raises:
        Refusal: the role is superuser, BYPASSRLS, CREATEROLE or owner of a table (or a member of the owner),
            the server is too old (in production: lacks a security release), or an undeclared pooler stands
            before it.
    """
    for role in roles:
        if not engine.pools.url(role):
            continue
        connection = await engine.pools.take(role)
        try:
            refuse_old_server(connection.get_server_version(), production=production)
            if not engine.pools.pooled:
                await refuse_undeclared(connection, role)
            _judge(role, await connection.fetchrow(_QUESTION))
        finally:
            await engine.pools.give_back(role, connection)


def _judge(role: str, answer: Record) -> None:
    faults = [
        words
        for field, words in (
            ("superuser", "是超级用户 (superuser)"),
            ("bypass", "可以绕过行级安全 (BYPASSRLS)"),
            ("creates_roles", "可以建立角色 (CREATEROLE)"),
            ("owner", "拥有数据表 (table owner)"),
            ("owners_member", "属于数据表的所有者 (member of the owner)"),
        )
        if answer[field]
    ]
    if faults:
        raise Refusal(
            f"数据库角色 {answer['name']} 不安全：{'、'.join(faults)}，租户之间将失去隔离",
            f"JICENG_{'DATABASE' if role == 'app' else role.upper()}_URL",
            f"请改用 jiceng_{role} 角色的地址；角色由 jiceng migrate 建立",
            503,
            what_en=f"database role {answer['name']} would see every tenant",
            todo_en=f"connect as jiceng_{role}",
        )
