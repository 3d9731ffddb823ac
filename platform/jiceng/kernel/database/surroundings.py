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
        schema_rights=frozenset(
            (row["grantee"], row["privilege_type"]) for row in await connection.fetch(_SCHEMA)
        ),
        database_rights=frozenset(
            (row["grantee"], row["privilege_type"]) for row in await connection.fetch(_DATABASE)
        ),
    )
