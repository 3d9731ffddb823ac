"""Pure parts of evaluation: rows for the table, differences, reasons of failure, periods apart, pages."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
import pytest

from jiceng.evaluation.runs.computing import Computed, periods_between
from jiceng.evaluation.schemas import ResultPage, in_words
from jiceng.evaluation.service import differences, reason_of, result_rows
from jiceng.kernel.errors import Refusal
from jiceng.schemes import host
from jiceng_sdk.engine import Period, evaluate, pack, unpack
from jiceng_sdk.faults import Fault, Faults

RUN = UUID("0192a000-0000-7000-8000-000000000001")
YEAR = Period("year", date(2026, 1, 1), date(2026, 12, 31))


def computed() -> Computed:
    offered = host.offer("points")
    assert offered is not None
    subjects = pl.DataFrame(
        {"subject": ["b", "a"], "organization": ["o1", None], "category": ["社区"] * 2, "state": ["正式"] * 2}
    )
    claims = pl.DataFrame(
        {
            "subject": ["a"] * 5,
            "date": [date(2026, 3, 1)] * 5,
            "item": [f"BX{n}" for n in range(5)],
            "kind": ["必选"] * 5,
            "worth": [10] * 5,
            "stage": ["已核验"] * 5,
        }
    )
    exempted = pl.DataFrame({"subject": ["b"], "value": [True]})
    analysis = offered.scheme.analysis
    outcome = evaluate(
        analysis, subjects.drop("organization"), {"claim": claims, "exempted": exempted}, period=YEAR
    )
    return Computed(analysis, outcome, subjects, 7)


def test_results_keep_the_order_of_lists_the_organization_and_outputs_as_json() -> None:
    rows = result_rows(RUN, computed()).to_dicts()
    assert [(row["subject"], row["place"], row["organization"], row["status"]) for row in rows] == [
        ("b", 0, "o1", "exempt"),
        ("a", 1, None, "rated"),
    ]
    assert [(row["score"], row["grade"]) for row in rows] == [(None, None), (Decimal(50), "不合格")]
    assert rows[1]["outputs"] == '{"handling":"不合格，明确帮扶人","may_exchange":false}'
    assert rows[0]["run"] == str(RUN)


def test_an_outcome_kept_and_read_back_is_equal_to_the_digit() -> None:
    outcome = computed().outcome
    again = unpack(pack(outcome))
    assert differences(outcome.results, again.results) == ()
    assert again.nodes.equals(outcome.nodes)


def test_differences_name_the_subjects_changed_lost_and_new() -> None:
    kept = pl.DataFrame({"subject": ["a", "b", "c"], "score": [Decimal(1), None, Decimal(3)]})
    again = pl.DataFrame({"subject": ["c", "b", "d"], "score": [Decimal("3.1"), None, Decimal(4)]})
    assert differences(kept, kept[::-1]) == ()
    assert differences(kept, again) == ("a", "c", "d")


def test_another_set_of_columns_makes_every_subject_different() -> None:
    kept = pl.DataFrame({"subject": ["a"], "score": [1]})
    assert differences(kept, kept.rename({"score": "points"})) == ("a",)


def test_a_failure_is_told_by_its_first_twenty_faults() -> None:
    many = Faults([Fault(zh=f"第 {n} 处错", en="wrong", path="facts.claim.worth") for n in range(23)])
    told = reason_of(many).splitlines()
    assert told[0] == "facts.claim.worth：第 0 处错"
    assert (len(told), told[-1]) == (21, "……还有 3 处")
    assert (
        reason_of(Refusal("名册没有规则要读的属性", "身高", "请修改规则"))
        == "名册没有规则要读的属性（身高）。请修改规则"
    )


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "apart"),
    [
        (date(2025, 1, 1), date(2026, 1, 1), "year", 1),
        (date(2023, 1, 1), date(2026, 1, 1), "year", 3),
        (date(2025, 10, 1), date(2026, 1, 1), "quarter", 1),
        (date(2025, 7, 1), date(2026, 1, 1), "half", 1),
        (date(2025, 11, 1), date(2026, 1, 1), "month", 2),
        (date(2025, 12, 31), date(2026, 1, 1), "day", 1),
    ],
)
def test_earlier_results_are_counted_in_periods(earlier: date, later: date, kind: str, apart: int) -> None:
    assert periods_between(earlier, later, kind) == apart


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "是"),
        (False, "否"),
        (None, "—"),
        ("", "—"),
        ("登记", "登记"),
        ("12.5", "12.5"),
        (0, "0"),
        ("-58.440000000000000000000000", "-58.44"),
        ("1000.000000000000000000000000", "1000"),
    ],
)
def test_outputs_are_said_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


def test_a_page_knows_which_rows_it_shows() -> None:
    page = ResultPage([], total=101, page=3, size=50)
    assert (page.pages, page.first, page.last) == (3, 101, 101)
    empty = ResultPage([], total=0, page=1, size=50)
    assert (empty.pages, empty.first, empty.last) == (1, 0, 0)
