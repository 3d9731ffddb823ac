"""Dates as people write them: 20051220, 2005.12, 2005-12-20, 2005年12月20日, and Excel's own."""

import datetime as dt
import re

from jiceng.kernel.spreadsheets.cells import Raw, clean

_FULL = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})[日号]?|月)?")
_MIDNIGHT = re.compile(r" 0?0:00(?::00)?$")
_SIGNS = str.maketrans("．。－–—／", "..---/")
"""Signs between the parts as a Chinese keyboard writes them."""
_SPACED = re.compile(r" *([-./年月日号]) *")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927-05-18 .. 2119-01-10 as Excel counts days
_YEARS = range(1900, 2101)
_WRITE = "改成 20051220、2005-12-20 或 2005.12 这样的写法"


class DateError(ValueError):
    """What is wrong with a date, and how to write it."""

    def __init__(self, what: str, todo: str = _WRITE) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


def read_date(raw: Raw) -> dt.date:
    """The date in a cell (a month without a day is its first); raises `DateError`."""
    if isinstance(raw, dt.datetime):
        return _in_range(raw.date())
    if isinstance(raw, dt.date):
        return _in_range(raw)
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return _from_number(raw)
    return _from_text(clean(str(raw)))


def _from_number(number: float) -> dt.date:
    if float(number).is_integer():
        whole = int(number)
        return _EPOCH + dt.timedelta(days=whole) if whole in _SERIALS else _from_text(str(whole))
    text = f"{number:.10g}"
    year, _, month = text.partition(".")
    if int(year) in _YEARS and month == "1":
        raise DateError(
            f"{text} 看不出是 1 月还是 10 月（Excel 存成数字时去掉了末尾的 0）",
            f"改成 {year}-01 或 {year}-10",
        )
    return _from_text(text)


def _from_text(text: str) -> dt.date:
    joined = _SPACED.sub(r"\1", _MIDNIGHT.sub("", text).translate(_SIGNS)).removesuffix(".")
    found = _FULL.fullmatch(joined) or _DIGITS.fullmatch(joined)
    if found is None:
        raise DateError("看不懂这个日期")
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 1)
    if not 1 <= month <= 12:  # noqa: PLR2004  months of a year
        raise DateError(f"没有 {month} 月")
    try:
        return _in_range(dt.date(year, month, day))
    except ValueError as error:
        if isinstance(error, DateError):
            raise
        raise DateError(f"{year} 年 {month} 月没有 {day} 日") from error


def _in_range(day: dt.date) -> dt.date:
    if day.year not in _YEARS:
        raise DateError(f"{day.year} 年不在 1900–2100 年之间")
    return day
