"""What people call schemes, plugins, kinds of facts and things that the log names by their keys."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from jiceng.api.workflows import workflows
from jiceng.console.audit.codes import CODES, HISTORY, SETTINGS
from jiceng.console.audit.vocabulary import OBJECTS
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.database.migrate import registered_tables
from jiceng.schemes.queries import schemes

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = "select scheme, name, title from fact_kind where tenant_id = $1"


class Titles(msgspec.Struct, frozen=True):
    """Titles by key; kinds of facts by (scheme, kind), as two schemes may use one name."""

    schemes: dict[str, str]
    plugins: dict[str, str]
    kinds: dict[tuple[str, str], str]

    def of(self, name: str, value: str, told: Mapping[str, object]) -> str:
        """The title of one detail's value; the value itself where it has none."""
        if name == "scheme":
            return self.schemes.get(value, value)
        if name == "plugin":
            return self.plugins.get(value, value)
        if name == "kind" and (str(told.get("scheme", "")), value) in self.kinds:
            return self.kinds[str(told["scheme"]), value]
        return CODES.get(value, value) if name in {"kind", "state"} else value

    def thing(self, kind: str, name: str) -> str:
        """What people call the thing an entry is about; its id where it has no other name."""
        if kind == "setting":
            return HISTORY if name.startswith("history.") else SETTINGS.get(name, name)
        return self.of(kind, name, {}) if kind in {"scheme", "plugin"} else name


async def titles() -> Titles:
    """The titles of the current tenant."""
    rows = await fetch(_KINDS, current_tenant())
    return Titles(
        {each.key: each.title for each in await schemes()},
        {each.plugin: each.menu[0].title for each in workflows().values() if each.menu},
        {(row["scheme"], row["name"]): row["title"] for row in rows},
    )


@cache
def things() -> dict[str, str]:
    """What an entry is about, by its key: the auditors' words, and the names of all tables for people."""
    told = {table._meta.tablename: table._meta.help_text or "" for table in registered_tables()}
    return {name: text for name, text in told.items() if text} | OBJECTS
