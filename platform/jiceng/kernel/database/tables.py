"""Tables that belong to tenants: their key, their links to each other, their indexes, who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec
from piccolo.columns import UUID, Date, ForeignKey, Integer, Timestamp, Timestamptz
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.engine import engine
from jiceng.kernel.database.personal import Personal
from jiceng.kernel.database.routines import Routine, Trigger
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from jiceng.kernel.ciphers.columns import Column

Right = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


class Grants(msgspec.Struct, frozen=True):
    """What each role may do with a table; `app` always within its tenant, the others as `protect` says.

    `operator_within`: what the operator may do inside one tenant, as `app` does, and nowhere else.
    """

    app: tuple[Right, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")
    relay: tuple[Right, ...] = ()
    operator: tuple[Right, ...] = ()
    auditor: tuple[Right, ...] = ()
    operator_within: tuple[Right, ...] = ()


APPEND_ONLY = Grants(app=("SELECT", "INSERT"))
"""Facts, results, audit rows: the database refuses to change or delete them."""
READ_ONLY = Grants(app=("SELECT",))


class Index(msgspec.Struct, frozen=True):
    """An index on (tenant_id, *columns): `protect` makes it; `where` is a partial index's SQL condition.

    `carries` are columns it brings along, so that a count over a whole year reads the index alone.
    """

    columns: tuple[str, ...]
    where: str = ""
    carries: tuple[str, ...] = ()


class RowId(UUID):
    """`id`: a UUIDv7 made by the program, so the column has no default in the database."""

    @property
    def column_type(self) -> str:
        """Its type in PostgreSQL."""
        return "UUID"

    @property
    def ddl(self) -> str:
        """Its definition; `protect` widens the primary key to (tenant_id, id)."""
        return f'"{self._meta.db_column_name}" UUID PRIMARY KEY NOT NULL'


class TenantId(Integer):
    """`tenant_id`: filled from the current tenant, checked by the policy."""

    @property
    def column_type(self) -> str:
        """Its type in PostgreSQL."""
        return "INTEGER"

    @property
    def ddl(self) -> str:
        """Its definition, without a default in the database."""
        return f'"{self._meta.db_column_name}" INTEGER NOT NULL'

    def _validate_default(self, *_: object, **__: object) -> bool:
        """Piccolo would call the default to look at it, and outside a tenant that raises."""
        return True


class TenantKey(ForeignKey[Any]):
    """A link to a row of the same tenant; still a foreign key for Piccolo's joins and the admin's picker.

    `REFERENCES t(id)` cannot stand in its definition, because keys are (tenant_id, id): `protect` adds the
    composite foreign key. Deleting what others point at is refused unless `on_delete` says otherwise.
    """

    def __init__(
        self,
        references: Any,  # noqa: ANN401 - a Table class, its name or a LazyTableReference, as in ForeignKey
        null: bool = False,
        on_delete: OnDelete = OnDelete.restrict,
        default: Any = None,  # noqa: ANN401 - as in ForeignKey
        **kwargs: Any,  # noqa: ANN401 - as in ForeignKey
    ) -> None:
        super().__init__(references, default=default, null=null, on_delete=on_delete, **kwargs)

    @property
    def column_type(self) -> str:
        """Its type in PostgreSQL: that of every tenant table's id."""
        return "UUID"

    @property
    def ddl(self) -> str:
        """Its definition, without REFERENCES."""
        return f'"{self._meta.db_column_name}" UUID' + ("" if self._meta.null else " NOT NULL")


def told_moments(table: type[Table]) -> dict[str, Callable[[], date]]:
    """Columns of days and moments whose default the program calls (`default=now`), and what it calls.

    In the database such a default would be the moment of the migration, for ever: `protect` takes it away, so
    that an INSERT which leaves the column out is refused; `bulk_insert` fills it in.
    """
    return {
        column._meta.db_column_name: column._meta.params["default"]
        for column in table._meta.columns
        if isinstance(column, (Date, Timestamp, Timestamptz)) and callable(column._meta.params.get("default"))
    }


class TenantTable(Table):
    """A table whose rows belong to tenants.

    Declare `_grants`, `_indexes`, `_triggers`, `_routines` on the class where needed: `protect` makes them.
    Declare `_sealed` with the encrypted columns: the conversion to renewed keys reaches what stands there.
    Declare `_personal` with what is said about a member: erasing a person reaches what stands there.

    A Unique constraint starts with "tenant_id" and an index gets it in front by itself; `unique=True` and
    `index=True` are refused, for they would make indexes without the tenant.
    """

    tenant_id = TenantId(default=current_tenant)
    id = RowId(primary_key=True, default=new_id)

    _grants: ClassVar[Grants] = Grants()
    _indexes: ClassVar[tuple[Index, ...]] = ()
    _routines: ClassVar[tuple[Routine, ...]] = ()
    _triggers: ClassVar[tuple[Trigger, ...]] = ()
    _sealed: ClassVar[tuple[Column, ...]] = ()
    _personal: ClassVar[tuple[Personal, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - Piccolo's parameters
        """Let Piccolo set the table up, then check that nothing of it leaves the tenant out."""
        if kwargs.get("schema"):
            raise TypeError(f"{cls.__name__}: tables stay in schema public, where they are protected")
        super().__init_subclass__(**{"db": engine, **kwargs})
        _name_constraints(cls)
        for column in cls._meta.columns:
            if column._meta.unique or column._meta.index:
                raise TypeError(
                    f"{cls.__name__}.{column._meta.name}: unique=True and index=True leave tenant_id out; "
                    "use Unique(['tenant_id', …]) and _indexes"
                )
        for constraint in cls._meta.constraints:
            if isinstance(constraint, Unique) and str(constraint.columns[0]) != "tenant_id":
                raise TypeError(f"{cls.__name__}.{constraint._meta.name}: must start with 'tenant_id'")
        _check_sealed(cls)
        _check_personal(cls)
        engine.tenant_tables.add(cls._meta.tablename)


class GlobalTable(Table):
    """A table of the installation, not of a tenant (the registry, dictionaries): never personal data."""

    _grants: ClassVar[Grants] = READ_ONLY

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - Piccolo's parameters
        """Let Piccolo set the table up on our engine."""
        super().__init_subclass__(**{"db": engine, **kwargs})
        _name_constraints(cls)


def _check_sealed(table: type[TenantTable]) -> None:
    """Values move to renewed keys by UPDATE, so the service must be allowed it, on columns that are there."""
    for column in table._sealed:
        if column.table != table._meta.tablename or not hasattr(table, column.name):
            raise TypeError(f"{table.__name__}._sealed: {column.place} is no column of this table")
        if "UPDATE" not in table._grants.app:
            raise TypeError(f"{table.__name__}._sealed: the conversion of keys needs UPDATE among the grants")


def _check_personal(table: type[TenantTable]) -> None:
    """What is declared can be done: the columns are there, and the service may change or delete the rows."""
    for kept in table._personal:
        missing = [name for name in kept.become if not hasattr(table, name)]
        if missing:
            raise TypeError(f"{table.__name__}._personal: no column {'、'.join(missing)}")
        if ("UPDATE" if kept.become else "DELETE") not in table._grants.app:
            raise TypeError(f"{table.__name__}._personal: erasing needs a right the grants do not give")


def _name_constraints(table: type[Table]) -> None:
    """Put the table's name before its constraints' names: an index's name is unique in the whole schema."""
    prefix = f"{table._meta.tablename}_"
    for constraint in table._meta.constraints:
        if not constraint._meta.name.startswith(prefix):
            constraint._meta.name = prefix + constraint._meta.name
