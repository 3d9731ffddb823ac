"""Text becomes a tree or a fault with its column; nothing else can happen."""

from decimal import Decimal

import pytest

from jiceng_sdk.expressions import ParseFault, parse
from jiceng_sdk.expressions.printing import show
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Unary,
)


def test_a_chain_is_one_comparison() -> None:
    tree = parse("60 <= 得分 < 80")
    assert tree == Compare(
        at=3,
        args=(Number(at=0, value=Decimal(60)), Name(at=6, name="得分"), Number(at=11, value=Decimal(80))),
        ops=("<=", "<"),
    )


def test_signs_from_printed_regulations_are_read() -> None:
    assert parse("x ≥ 3") == Compare(
        at=2, args=(Name(at=0, name="x"), Number(at=4, value=Decimal(3))), ops=(">=",)
    )
    assert parse("x ≤ 3 and x ≠ 1") == Logic(
        at=6,
        op="and",
        args=(
            Compare(at=2, args=(Name(at=0, name="x"), Number(at=4, value=Decimal(3))), ops=("<=",)),
            Compare(at=12, args=(Name(at=10, name="x"), Number(at=14, value=Decimal(1))), ops=("!=",)),
        ),
    )


def test_a_percentage_is_a_hundredth() -> None:
    assert parse("12.5%") == Number(at=0, value=Decimal("0.125"))


def test_products_bind_before_sums_and_comparisons_before_not() -> None:
    assert parse("1 + 2 * 3") == Arithmetic(
        at=2,
        op="+",
        left=Number(at=0, value=Decimal(1)),
        right=Arithmetic(
            at=6, op="*", left=Number(at=4, value=Decimal(2)), right=Number(at=8, value=Decimal(3))
        ),
    )
    assert parse("not a < 1") == Unary(
        at=0,
        op="not",
        arg=Compare(at=6, args=(Name(at=4, name="a"), Number(at=8, value=Decimal(1))), ops=("<",)),
    )


def test_subtraction_goes_from_the_left() -> None:
    assert parse("3 - 2 - 1") == Arithmetic(
        at=6,
        op="-",
        left=Arithmetic(
            at=2, op="-", left=Number(at=0, value=Decimal(3)), right=Number(at=4, value=Decimal(2))
        ),
        right=Number(at=8, value=Decimal(1)),
    )


def test_and_binds_before_or() -> None:
    tree = parse("a or b and c")
    assert tree == Logic(
        at=2,
        op="or",
        args=(
            Name(at=0, name="a"),
            Logic(at=7, op="and", args=(Name(at=5, name="b"), Name(at=11, name="c"))),
        ),
    )


def test_options_functions_flags_and_dotted_names() -> None:
    assert parse("x in ['好', -1]") == Among(
        at=2,
        item=Name(at=0, name="x"),
        options=(Text(at=6, value="好"), Number(at=12, value=Decimal(-1))),
    )
    assert parse("if(true, previous.score, 0)") == Call(
        at=0,
        function="if",
        args=(Flag(at=3, value=True), Name(at=9, name="previous.score"), Number(at=25, value=Decimal(0))),
    )


BROKEN = {
    "": (1, "此处应为数、名称或括号，却是“结尾”", "expected a value, found 'the end'"),
    "1 +": (4, "此处应为数、名称或括号，却是“结尾”", "expected a value, found 'the end'"),
    "1 2": (3, "此处应为运算符或结尾，却是“2”", "expected an operator or the end, found '2'"),
    "(1": (3, "此处应为“)”，却是“结尾”", "expected ')', found 'the end'"),
    "f(1 2)": (5, "此处应为“,”，却是“2”", "expected ',', found '2'"),
    "x in 3": (
        6,
        "此处应为方括号，如 in ['甲', '乙']，却是“3”",
        "expected a list as in ['a', 'b'], found '3'",
    ),
    "x in []": (7, "此处应为至少一个选项，却是“]”", "expected at least one option, found ']'"),
    "x in [y]": (7, "此处应为带引号的选项或数字，却是“y”", "expected a quoted option or a number, found 'y'"),
    "x = 3": (3, "不认识的符号“=”，请写成“==”", "cannot read '=', write \"==\""),
    "if（x, 1, 2)": (3, "不认识的符号“（”，请写成半角的“(”", "cannot read '（', write \"(\""),
    "x == '好": (6, "引号没有成对", "the quotation is not closed"),
    "x == “好”": (6, "不认识的符号““”，请写成半角的“'”", "cannot read '“', write \"'\""),
    "x; y": (2, "不认识的符号“;”", "cannot read ';'"),
    "a and": (6, "此处应为数、名称或括号，却是“结尾”", "expected a value, found 'the end'"),
    "1 < not a": (5, "此处应为数、名称或括号，却是“not”", "expected a value, found 'not'"),
    "1 < x in [1]": (7, "此处应为运算符或结尾，却是“in”", "expected an operator or the end, found 'in'"),
    "123456789012345": (
        1,
        "数字太长：小数点前最多 14 位，后最多 24 位",
        "at most 14 digits before the point and 24 after",
    ),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_text_names_the_column(text: str) -> None:
    with pytest.raises(ParseFault) as caught:
        parse(text)
    fault = caught.value.fault
    assert (fault.column, fault.zh, fault.en) == BROKEN[text]


def test_length_and_depth_are_bounded() -> None:
    assert parse("(" * 50 + "1" + ")" * 50) == Number(at=50, value=Decimal(1))
    for text, words in (
        ("(" * 70 + "1" + ")" * 70, "表达式套了超过 60 层，请拆成若干项"),
        ("-" * 100 + "1", "表达式套了超过 60 层，请拆成若干项"),
        ("1" + " + 1" * 100, "表达式套了超过 60 层，请拆成若干项"),
        ("1" * 2001, "表达式超过 2000 个字，请拆成若干项"),
    ):
        with pytest.raises(ParseFault) as caught:
            parse(text)
        assert caught.value.fault.zh == words


def test_a_long_list_of_conditions_is_not_deep() -> None:
    tree = parse(" or ".join(f"x == {n}" for n in range(150)))
    assert isinstance(tree, Logic)
    assert len(tree.args) == 150


def test_not_in_is_the_opposite_of_in() -> None:
    assert parse("x not in ['a', 'b']") == Unary(
        at=2,
        op="not",
        arg=Among(at=6, item=Name(at=0, name="x"), options=(Text(at=10, value="a"), Text(at=15, value="b"))),
    )
    assert show(parse("late and x not in ['a'] or y")) == "late and not x in ['a'] or y"
