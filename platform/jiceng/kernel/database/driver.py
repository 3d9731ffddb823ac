"""Names for asyncpg's objects: it ships no types, so a type checker knows nothing about them."""

from typing import Any, TypeAlias

Connection: TypeAlias = Any
"""asyncpg.Connection or its pooled stand-in."""
Cursor: TypeAlias = Any
"""A cursor of the columnar driver (ADBC)."""
Driver: TypeAlias = Any
"""The module of the columnar driver."""
Pool: TypeAlias = Any
"""asyncpg.Pool."""
Record: TypeAlias = Any
"""asyncpg.Record: a row, by column name or position."""
Value: TypeAlias = Any
"""An SQL value as Python sees it: int, str, Decimal, date, UUID, list …"""
