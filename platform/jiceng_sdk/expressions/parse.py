"""From text to tree: a Pratt parser over a whitelist grammar. Total: a tree or a fault with its column."""

from decimal import Decimal
from functools import lru_cache
from typing import cast

from jiceng_sdk.expressions.tokens import ParseFault, Token, broken, tokens
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Comparison,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
    depth,
)

DEEPEST = 60
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN = 1, 2, 3, 4, 5, 6, 7
_BINDING = {
    "or": _OR,
    "and": _AND,
    "in": _COMPARE,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
} | dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _COMPARE)
SPOKEN = {
    "且": "and", "并且": "and", "和": "and", "与": "and", "或": "or", "或者": "or", "非": "not", "是": "==",
    "等于": "==", "不是": "!=", "不等于": "!=", "大于": ">", "小于": "<", "不低于": ">=", "不少于": ">=",
    "不高于": "<=", "不超过": "<=", "属于": "in", "不属于": "not in", "加": "+", "减": "-", "乘": "*",
    "除以": "/", "如果": "if", "最大": "max", "取大": "max", "最小": "min", "取小": "min", "取整": "floor",
    "四舍五入": "round", "绝对值": "abs", "个数": "count", "相隔天数": "days", "满几个月": "months",
    "workdays": "workdays_late", "工作日": "workdays_after", "工作日数": "workdays_in",
    "median": "cohort_median", "中位数": "cohort_median", "today": "period.end", "now": "period.end",
    "rolling": "prior", "dateadd": "days_before", "datediff": "days", "isnull": "missing",
    "isblank": "missing",
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in",
}  # fmt: skip
"""What people write for a word of the language."""
RESERVED = frozenset({"and", "or", "not", "in", "true", "false"})


@lru_cache(maxsize=20_000)
def parse(text: str) -> Tree:
    """The tree of an expression. Raises ParseFault, whose `fault` has column, Chinese and English text."""
    reader = _Reader(tokens(text))
    tree = reader.expression(0)
    reader.end()
    if depth(tree) > DEEPEST:
        raise _too_deep(0)
    return tree


def _too_deep(at: int) -> ParseFault:
    return broken(
        at, f"表达式套了超过 {DEEPEST} 层，请拆成若干项", f"the expression is nested deeper than {DEEPEST}"
    )


