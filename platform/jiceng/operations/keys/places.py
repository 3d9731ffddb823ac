"""Every encrypted column, the core's and the plugins', and what is done with all of them in one tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.crypto.converting import convert, waiting
from jiceng.kernel.crypto.keyring import rewrap
from jiceng.kernel.database import TenantTable
from jiceng.kernel.database.migrate import registered_tables
from jiceng.roster.sealing import canonical

if TYPE_CHECKING:
    from jiceng.kernel.ciphers.columns import Column


def places() -> tuple[Column, ...]:
    """What the tables declare in `_sealed`, in the order of the slices and then of the plugins."""
    tables = [table for table in registered_tables() if issubclass(table, TenantTable)]
    return tuple(column for table in tables for column in table._sealed)


async def convert_all() -> int:
    """Move the current tenant's values to the current key and suite; returns how many were moved."""
    return await convert(places(), canonical)


async def left_over() -> int:
    """How many values of the current tenant are still of an older key or suite."""
    return await waiting(places())


async def tend_keys() -> int:
    """The nightly care: data keys under the current wrapping key, values under the current data key."""
    await rewrap()
    return await convert_all()
