"""What a table keeps about one person, told by the table itself: erasing a person reaches every slice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"(?<!:):(member|accounts|number)\b")


class Personal(msgspec.Struct, frozen=True):
    """Rows about a person and what becomes of them when the person is erased; stands in `_personal`.

    `of` is an SQL condition on the row `t`. It may name `:member` (uuid), `:accounts` (uuid[], the person's
    accounts) and `:number` (text, the number on the roster). `become` gives columns their new SQL value, in
    which the same names may stand; without it the rows are deleted.
    """

    of: str
    become: Mapping[str, str] = {}

    def statement(self, table: str, tenant: int, about: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The statement for one person and its arguments; `about` holds member, accounts and number."""
        changes = ", ".join(f"{column} = {value}" for column, value in self.become.items())
        act = f"update {table} t set {changes}" if changes else f"delete from {table} t"  # noqa: S608 - declared names
        arguments: list[Any] = [tenant]

        def placed(found: re.Match[str]) -> str:
            value = about[found[1]]
            if value not in arguments[1:]:
                arguments.append(value)
            return f"${arguments.index(value, 1) + 1}::{_TYPES[found[1]]}"

        return _NAME.sub(placed, f"{act} where t.tenant_id = $1 and ({self.of})"), arguments


_TYPES = {"member": "uuid", "accounts": "uuid[]", "number": "text"}
