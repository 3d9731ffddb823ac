"""What PostgreSQL's catalog says about our tables: read once, used by `protect` and by the lint."""

from typing import Any

import msgspec

from jiceng.kernel.database.driver import Connection, Record


class Policy(msgspec.Struct, frozen=True):
    """One row-security policy."""

    name: str
    permissive: bool
    command: str
    roles: frozenset[str]
    using: str | None
    check: str | None


class KeyConstraint(msgspec.Struct, frozen=True):
    """A primary key ("p"), unique ("u") or foreign key ("f") with its columns in order."""

    name: str
    kind: str
    columns: tuple[str, ...]
    target: str = ""
    target_columns: tuple[str, ...] = ()
    on_delete: str = ""


class IndexState(msgspec.Struct, frozen=True):
    """One index; `columns` holds "" where it indexes an expression."""

    name: str
    unique: bool
    columns: tuple[str, ...]


class ColumnState(msgspec.Struct, frozen=True):
    """One column: its SQL type as PostgreSQL prints it; `default` as it stands there, empty for none."""

    name: str
    sql_type: str
    not_null: bool
    default: str = ""


class TableState(msgspec.Struct, frozen=True):
    """One relation; `kind` is pg_class.relkind: r table, p partitioned, v view, m materialised, f foreign."""

    name: str
    kind: str
    owner: str
    row_security: bool
    forced: bool
    options: tuple[str, ...]
    columns: dict[str, ColumnState]
    policies: tuple[Policy, ...]
    keys: tuple[KeyConstraint, ...]
    indexes: tuple[IndexState, ...]
    grants: frozenset[tuple[str, str]]


_RELATIONS = """
select c.oid, c.relname, c.relkind::text, pg_get_userbyid(c.relowner) as owner, c.relrowsecurity,
       c.relforcerowsecurity, coalesce(c.reloptions, '{}') as options
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
order by c.relname
"""
_COLUMNS = """
select attrelid as oid, attname, format_type(atttypid, atttypmod) as sql_type, attnotnull,
       coalesce(pg_get_expr(d.adbin, d.adrelid), '') as standing
from pg_attribute left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
where attrelid = any($1) and attnum > 0 and not attisdropped order by attrelid, attnum
"""
_POLICIES = """
select p.polrelid as oid, p.polname, p.polpermissive, p.polcmd::text as cmd,
       array(select case when r = 0 then 'public' else pg_get_userbyid(r) end
             from unnest(p.polroles) r) as roles,
       pg_get_expr(p.polqual, p.polrelid) as using_text,
       pg_get_expr(p.polwithcheck, p.polrelid) as check_text
from pg_policy p where p.polrelid = any($1)
"""
_KEYS = """
select k.conrelid as oid, k.conname, k.contype::text as kind, k.confdeltype::text as on_delete,
       array(select a.attname::text from unnest(k.conkey) with ordinality n(num, at)
             join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num order by n.at) as columns,
       coalesce(t.relname::text, '') as target,
       array(select a.attname::text from unnest(k.confkey) with ordinality n(num, at)
             join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num
             order by n.at) as target_columns
from pg_constraint k left join pg_class t on t.oid = k.confrelid
where k.conrelid = any($1) and k.contype in ('p', 'u', 'f') and k.conparentid = 0
"""
_INDEXES = """
select i.indrelid as oid, c.relname, i.indisunique,
       array(select coalesce(a.attname::text, '') from unnest(i.indkey::int2[]) with ordinality n(num, at)
             left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = n.num and n.num > 0
             where n.at <= i.indnkeyatts order by n.at) as columns
from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = any($1)
"""
_GRANTS = """
select c.oid, case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee) end as grantee,
       g.privilege_type
from pg_class c, aclexplode(c.relacl) g where c.oid = any($1) and g.grantee <> c.relowner
"""


async def read_tables(connection: Connection) -> dict[str, TableState]:
    """Return every relation of schema public by name."""
    relations = await connection.fetch(_RELATIONS)
    oids = [row["oid"] for row in relations]
    columns = _grouped(await connection.fetch(_COLUMNS, oids))
    policies = _grouped(await connection.fetch(_POLICIES, oids))
    keys = _grouped(await connection.fetch(_KEYS, oids))
    indexes = _grouped(await connection.fetch(_INDEXES, oids))
    grants = _grouped(await connection.fetch(_GRANTS, oids))
    return {
        row["relname"]: TableState(
            name=row["relname"],
            kind=row["relkind"],
            owner=row["owner"],
            row_security=row["relrowsecurity"],
            forced=row["relforcerowsecurity"],
            options=tuple(row["options"]),
            columns={
                column["attname"]: ColumnState(
                    column["attname"], column["sql_type"], column["attnotnull"], column["standing"]
                )
                for column in columns.get(row["oid"], ())
            },
            policies=tuple(_policy(policy) for policy in policies.get(row["oid"], ())),
            keys=tuple(_key(key) for key in keys.get(row["oid"], ())),
            indexes=tuple(
                IndexState(index["relname"], index["indisunique"], tuple(index["columns"]))
                for index in indexes.get(row["oid"], ())
            ),
            grants=frozenset((g["grantee"], g["privilege_type"]) for g in grants.get(row["oid"], ())),
        )
        for row in relations
    }


def _grouped(rows: list[Record]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row["oid"], []).append(row)
    return groups


def _policy(row: Record) -> Policy:
    return Policy(
        name=row["polname"],
        permissive=row["polpermissive"],
        command=row["cmd"],
        roles=frozenset(row["roles"]),
        using=row["using_text"],
        check=row["check_text"],
    )


def _key(row: Record) -> KeyConstraint:
    return KeyConstraint(
        name=row["conname"],
        kind=row["kind"],
        columns=tuple(row["columns"]),
        target=row["target"],
        target_columns=tuple(row["target_columns"]),
        on_delete=row["on_delete"].strip(),
    )
