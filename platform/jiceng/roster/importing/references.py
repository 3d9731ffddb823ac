"""Finding the organization a cell means: by its number, or by a name only one organization has."""

from collections.abc import Mapping
from uuid import UUID

from jiceng.kernel.spreadsheets import CellFault, Column, Table
from jiceng.kernel.spreadsheets.cells import key
from jiceng.roster.schemas import Known
from jiceng_sdk.faults import nearest

MOST_SUGGESTED = 100
"""So many different names are told what they may mean: comparing one takes milliseconds, and a column of the
wrong kind has thousands.
"""


class Organizations:
    """Every organization that will exist once the file is applied, by number and by name."""

    def __init__(self, known: Known, table: Table | None, ids: Mapping[str, UUID]) -> None:
        names: dict[UUID, tuple[object, object]] = {
            stored.id: (stored.state["name"], stored.state["short_name"])
            for stored in known.organization.values()
        }
        self.ids = {number: stored.id for number, stored in known.organization.items()} | dict(ids)
        if table is not None:
            rows = zip(table.values["number"], table.values["name"], table.values["short_name"], strict=True)
            names |= {ids[str(number)]: (name, short) for number, name, short in rows if number in ids}
        self._named: dict[str, set[UUID]] = {}
        for owner, both in names.items():
            for name in both:
                if isinstance(name, str):
                    self._named.setdefault(key(name), set()).add(owner)
        self._titles = [str(name) for name, _ in names.values()]
        self._suggested: dict[str, str] = {}

    def find(self, table: Table, index: int, column: Column, faults: list[CellFault]) -> UUID | None:
        """The organization meant by a cell; a fault with the nearest name when there is none, or several."""
        value = table.values[column.field][index]
        if not isinstance(value, str):
            return None
        if value in self.ids:
            return self.ids[value]
        found = self._named.get(key(value), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            faults.append(table.fault(index, column, f"有 {len(found)} 个组织叫这个名字", "改填组织编号"))
            return None
        near = self._near(value)
        what = "名册里没有这个组织" + (f"，相近的是「{near}」" if near else "")
        faults.append(table.fault(index, column, what, "改成名册里的组织编号，或先在「组织」表里加上它"))
        return None

    def _near(self, value: str) -> str:
        """The number or name most like the one that is none; "" for all after the first hundred."""
        if value not in self._suggested and len(self._suggested) < MOST_SUGGESTED:
            self._suggested[value] = nearest(value, [*self.ids, *self._titles])
        return self._suggested.get(value, "")