class _Reader:
    """A position in the words of one expression."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._next = 0
        self._level = 0

    def _peek(self) -> Token:
        return self._words[self._next]

    def _take(self) -> Token:
        word = self._words[self._next]
        self._next += 1
        return word

    def _sees(self, *texts: str) -> bool:
        word = self._peek()
        return word.kind in ("sign", "name") and word.text in texts

    def _expected(self, zh: str, en: str) -> ParseFault:
        word = self._peek()
        found = word.text or "结尾"
        zh, en = f"此处应为{zh}，却是“{found}”", f"expected {en}, found {word.text or 'the end'!r}"
        instead = SPOKEN.get(word.text, "")
        if instead:
            zh, en = f"{zh}，请写 {instead}", f"{en}, write {instead}"
        elif word.kind == "name" and self._next and self._words[self._next - 1].kind == "number":
            zh, en = f"{zh}；数的后面不写单位，大小写成 x >= 80", f"{en}; no unit stands behind a number"
        return broken(word.at, zh, en, nearest=instead)

    def _need(self, text: str) -> Token:
        if not self._sees(text):
            raise self._expected(f"“{text}”", repr(text))
        return self._take()

    def end(self) -> None:
        """Everything must have been read."""
        if self._peek().kind != "end":
            raise self._expected("运算符或结尾", "an operator or the end")

    def expression(self, weakest: int) -> Tree:
        """A part whose operators bind at least as strongly as `weakest`."""
        self._level += 1
        if self._level > DEEPEST:
            raise _too_deep(self._peek().at)
        tree = self._prefix(weakest)
        while (binding := self._binding()) and binding >= max(weakest, 1):
            tree = self._continued(tree, binding)
        self._level -= 1
        return tree

    def _not_in(self) -> bool:
        following = self._words[min(self._next + 1, len(self._words) - 1)]
        return self._sees("not") and following.kind == "name" and following.text == "in"

    def _binding(self) -> int:
        word = self._peek()
        if self._not_in():
            return _COMPARE
        return _BINDING.get(word.text, 0) if word.kind in ("sign", "name") else 0

    def _continued(self, left: Tree, binding: int) -> Tree:
        if self._sees("in"):
            return self._among(left)
        if self._not_in():
            return Unary(at=self._take().at, op="not", arg=self._among(left))
        if binding == _COMPARE:
            return self._chain(left)
        word = self._take()
        right = self.expression(binding + 1)
        match word.text:
            case "and" | "or" as op:
                return Logic(at=word.at, op=op, args=self._more(op, binding, [left, right]))
            case "+" | "-" | "*" | "/" as op:
                return Arithmetic(at=word.at, op=op, left=left, right=right)
            case _:
                raise AssertionError(word)

    def _more(self, op: str, binding: int, args: list[Tree]) -> tuple[Tree, ...]:
        while self._sees(op):
            self._take()
            args.append(self.expression(binding + 1))
        return tuple(args)

    def _chain(self, left: Tree) -> Tree:
        at = self._peek().at
        args, ops = [left], []
        while self._binding() == _COMPARE and not self._sees("in", "not"):
            ops.append(cast("Comparison", self._take().text))
            args.append(self.expression(_SUM))
        if self._sees("in", "not"):
            raise self._expected("运算符或结尾", "an operator or the end")
        return Compare(at=at, args=tuple(args), ops=tuple(ops))

    def _among(self, item: Tree) -> Tree:
        at = self._take().at
        if not self._sees("["):
            raise self._expected("方括号，如 in ['甲', '乙']", "a list as in ['a', 'b']")
        self._take()
        options: list[Number | Text] = []
        while not self._sees("]"):
            options.append(self._option())
            if not self._sees("]"):
                self._need(",")
        if not options:
            raise self._expected("至少一个选项", "at least one option")
        self._take()
        return Among(at=at, item=item, options=tuple(options))

    def _option(self) -> Number | Text:
        negative = self._take() if self._sees("-") else None
        word = self._peek()
        if word.kind == "number":
            self._take()
            value = _number(word)
            return Number(at=word.at, value=value.copy_negate() if negative else value)
        if word.kind == "text" and not negative:
            self._take()
            return Text(at=word.at, value=word.text[1:-1])
        raise self._expected("带引号的选项或数字", "a quoted option or a number")

    def _prefix(self, weakest: int) -> Tree:
        word = self._peek()
        if word.kind == "name" and word.text == "not" and weakest <= _NOT:
            self._take()
            return Unary(at=word.at, op="not", arg=self.expression(_NOT))
        if word.kind == "sign" and word.text == "-":
            self._take()
            return Unary(at=word.at, op="-", arg=self.expression(_SIGN))
        return self._primary()

    def _primary(self) -> Tree:
        word = self._peek()
        if word.kind == "number":
            self._take()
            return Number(at=word.at, value=_number(word))
        if word.kind == "text":
            self._take()
            return Text(at=word.at, value=word.text[1:-1])
        if self._sees("("):
            self._take()
            inner = self.expression(0)
            self._need(")")
            return inner
        if word.kind == "name":
            return self._named()
        raise self._expected("数、名称或括号", "a value")

    def _named(self) -> Tree:
        word = self._peek()
        if word.text in ("true", "false"):
            self._take()
            return Flag(at=word.at, value=word.text == "true")
        if word.text in RESERVED:
            raise self._expected("数、名称或括号", "a value")
        self._take()
        if not self._sees("("):
            return Name(at=word.at, name=word.text)
        self._take()
        args: list[Tree] = []
        over: tuple[Text, ...] | None = None
        while not self._sees(")"):
            if args and self._sees("["):
                over = self._over()
                break
            args.append(self.expression(0))
            if not self._sees(")"):
                self._need(",")
        self._need(")")
        return Call(at=word.at, function=word.text, args=tuple(args), over=over)

    def _over(self) -> tuple[Text, ...]:
        """The last of a function's values may be a list of quoted names, also an empty one."""
        self._take()
        found: list[Text] = []
        while not self._sees("]"):
            word = self._peek()
            if word.kind != "text":
                raise self._expected("带引号的名称", "a quoted name")
            self._take()
            found.append(Text(at=word.at, value=word.text[1:-1]))
            if not self._sees("]"):
                self._need(",")
        self._take()
        return tuple(found)


def _number(word: Token) -> Decimal:
    return Decimal(f"{word.text[:-1]}E-2") if word.text.endswith("%") else Decimal(word.text)
