"""Small roster workbooks, made cell by cell as a clerk makes them."""

import io
from collections.abc import Sequence
from typing import Any, TypeAlias

from openpyxl import Workbook

Rows: TypeAlias = Sequence[Sequence[Any]]

ORGANIZATION_HEAD = ("组织编号", "组织名称", "组织类型", "领域", "上级组织编号", "成立日期")
MEMBER_HEAD = (
    "党员编号",
    "姓名",
    "评议类别",
    "党员状态",
    "所在组织编号",
    "入党日期",
    "转入日期",
    "离开日期",
    "离开原因",
)
TOWN: Rows = (
    ("Z0", "青石镇党委", "党委", "农村", None, "19520101"),
    ("Z1", "上圩村党支部", "党支部", "农村", "Z0", "19650101"),
    ("Z2", "渡口村党支部", "党支部", "农村", "Z0", "19650101"),
)
PEOPLE: Rows = (
    ("M1", "许文澜", "农村", "正式", "Z1", "20050701"),
    ("M2", "沈听舟", "农村", "正式", "Z1", "20100701"),
    ("M3", "何岸", "特殊群体", "正式", "Z2", "19800701"),
)


def roster_book(
    organizations: Rows | None = TOWN,
    members: Rows | None = PEOPLE,
    *,
    cover: Rows = (("租户", "donghu"), ("名册日期", "2026-03-01")),
    member_head: Sequence[str] = MEMBER_HEAD,
    **others: Rows,
) -> bytes:
    """An xlsx; sheets given as None are left out, `others` are whole sheets by name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, Rows] = {"封面": cover} if cover else {}
    if organizations is not None:
        sheets["组织"] = (ORGANIZATION_HEAD, *organizations)
    if members is not None:
        sheets["党员"] = (member_head, *members)
    for name, rows in (sheets | others).items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
