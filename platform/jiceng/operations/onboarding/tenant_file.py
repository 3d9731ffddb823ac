"""Reading tenant.toml: unknown keys with the nearest known one, every fault with its line."""

import datetime as dt
from typing import Any

import msgspec

from jiceng.operations.schemas import TenantFile
from jiceng_sdk.faults import Fault, Faults
from jiceng_sdk.rulebook.positions import line_of, positions
from jiceng_sdk.rulebook.reading import toml
from jiceng_sdk.rulebook.shape import mismatches, shape_of


def read_tenant_file(text: str, file: str) -> TenantFile:
    """The tenant a TOML text describes. Raises `Faults` with all of them, each at its line."""
    try:
        raw = _plain(toml(text))
    except Faults as error:
        raise Faults([fault.at(file=file) for fault in error.faults]) from error
    faults = list(mismatches(raw, shape_of(TenantFile)))
    if not faults:
        faults = _days(raw)
    if faults:
        lines = positions(text)
        raise Faults(fault.at(file=file, line=line_of(fault.path, lines)) for fault in faults)
    return msgspec.convert(raw, TenantFile)


def _plain(raw: Any) -> Any:  # noqa: ANN401  any TOML value
    """The same with dates as text, so that 2026-01-01 may be written with and without quotes."""
    if isinstance(raw, dict):
        return {key: _plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_plain(value) for value in raw]
    return raw.isoformat() if isinstance(raw, dt.date | dt.time) else raw


def _days(raw: dict[str, Any]) -> list[Fault]:
    faults = []
    for table in ("schemes", "settings"):
        for name, entry in raw.get(table, {}).items():
            try:
                dt.date.fromisoformat(entry["from"])
            except ValueError:
                faults.append(
                    Fault(
                        zh=f"“{entry['from']}”不是日期，应写成 2026-01-01",
                        en=f"{entry['from']!r} is not a date like 2026-01-01",
                        path=f"{table}.{name}.from",
                    )
                )
    return faults
