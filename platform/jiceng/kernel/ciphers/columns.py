"""Which columns of a tenant are encrypted value by value, and what a stored value looks like."""

import msgspec

SEALED = r"^(aes-256-gcm|sm4-gcm):[0-9]+:[A-Za-z0-9_=-]+$"
"""What every stored value looks like, as a regular expression of PostgreSQL."""


class Column(msgspec.Struct, frozen=True):
    """An encrypted column: its table, how its rows are told apart, and its blind index, if it has one.

    `binary`: a column of bytes, sealed with `seal_bytes`. Its table names it in `_sealed`.
    """

    table: str
    name: str
    key: str = "id"
    index: str = ""
    binary: bool = False

    @property
    def place(self) -> str:
        """What its values are bound to besides tenant and row."""
        return f"{self.table}.{self.name}"
