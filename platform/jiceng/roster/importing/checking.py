"""What must hold inside a roster file: numbers once, dates in order, a tree without a circle."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from jiceng.accounts.fields import MEMBER_FIELDS
from jiceng.kernel.spreadsheets import CellFault, Table, address
from jiceng.roster.importing.sheets import MEMBERS, ORGANIZATIONS, POSTS, UNITS, RosterSheet
from jiceng.roster.vocabulary import COVERED

_ORDERS: tuple[tuple[RosterSheet, str, str], ...] = (
    (ORGANIZATIONS, "founded", "dissolved"),
    (ORGANIZATIONS, "last_election", "next_election"),
    (MEMBERS, "since", "until"),
    (POSTS, "since", "until"),
)


def check_tables(tables: Mapping[str, Table], today: dt.date) -> list[CellFault]:
    """Every fault that shows inside the file alone."""
    faults: list[CellFault] = []
    for spec in (ORGANIZATIONS, UNITS, MEMBERS):
        if spec.table in tables:
            faults += _duplicates(tables[spec.table], spec)
    for spec, first, second in _ORDERS:
        if spec.table in tables:
            faults += _order(tables[spec.table], spec, first, second)
    if members := tables.get("member"):
        faults += _leaving(members)
        faults += _joined(members, today)
    if units := tables.get("unit"):
        faults += _coverage(units)
    return faults


def check_entered(table: Table, may_enter: frozenset[str]) -> Iterable[CellFault]:
    """A column of the members' sheet that whoever imports may not fill."""
    for field, place in sorted(table.places.items(), key=lambda each: each[1]):
        if field in MEMBER_FIELDS and field not in may_enter:
            yield CellFault(
                table.sheet,
                address(table.header, place),
                MEMBERS.column(field).title,
                "",
                "您的角色不能录入这一列",
                "删去这一列再导入，或请有权的人导入",
            )


def _duplicates(table: Table, spec: RosterSheet) -> Iterable[CellFault]:
    column = spec.columns[0]
    numbers = table.values[column.field]
    counted = Counter(number for number in numbers if number is not None)
    first: dict[object, int] = {}
    for index, number in enumerate(numbers):
        if number is not None and counted[number] > 1:
            if number in first:
                told = f"与 {table.at(first[number], column.field)} 重复，{column.title}应各不相同"
                yield table.fault(index, column, told, "改成各自的编号，或删去重复的一行")
            else:
                first[number] = index


def _order(table: Table, spec: RosterSheet, first: str, second: str) -> Iterable[CellFault]:
    for index, (start, end) in enumerate(zip(table.values[first], table.values[second], strict=True)):
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
            told = f"早于{spec.column(first).title}（{start.isoformat()}）"
            yield table.fault(index, spec.column(second), told, "核对两个日期")


def _leaving(table: Table) -> Iterable[CellFault]:
    for index, (until, reason) in enumerate(zip(table.values["until"], table.values["left_by"], strict=True)):
        if until is None and reason is not None:
            yield table.fault(index, MEMBERS.column("until"), "填了离开原因，没有填离开日期", "补填离开日期")
        if until is not None and reason is None:
            yield table.fault(
                index, MEMBERS.column("left_by"), "填了离开日期，没有填离开原因", "补填：转出、出党或去世"
            )


def _joined(table: Table, today: dt.date) -> Iterable[CellFault]:
    for index, (joined, born) in enumerate(
        zip(table.values["joined"], table.values["birth_year"], strict=True)
    ):
        if isinstance(joined, dt.date) and joined > today:
            yield table.fault(index, MEMBERS.column("joined"), "入党日期在今天之后", "核对入党日期")
        elif isinstance(joined, dt.date) and isinstance(born, int) and joined.year - born < 18:  # noqa: PLR2004  the statute's age
            yield table.fault(index, MEMBERS.column("joined"), "入党时不满 18 岁", "核对出生年份和入党日期")


def _coverage(table: Table) -> Iterable[CellFault]:
    for index, (coverage, owner) in enumerate(
        zip(table.values["coverage"], table.values["organization"], strict=True)
    ):
        if coverage in COVERED and owner is None:
            yield table.fault(
                index,
                UNITS.column("organization"),
                f"组织覆盖是「{coverage}」，没有填党组织编号",
                "补填党组织编号",
            )


def check_tree(
    table: Table, ids: Sequence[UUID | None], parents: Mapping[UUID, UUID | None]
) -> Iterable[CellFault]:
    """A fault for every organization of the file whose superiors lead back to itself.

    `ids[i]` is the organization of row i; `parents` maps every organization that will exist to its superior.
    """
    sound: set[UUID] = set()
    for index, start in enumerate(ids):
        path: list[UUID] = []
        place = start
        while place is not None and place not in sound and place not in path:
            path.append(place)
            place = parents.get(place)
        if place is None or place in sound:
            sound.update(path)
        elif place == start:
            told = f"上级关系绕成了圈（共 {len(path)} 个组织）" if len(path) > 1 else "上级组织就是它自己"
            yield table.fault(index, ORGANIZATIONS.column("parent"), told, "改成真正的上级组织编号")
