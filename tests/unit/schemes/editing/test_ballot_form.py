"""The pattern of a vote: what a clerk types of marks and parties is taken to the letter, or refused."""

import pytest

from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing.forms import BallotForm
from jiceng.schemes.editing.starting import Ballot, ballot_parts, started

FORM = BallotForm()


@pytest.mark.parametrize(
    "typed",
    [
        "优秀 100、合格 85",
        "优秀 100, 合格 85",
        "优秀100；合格85",
        "优秀：100分，合格：85分",
        "优秀 100\n合格 85",
    ],
)
def test_marks_are_read_however_they_are_parted(typed: str) -> None:
    assert FORM.pairs(typed) == (("优秀", "100"), ("合格", "85"))


def test_two_words_without_a_sign_between_them_are_refused_not_dropped() -> None:
    with pytest.raises(Invalid) as refused:
        FORM.pairs("党员 40 群众 30 支委 30")
    assert "“党员 40 群众 30 支委 30”要写成一个词和一个数" in str(refused.value.faults[0])


@pytest.mark.parametrize(
    ("typed", "weight"),
    [("40", "0.4"), ("33.3", "0.333"), ("12.5", "0.125"), ("１００", "1"), ("许多", "许多")],
)
def test_weights_in_percent_may_have_decimals(typed: str, weight: str) -> None:
    (group,) = ballot_parts(Ballot("评议", (("优秀", "100"),), (("党员", typed),)))["groups"]
    assert group["of"] == [{"key": "党员评议", "value": weight}]


@pytest.mark.parametrize("grades", ["五星、四星、三星", "五星,四星；三星", "五星\n四星\n三星\n"])
def test_a_new_table_of_bands_has_a_row_for_each_grade(grades: str) -> None:
    sheet = started("decide", "bands", {"header": [{"grades": grades}]})
    assert sheet["rows"] == [{"grade": "五星"}, {"grade": "四星"}, {"grade": "三星"}]
