"""Unit: how something is bought by its amount, what speaks against an award, what a deviation is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest

from jiceng.kernel.ids import new_id
from jiceng_project_ledger.costs.judging import award_faults, rule_met
from jiceng_project_ledger.costs.rules import Route, Thresholds
from jiceng_project_ledger.costs.schemas import Award, Inquiry, Line, Payment, Purchase, Quote, deviation

if TYPE_CHECKING:
    from uuid import UUID

RULES = Thresholds()
DAY, CLOSED = date(2026, 5, 20), date(2026, 5, 10)
ROUND = new_id()


def line(amount: int) -> Line:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Line(line=1, version=1, name="桌椅", amount=amount, dropped=False, reason="", at=at)


def quote(supplier: str, amount: int, *, received: date = CLOSED, until: date = DAY) -> Quote:
    return Quote(
        id=new_id(),
        line=1,
        inquiry=ROUND,
        supplier=supplier,
        amount=amount,
        received=received,
        valid_until=until,
        file=None,
        replaces=None,
        withdrawn=False,
        reason="",
        by=None,
    )


def compared(*quotes: Quote, amount: int = 50_000_00, route: Route = Route.QUOTES) -> Purchase:
    asked = Inquiry(
        id=ROUND, line=1, version=1, route=route.value, notice="", opened=CLOSED, closes=CLOSED, reason=""
    )
    return Purchase(line=line(amount), route=RULES.route(amount), inquiry=asked, quotes=quotes)


@pytest.mark.parametrize(
    ("fen", "route"),
    [
        (1, Route.DIRECT),
        (9_999_99, Route.DIRECT),
        (10_000_00, Route.QUOTES),
        (200_000_00, Route.QUOTES),
        (200_000_01, Route.TENDER),
    ],
)
def test_the_amount_says_how_something_is_bought(fen: int, route: Route) -> None:
    assert RULES.route(fen) is route


def test_thresholds_that_cannot_be_are_refused_all_at_once() -> None:
    assert Thresholds(quotes_from=0, quotes=1).faults() == [
        "比价起点应大于 0，招标起点应不低于比价起点",
        "报价家数应在 2 到 10 之间",
    ]
    assert Thresholds(quotes_from=5, tender_above=5, quotes=2).faults() == []


def test_the_lowest_of_three_in_time_is_awarded_without_a_reason() -> None:
    low, middle, high = quote("甲", 100), quote("乙", 200), quote("丙", 300)
    assert award_faults(compared(high, low, middle), low, DAY, "", RULES) == []
    assert award_faults(compared(high, low, middle), middle, DAY, "", RULES) == [
        "不是最低价（最低 1.00 元），请写明理由"
    ]
    assert award_faults(compared(high, low, middle), middle, DAY, "质保更长", RULES) == []


def test_a_supplier_counts_once_however_often_he_offers() -> None:
    one, again, other = quote("甲公司", 100), quote("甲 公司", 90), quote("乙", 200)
    assert award_faults(compared(one, again, other), again, DAY, "", RULES) == [
        "有效报价只有 2 家，比价至少要 3 家"
    ]


def test_late_and_expired_quotes_are_not_awarded_and_do_not_count() -> None:
    late = quote("甲", 100, received=date(2026, 5, 11))
    expired = quote("乙", 90, until=date(2026, 5, 19))
    good = quote("丙", 200)
    assert award_faults(compared(late, expired, good), late, DAY, "好", RULES) == [
        "甲的报价在截止以后才收到，不能中标",
        "有效报价只有 1 家，比价至少要 3 家",
    ]
    assert award_faults(compared(late, expired, good), expired, DAY, "好", RULES)[0] == (
        "乙的报价只到 2026-05-19 有效，已经过期"
    )


def test_before_the_last_day_is_over_nothing_is_awarded() -> None:
    three = [quote(name, 100) for name in "甲乙丙"]
    assert award_faults(compared(*three), three[0], CLOSED, "", RULES) == [
        "报价截止日是 2026-05-10，截止以后才能定标"
    ]


def test_what_is_above_the_threshold_needs_a_tender_and_nothing_is_dearer_than_its_line() -> None:
    three = [quote(name, 300_000_00) for name in "甲乙丙"]
    bought = compared(*three, amount=250_000_00)
    assert award_faults(bought, three[0], DAY, "", RULES) == [
        "预算超过 200,000.00 元，应当招标，还没有登记招标公告",
        "报价 300,000.00 元超过预算 250,000.00 元，请先变更预算",
    ]
    tendered = compared(*three, amount=300_000_00, route=Route.TENDER)
    assert award_faults(tendered, three[0], DAY, "", RULES) == []


def test_an_award_that_no_longer_fits_the_amount_leaves_the_rule_unmet() -> None:
    found = quote("甲", 100)
    award = Award(
        id=new_id(),
        line=1,
        version=1,
        quote=found.id,
        amount=100,
        lowest=100,
        day=DAY,
        reason="",
        decided_by="张",
    )
    direct = Purchase(line=line(5_000_00), route=Route.DIRECT, quotes=(found,), award=award)
    assert rule_met(direct)
    assert not rule_met(msgspec.structs.replace(direct, route=Route.QUOTES))
    assert not rule_met(msgspec.structs.replace(direct, award=None))
    assert rule_met(msgspec.structs.replace(compared(found), award=award))


def test_a_round_begun_after_the_award_does_not_make_the_award_keep_the_rule() -> None:
    found = msgspec.structs.replace(quote("甲", 5_000_00), inquiry=None)
    award = Award(
        id=new_id(),
        line=1,
        version=1,
        quote=found.id,
        amount=5_000_00,
        lowest=5_000_00,
        day=DAY,
        reason="",
        decided_by="张",
    )
    tendered = compared(amount=300_000_00, route=Route.TENDER)
    later = msgspec.structs.replace(tendered, quotes=(found,), award=award)
    assert not rule_met(later)
    three = tuple(quote(name, 5_000_00) for name in "甲乙丙")
    again = msgspec.structs.replace(compared(*three), award=msgspec.structs.replace(award, quote=three[0].id))
    assert again.inquiry is not None
    newer = msgspec.structs.replace(again.inquiry, id=new_id(), version=2)
    assert rule_met(msgspec.structs.replace(again, inquiry=newer, earlier=(again.inquiry,)))
    assert not rule_met(msgspec.structs.replace(compared(found), award=award, route=Route.TENDER))


@pytest.mark.parametrize(
    ("budget", "spent", "percent"),
    [
        (100_00, 105_00, "5.00"),
        (300_00, 100_00, "-66.67"),
        (300_00, 400_00, "33.33"),
        (80_00, 80_10, "0.13"),
        (1, 100_000_000_000_00, "999999999999900.00"),
    ],
)
def test_a_deviation_is_exact_to_two_places(budget: int, spent: int, percent: str) -> None:
    assert deviation(budget, spent) == Decimal(percent)


def test_without_a_budget_there_is_no_deviation() -> None:
    assert deviation(0, 5) is None


def test_payments_taken_back_do_not_count() -> None:
    wrong, right = new_id(), new_id()

    def paid(own: UUID, seq: int, amount: int, reverses: UUID | None = None) -> Payment:
        return Payment(
            id=own,
            seq=seq,
            line=1,
            amount=amount,
            paid=DAY,
            voucher="记-1",
            reverses=reverses,
            reason="记错" if reverses else "",
        )

    payments = (paid(wrong, 1, 500), paid(new_id(), 2, 500, wrong), paid(right, 3, 50))
    bought = Purchase(line=line(1000), route=Route.DIRECT, payments=payments)
    assert (bought.spent, [one.id for one in bought.standing()]) == (50, [right])
