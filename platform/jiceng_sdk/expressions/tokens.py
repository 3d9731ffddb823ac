"""From text to words: numbers, quoted words, names, signs. Anything else is a fault with its column."""

import re
import unicodedata
from typing import Literal

from msgspec import Struct

from jiceng_sdk.faults import Fault

LONGEST = 2_000
DIGITS_BEFORE_POINT = 14
DIGITS_AFTER_POINT = 24
TokenKind = Literal["number", "text", "name", "sign", "end"]

_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?%?)"
    r"|(?P<text>'[^'\n]*'|\"[^\"\n]*\")"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>\[\]])"
)
_SAME = {"≤": "<=", "≥": ">=", "≠": "!="}
_INSTEAD = {
    "（": "(", "）": ")", "，": ",", "、": ",", "＜": "<", "＞": ">", "＝": "==", "=": "==", "‘": "'",
    "’": "'", "“": "'",
    "”": "'", "＋": "+", "－": "-", "—": "-", "×": "*", "＊": "*", "÷": "/", "／": "/", "％": "%",
    "&": "and", "|": "or", "!": "not", "！": "not", "【": "[", "】": "]", "。": ".", "〈": "<", "〉": ">",
}  # fmt: skip


class Token(Struct, frozen=True):
    """One word of an expression; `at` counts characters from 0."""

    kind: TokenKind
    text: str
    at: int


class ParseFault(Exception):  # noqa: N818 - carries a Fault
    """An expression cannot be read; `fault.column` counts from 1."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def broken(at: int, zh: str, en: str, *, code: str = "expression", nearest: str = "") -> ParseFault:
    """A fault at a character of an expression."""
    return ParseFault(Fault(zh=zh, en=en, column=at + 1, code=code, nearest=nearest))


def tokens(text: str) -> list[Token]:
    """All words of `text`, ended by one `end` token.

    Raises ParseFault for a strange character, an unclosed quotation, a number too long, a text too long.
    """
    if len(text) > LONGEST:
        raise broken(
            LONGEST,
            f"表达式超过 {LONGEST} 个字，请拆成若干项",
            f"the expression is longer than {LONGEST} characters",
        )
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        found.append(token)
        at += len(token.text) if token.text not in _SAME else 1
    return [*(Token(t.kind, _SAME.get(t.text, t.text), t.at) for t in found), Token("end", "", len(text))]


def _token(text: str, at: int) -> Token:
    if text[at] in _SAME:
        return Token("sign", text[at], at)
    match = _TOKEN.match(text, at)
    if match is None:
        raise _strange(text, at)
    kind, word = match.lastgroup, match.group()
    if kind == "number":
        _fits(word, at)
        return Token("number", word, at)
    if kind == "text":
        return Token("text", word, at)
    return Token("name" if kind == "name" else "sign", word, at)


def _fits(word: str, at: int) -> None:
    whole, _, part = word.rstrip("%").partition(".")
    if (
        len(whole.lstrip("0")) > DIGITS_BEFORE_POINT
        or len(part) + 2 * word.endswith("%") > DIGITS_AFTER_POINT
    ):
        raise broken(
            at,
            f"数字太长：小数点前最多 {DIGITS_BEFORE_POINT} 位，后最多 {DIGITS_AFTER_POINT} 位",
            f"at most {DIGITS_BEFORE_POINT} digits before the point and {DIGITS_AFTER_POINT} after",
        )


_BESIDE = {
    "?": ("分情况写 if(条件, 是则, 否则)", "choose with if(condition, then, otherwise)"),
    "？": ("分情况写 if(条件, 是则, 否则)", "choose with if(condition, then, otherwise)"),
    "%": ("百分数紧跟在数后面，如 20%；没有取余", "a percentage stands right behind digits: 20%"),
}
"""What to write for signs that have no single counterpart."""


def _strange(text: str, at: int) -> ParseFault:
    sign = text[at]
    if sign in "'\"":
        return broken(at, "引号没有成对", "the quotation is not closed")
    instead = _INSTEAD.get(sign, "")
    instead = instead or (unicodedata.normalize("NFKC", sign) if sign.isdigit() else "")
    width = "" if sign.isascii() else "半角的"
    zh = f"不认识的符号“{sign}”" + (f"，请写成{width}“{instead}”" if instead else "")
    en = f"cannot read {sign!r}" + (f', write "{instead}"' if instead else "")
    if sign == "^":
        zh += "；乘方写成相乘，如 x * x"
    if sign in _BESIDE:
        zh, en = f"{zh}；{_BESIDE[sign][0]}", f"{en}; {_BESIDE[sign][1]}"
    return broken(at, zh, en, nearest=instead)
