"""Formulas as clerks write them: titles for names, 且 for and, full-width signs; and back."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from jiceng_sdk.expressions.tokens import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIXED: dict[str, str] = {
    "且": "and", "并且": "and", "或": "or", "或者": "or", "非": "not", "属于": "in", "不属于": "not in",
    "是": "true", "否": "false", "如果": "if", "取小": "min", "取大": "max", "绝对值": "abs", "取整": "floor",
    "四舍五入": "round",
    "每满": "units", "个数": "count", "没有值": "missing", "相隔天数": "days",
    "满几个月": "months", "几年前": "years_before",
    "几个工作日后": "workdays_after", "几个工作日前": "workdays_before",
    "工作日数": "workdays_in", "超过几个工作日": "workdays_late",
    "取月份": "month_of", "取年份": "year_of",
    "几个月前": "months_before", "几天前": "days_before",
    "连续期数": "streak", "出现期数": "times", "后一期": "next",
    "前一期": "prior", "同组最高": "cohort_max", "同组平均": "cohort_mean",
    "同组最低": "cohort_min", "同组中位数": "cohort_median",
    "同组合计": "cohort_sum", "同组个数": "cohort_count", "同组名次": "cohort_rank",
    "同组名次不占位": "cohort_dense", "同组标准差": "cohort_deviation",
    "占比": "share", "平均": "mean", "合计": "sum",
    "等次": "grade", "状态": "status", "数值": "value", "日期": "date", "票数": "votes", "第几次": "nth",
    "上期得分": "previous.score", "上期等次": "previous.grade", "期初": "period.start", "期末": "period.end",
    "结果得分": "result.score", "结果等次": "result.grade", "不计分": "none",
}  # fmt: skip
"""The words of the language; of two for one (且, 并且) the first is shown."""
WINDOWS: dict[str, str] = {
    "天": "day", "周": "week", "月": "month", "季度": "quarter", "半年": "half", "年": "year", "期": "period",
    "每天": "day", "每周": "week", "每月": "month", "每季度": "quarter", "每半年": "half", "每年": "year",
    "每期": "period",
}  # fmt: skip
OUTS: dict[str, str] = {
    "免评": "exempt",
    "缓评": "suspended",
    "否决": "vetoed",
    "本轮不评": "not_this_round",
    "当年新建": "first_year",
}
GRADES: dict[str, str] = {"上期等次": "previous"}
LONGEST_NAME = 50
"""Characters of a title that become a name; what is stored under the name has room for 60."""
_QUOTED = {"‘": "’", "“": "”", "'": "'", '"': '"'}
_SIGNS = {
    "（": "(", "）": ")", "，": ",", "、": ",", "＜": "<", "＞": ">", "＝": "==", "=": "==", "＋": "+",
    "－": "-", "−": "-", "×": "*", "＊": "*", "÷": "/", "／": "/", "％": "%", "【": "[", "】": "]", "　": " ",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<text>'[^'\n]*'|\"[^\"\n]*\"|‘[^’\n]*’|“[^”\n]*”)"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<sign><=|>=|==|!=|.)",
    re.DOTALL,
)
_NAME = re.compile(r"[^\W\d]\w*")


class Words(Struct, frozen=True):
    """Which words a formula may use: `names` of the rulebook, `to_name` what else stands for them."""

    names: frozenset[str]
    to_name: Mapping[str, str]

    def read(self, text: str) -> str:
        """What a person typed, as an expression of the language; unknown words stay as they are.

        So does what is longer than any expression: it is refused where it is read.
        """
        if len(text) > LONGEST:
            return text
        return "".join(
            self._listed(found) if listed else self._read(found) for found, listed in _parts(text.strip())
        )

    def typed_at(self, text: str, column: int) -> int:
        """Where in what was typed the character `column` of `read(text)` comes from; both count from 1."""
        lead, reached = len(text) - len(text.lstrip()), 0
        for found, listed in _parts(text.strip()):
            reached += len(self._listed(found) if listed else self._read(found))
            if reached >= column:
                return lead + found.start() + 1
        return len(text.rstrip()) + 1

    def show(self, text: str) -> str:
        """An expression of the language in the words people know; `read` gives it back."""
        shown = {name: word for word, name in reversed(list(self.to_name.items()))}
        said = "".join(
            f"'{shown.get(found.group()[1:-1], found.group()[1:-1])}'"
            if listed
            else shown.get(found.group(), found.group())
            if found.lastgroup == "name"
            else found.group()
            for found, listed in _parts(text)
        )
        return said if self.read(said) == text else text

    def name(self, word: str) -> str:
        """The name that a single word stands for, or the word itself."""
        word = word.strip()
        return word if word in self.names else self.to_name.get(_bare(word), word)

    def word(self, name: str) -> str:
        """What a name is called, where that can be read back; otherwise the name."""
        shown = next((word for word, one in self.to_name.items() if one == name), name)
        return shown if self.name(shown) == name else name

    def _listed(self, found: re.Match[str]) -> str:
        """A quoted name in the list that says among whom a function compares."""
        return f"'{self.name(found.group()[1:-1])}'"

    def _read(self, found: re.Match[str]) -> str:
        word = found.group()
        if found.lastgroup == "text":
            return f"'{word[1:-1]}'" if word[0] in "‘“" else word
        if found.lastgroup == "name":
            return word if word in self.names else self.to_name.get(word, word)
        return _SIGNS.get(word, word)


def _parts(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """The words of a formula, and whether each is a quoted name in a list that follows a comma."""
    before, listed = "", False
    for found in _TOKEN.finditer(text):
        sign = _SIGNS.get(found.group(), found.group())
        if sign == "[":
            listed = before == ","
        elif sign == "]":
            listed = False
        yield found, listed and found.lastgroup == "text"
        before = before if sign.isspace() else sign


def words_for(titles: Mapping[str, str], fields: Mapping[str, str]) -> Words:
    """The words of a formula: `titles` name → title of the whole rulebook, `fields` those of its rows.

    A title stands for its name where it can be written as one word and means nothing else; a field of the
    rows comes before a word of the language, that before a title.
    """
    names = frozenset({*titles, *fields})
    known = _single(fields, names)
    known |= {word: name for word, name in FIXED.items() if word not in names and word not in known}
    known |= {word: name for word, name in _single(titles, names).items() if word not in known}
    return Words(names, known)


def name_for(title: str, taken: frozenset[str]) -> str:
    """A name made of a title, unlike those taken, not too long; "" when the title has no letter."""
    bare = _bare(title)[:LONGEST_NAME]
    if not bare:
        return ""
    base = bare if _NAME.fullmatch(bare) else f"_{bare}"
    base = f"{base}_" if base in FIXED else base
    name, n = base, 2
    while name in taken:
        name, n = f"{base}{n}", n + 1
    return name


def _single(titles: Mapping[str, str], names: frozenset[str]) -> dict[str, str]:
    """Title → name, for titles that are one word, used once and no name."""
    words = Counter(bare for title in titles.values() if (bare := _bare(title)))
    return {
        word: name
        for name, title in titles.items()
        if (word := _bare(title)) and words[word] == 1 and word not in names and _NAME.fullmatch(word)
    }


def _bare(title: str) -> str:
    return re.sub(r"\W", "", title)
