"""Checks of personal numbers in a members' sheet: an identity number's date and check digit, a telephone."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from jiceng.kernel.spreadsheets import CellFault, Column, Table, address
from jiceng.roster.importing.sheets import MEMBERS, OPTIONAL
from jiceng.roster.sealing import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "10X98765432"
_ID = re.compile(r"[1-9]\d{16}[\dX]")
_PHONE = re.compile(r"\+?\d{7,15}")


def check_personal(table: Table, switched_on: frozenset[str]) -> Iterable[CellFault]:
    """Faults of optional fields: the tenant has not asked for them, or a number is none."""
    for field in sorted(OPTIONAL & table.places.keys()):
        column = MEMBERS.column(field)
        if field not in switched_on:
            yield _switched_off(table, field, column)
            continue
        check = _id_number if field == "id_number" else _phone
        for index, value in enumerate(table.values[field]):
            if isinstance(value, str) and (wrong := check(canonical(value))):
                yield table.fault(index, column, *wrong)


def _switched_off(table: Table, field: str, column: Column) -> CellFault:
    place = address(table.header, table.places[field])
    told = "本单位没有启用这一项个人信息"
    return CellFault(table.sheet, place, column.title, "", told, "删去这一列；确有必要的，先在安全设置里启用")


def _id_number(text: str) -> tuple[str, str] | None:
    if not _ID.fullmatch(text):
        return "不是 18 位的身份证号", "核对身份证号"
    try:
        dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "其中的出生日期不存在", "核对身份证号"
    if check_digit(text) != text[-1]:
        return "校验位不对", "核对身份证号的每一位"
    return None


def check_digit(text: str) -> str:
    """The last character of an identity number, from the seventeen before it (GB 11643, MOD 11-2)."""
    weighed = (int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _DIGITS[sum(weighed) % 11]


def _phone(text: str) -> tuple[str, str] | None:
    return None if _PHONE.fullmatch(text) else ("不是电话号码", "填 11 位手机号，或带区号的座机号")
