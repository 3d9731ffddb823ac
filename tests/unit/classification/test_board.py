"""The board of a year: whether the aim was reached, and from which grades organizations moved."""

from decimal import Decimal

import msgspec
import pytest

from jiceng_classification.standing.schemas import Board

BOARD = Board(
    year=2026,
    grades=("好", "较好", "一般", "较差"),
    rows=(),
    matrix={("一般", "较好"): 2, ("后进", "一般"): 1, ("中间", "好"): 4},
    weak_before=0,
    turned=0,
    final=True,
)


@pytest.mark.parametrize(
    ("weak_before", "turned", "percent", "reached"),
    [
        (20, 19, Decimal("95.00"), True),
        (20, 18, Decimal("90.00"), False),
        (1019, 968, Decimal("95.00"), False),  # 94.9951 %
        (3, 3, Decimal("100.00"), True),
    ],
)
def test_the_aim_is_reached_by_the_exact_rate(
    weak_before: int, turned: int, percent: Decimal, reached: bool
) -> None:
    board = msgspec.structs.replace(BOARD, weak_before=weak_before, turned=turned)
    assert (board.conversion, board.reached) == (percent, reached)


def test_nobody_weak_before_reaches_no_aim() -> None:
    assert (BOARD.conversion, BOARD.reached) == (None, False)


def test_grades_that_the_rules_of_the_year_lack_are_not_left_out_of_the_moves() -> None:
    assert BOARD.grades_before == ("好", "较好", "一般", "较差", "中间", "后进")
