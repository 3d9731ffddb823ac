"""Numbers and ids of forms are read strictly; points never as floats."""

from decimal import Decimal
from uuid import UUID

import pytest

from jiceng.kernel.errors import Refusal
from jiceng_points.ledger.forms import CreditForm, count_of, id_of, points_of
from jiceng_points.ledger.schemas import Because, hundredths, in_points
from jiceng_points.redemption.forms import GiftForm, RedeemForm, RuleForm
from jiceng_points.redemption.schemas import GiftGiven, Rule


@pytest.mark.parametrize(
    ("typed", "points"),
    [("49.5", "49.5"), (" 8 ", "8"), ("１２．５", "12.5"), ("−3", "-3"), ("1e2", "1E+2")],
)
def test_points_are_read_as_typed(typed: str, points: str) -> None:
    assert str(points_of(typed, "积分")) == points


@pytest.mark.parametrize("typed", ["", "十", "1,5", "nan", "inf", "--1", "0x10"])
def test_what_is_no_number_of_points_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        points_of(typed, "积分")


@pytest.mark.parametrize("typed", ["", "1.0", "十", "1_000", "12345678901", "+5", "٣"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        count_of(typed, "数量")


def test_whole_numbers_may_be_full_width_and_negative() -> None:
    assert (count_of("１２", "数量"), count_of("-3", "数量")) == (12, -3)


@pytest.mark.parametrize("typed", ["", "x", "1234"])
def test_an_id_is_the_pages_own(typed: str) -> None:
    with pytest.raises(Refusal):
        id_of(typed)


@pytest.mark.parametrize(
    ("points", "amount"), [("0.01", 1), ("49.5", 4950), ("49.50", 4950), ("1000000", 100_000_000)]
)
def test_points_and_hundredths_are_the_same(points: str, amount: int) -> None:
    assert hundredths(Decimal(points)) == amount
    assert in_points(amount) == Decimal(points)


def test_only_some_reasons_are_given_by_hand() -> None:
    assert CreditForm(because="opening").reason() is Because.OPENING
    for wrong in ("claim_verified", "gift_held", "", "anything"):
        with pytest.raises(Refusal):
            CreditForm(because=wrong).reason()


def test_a_gift_is_read_from_its_form() -> None:
    form = GiftForm(title=" 图书 ", details="三册", price="30.5", each_year="", offered="yes")
    assert form.given() == GiftGiven(
        title="图书", details="三册", price=Decimal("30.5"), each_year=None, offered=True
    )
    assert GiftForm(title="图书", price="1", each_year="2").given().each_year == 2
    assert not GiftForm(title="图书", price="1").given().offered


def test_a_rule_is_read_from_its_form() -> None:
    form = RuleForm(number="3", qualifies="grade", least="80", grades="合格，优秀", days="7")
    assert form.rule() == Rule(
        number=3, opened=False, qualifies="grade", least=Decimal(80), grades=("合格", "优秀"), days=7
    )


def test_a_redemption_is_for_oneself_unless_a_member_is_named() -> None:
    assert RedeemForm(redemption=str(UUID(int=1))).whom() is None
    assert RedeemForm(member=str(UUID(int=2))).whom() == UUID(int=2)
