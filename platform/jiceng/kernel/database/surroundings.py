"""What surrounds the tables in a database: roles, functions, sequences, the schema, the server's version."""

import msgspec

from jiceng.kernel.database.driver import Connection


class FunctionState(msgspec.Struct, frozen=True):
    """A SECURITY DEFINER function of schema public."""

    name: str
    pinned: bool
    public: bool


class RoleState(msgspec.Struct, frozen=True):
    """A jiceng role's dangerous attributes and memberships."""

    name: str
    superuser: bool
    bypass: bool
    creates_roles: bool
    member_of: tuple[str, ...]


class Surroundings(msgspec.Struct, frozen=True):
    """Everything the lint looks at besides tables."""

    server_version: int
    functions: tuple[FunctionState, ...]
    roles: dict[str, RoleState]
    sequences: frozenset[tuple[str, str]]
    schema_rights: frozenset[tuple[str, str]]
    database_rights: frozenset[tuple[str, str]]
    default_rights: frozenset[tuple[str, str]]
    column_rights: frozenset[tuple[str, str]]
    elsewhere: tuple[str, ...]


_FUNCTIONS = """
select p.proname::text as name, has_function_privilege('public', p.oid, 'execute') as public,
       exists (select 1 from unnest(p.proconfig) c where c like 'search_path=%') as pinned
from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
"""
_ROLES = """
select r.rolname::text as name, r.rolsuper as superuser, r.rolbypassrls as bypass,
       r.rolcreaterole as creates_roles,
       array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
             where m.member = r.oid order by 1) as member_of
from pg_roles r where r.rolname like 'jiceng%'
"""
_SEQUENCES = """
select c.relname::text as name,
       case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as grantee
from pg_class c, aclexplode(c.relacl) g
where c.relkind = 'S' and c.relnamespace = 'public'::regnamespace and g.grantee <> c.relowner
"""
_SCHEMA = """
select case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as grantee,
       g.privilege_type
from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g
where n.nspname = 'public' and g.grantee <> n.nspowner
"""
_DATABASE = """
select case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as grantee,
       g.privilege_type
from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) g
where d.datname = current_database() and g.grantee <> d.datdba
"""
_DEFAULTS = """
select case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as grantee,
       g.privilege_type
from pg_default_acl d, aclexplode(d.defaclacl) g where g.grantee <> d.defaclrole
"""
_COLUMN_RIGHTS = """
select c.relname || '.' || a.attname as grantee,
       g.privilege_type || ' to ' || case when g.grantee = 0 then 'public'
                                          else pg_get_userbyid(g.grantee)::text end as privilege_type
from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) g
where c.relnamespace = 'public'::regnamespace
"""
_ELSEWHERE = """
select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('public', 'information_schema')
  and n.nspname not like 'pg\\_%' order by 1
"""


async def read_surroundings(connection: Connection) -> Surroundings:
    """Read the catalog of the connected database."""
    roles = [
        RoleState(**{**dict(row), "member_of": tuple(row["member_of"])})
        for row in await connection.fetch(_ROLES)
    ]
    return Surroundings(
        server_version=int(await connection.fetchval("show server_version_num")),
        functions=tuple(
            FunctionState(row["name"], row["pinned"], row["public"])
            for row in await connection.fetch(_FUNCTIONS)
        ),
        roles={role.name: role for role in roles},
        sequences=frozenset((row["name"], row["grantee"]) for row in await connection.fetch(_SEQUENCES)),
        schema_rights=await _rights(connection, _SCHEMA),
        database_rights=await _rights(connection, _DATABASE),
        default_rights=await _rights(connection, _DEFAULTS),
        column_rights=await _rights(connection, _COLUMN_RIGHTS),
        elsewhere=tuple(row["name"] for row in await connection.fetch(_ELSEWHERE)),
    )


async def _rights(connection: Connection, sql: str) -> frozenset[tuple[str, str]]:
    return frozenset((row["grantee"], row["privilege_type"]) for row in await connection.fetch(sql))
