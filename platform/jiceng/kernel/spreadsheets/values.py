"""One cell's value as its column wants it; what cannot be read is a `UnreadableError` with what to do."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from jiceng.kernel.clock import today
from jiceng.kernel.spreadsheets.cells import Raw, clean, key, shown
from jiceng.kernel.spreadsheets.columns import Column
from jiceng.kernel.spreadsheets.dates import DateError, read_date

Value: TypeAlias = str | int | Decimal | bool | dt.date | None

_EXACT = 10**15  # Excel keeps 15 digits of a number
_YES = frozenset({"是", "有", "对", "√", "✓", "✔", "1", "y", "yes", "true"})
_NO = frozenset({"否", "没有", "不", "×", "✗", "0", "n", "no", "false"})


class UnreadableError(ValueError):
    """What is wrong with a cell's value, and what to do."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


def number_in(text: str) -> Decimal | None:
    """The finite number a text stands for, or None; 8_5, a slip of 8.5, is not 85 as Decimal has it."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and "_" not in text else None


def reader(column: Column) -> Callable[[Raw], Value]:
    """The function that reads the cells of this column; it raises `UnreadableError`."""
    readers: dict[str, Callable[[Raw, Column], Value]] = {
        "text": _text,
        "integer": _integer,
        "decimal": _decimal,
        "date": _date,
        "year": _year,
        "flag": _flag,
        "choice": _choice,
    }
    read = readers[column.kind]
    return lambda raw: read(raw, column)


def _text(raw: Raw, column: Column) -> str:
    if isinstance(raw, float | int) and not isinstance(raw, bool) and abs(raw) >= _EXACT:
        raise UnreadableError(f"{column.title}被 Excel 存成数字，末位已失真", "把该列设为「文本」后重新填写")
    text = clean(shown(raw))
    if len(text) > column.longest:
        raise UnreadableError(f"有 {len(text)} 个字，最多 {column.longest} 个字", "请缩短")
    return text


def _decimal(raw: Raw, column: Column) -> Decimal:
    number = number_in(clean(shown(raw)).replace(",", ""))
    if number is None:
        raise UnreadableError("不是数字", "只填数字，不带单位")
    if column.low is not None and number < column.low:
        raise UnreadableError(f"小于 {column.low}", f"应不小于 {column.low}")
    if column.high is not None and number > column.high:
        raise UnreadableError(f"大于 {column.high}", f"应不大于 {column.high}")
    return number


def _integer(raw: Raw, column: Column) -> int:
    number = _decimal(raw, column)
    if number != number.to_integral_value():
        raise UnreadableError("不是整数", "只填整数")
    return int(number)


def _date(raw: Raw, column: Column) -> dt.date:
    try:
        found = read_date(raw)
    except DateError as error:
        raise UnreadableError(error.what, error.todo) from None
    if column.past and found > (day := today()):
        raise UnreadableError(f"日期晚于今天（{day}）", "填已经发生的日期；还没有发生的先留空")
    return found


def _year(raw: Raw, column: Column) -> int:
    text = shown(raw).rstrip("年 ")
    if isinstance(raw, dt.date) or not (text.isdecimal() and len(clean(text)) == 4):  # noqa: PLR2004  four digits
        return _date(raw, column).year
    return _integer(clean(text), column)


def _flag(raw: Raw, _column: Column) -> bool:
    word = key(shown(raw))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise UnreadableError("应填「是」或「否」", "改成「是」或「否」")


def _choice(raw: Raw, column: Column) -> str:
    word = key(shown(raw))
    for option in column.options:
        if key(option) == word:
            return option
    for synonym, option in column.synonyms.items():
        if key(synonym) == word:
            return option
    near = _nearest(word, column.options)
    raise UnreadableError(f"不在可选范围内{near}", f"从下列各项中选一个：{'、'.join(column.options)}")


def _nearest(word: str, options: tuple[str, ...]) -> str:
    scores = {option: len(set(key(option)) & set(word)) for option in options}
    best = max(scores, key=lambda option: scores[option], default="")
    return f"，相近的是「{best}」" if best and scores[best] else ""
