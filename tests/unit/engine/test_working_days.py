"""Working days of a calendar: deadlines in them, how late, how many; what no calendar says has no answer."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from jiceng_sdk.engine import Outcome, Period, evaluate
from jiceng_sdk.engine.whatif import NeedsFacts, aggregates, what_if
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Analysis, analyse, examine, read_rulebook

YEAR = Period("year", date(2026, 1, 1), date(2026, 12, 31))
CALENDAR = """[calendar.2026]
off  = ["01-01..01-03", "02-15..02-23", "04-04..04-06", "05-01..05-05", "06-19..06-21", "09-25..09-27", "10-01..10-07"]
work = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
"""  # noqa: E501 - as a notice lists them
"""The State Council's days of 2026. 30 September is a Wednesday, 10 October a Saturday made up for."""
BOOK = """title = "办件"
subject = "member"
grades = ["好", "差"]
{calendar}
[facts]
a = {{ kind = "date" }}
b = {{ kind = "date" }}
n = {{ kind = "number", min = -9, max = 999, default = 0 }}
[items.i]
points = "{formula}"
[groups]
score = {{ of = ["i"] }}
"""


def book(formula: str, calendar: str = CALENDAR) -> Analysis:
    return analyse(read_rulebook(BOOK.format(calendar=calendar, formula=formula)))


def ran(formula: str, *pairs: tuple[date | None, date | None], n: object = 0) -> Outcome:
    people = pl.DataFrame(
        {
            "subject": [f"s{k}" for k in range(len(pairs))],
            "a": pl.Series([a for a, _ in pairs], dtype=pl.Date),
            "b": pl.Series([b for _, b in pairs], dtype=pl.Date),
            "n": [Decimal(str(n))] * len(pairs),
        }
    )
    return evaluate(book(formula), people, {}, period=YEAR)


def points(formula: str, *pairs: tuple[date | None, date | None], n: object = 0) -> list[Decimal | None]:
    return ran(formula, *pairs, n=n).nodes["i"].to_list()


def october(*days: int) -> list[tuple[date, date]]:
    """Received on 30 September, done on these days of October."""
    return [(date(2026, 9, 30), date(2026, 10, day)) for day in days]


def test_five_working_days_after_the_eve_of_a_long_holiday() -> None:
    # 8, 9, 10 (made up), 12, 13 October
    assert points("if(b <= workdays_after(a, 5), 1, 0)", *october(13, 14)) == [1, 0]


def test_what_is_done_on_a_day_of_rest_counts_as_the_next_working_day() -> None:
    # the fifth is Tuesday the 13th; Saturday the 17th and Monday the 19th are both the ninth
    assert points("workdays_late(a, b)", *october(1, 8, 13, 14, 16, 17, 18, 19)) == [1, 1, 5, 6, 8, 9, 9, 9]


def test_in_time_by_the_deadline_and_by_the_count_is_the_same() -> None:
    days = october(*range(1, 32))
    in_time = points("if(b <= workdays_after(a, 7), 1, 0)", *days)
    assert in_time == points("if(workdays_late(a, b) <= 7, 1, 0)", *days)
    assert in_time == [1] * 15 + [0] * 16


def test_nobody_is_late_before_the_deadline() -> None:
    due = date(2026, 3, 5)
    assert points("workdays_late(a, b)", (due, due), (due, date(2026, 3, 2))) == [0, 0]


def test_working_days_of_a_span_count_both_ends() -> None:
    feb = (date(2026, 2, 1), date(2026, 2, 28))
    backwards = (date(2026, 2, 28), date(2026, 2, 1))
    assert points("workdays_in(a, b)", feb, (feb[0], feb[0]), (feb[1], feb[1]), backwards) == [16, 0, 1, 0]
    assert points("workdays_in(period.start, period.end)", feb) == [248]


def test_none_after_is_the_day_itself_or_the_next_that_counts() -> None:
    rest, work = (date(2026, 10, 3), date(2026, 10, 8)), (date(2026, 9, 30), date(2026, 9, 30))
    assert points("days(a, workdays_after(a, 0))", rest, work) == [5, 0]
    assert points("days(a, workdays_before(a, 0))", rest, work) == [-3, 0]


def test_so_many_days_before_a_meeting() -> None:
    # a meeting on Monday 12 October: 10, 9, 8 October come before
    meeting = date(2026, 10, 12)
    told = (meeting, date(2026, 10, 8)), (meeting, date(2026, 10, 9))
    assert points("if(b <= workdays_before(a, 3), 1, 0)", *told) == [1, 0]


@pytest.mark.parametrize(
    ("formula", "n"),
    [
        ("days(a, workdays_after(a, n))", 248),  # the last working day of the year has no 248th after it
        ("days(a, workdays_before(a, n))", 248),
        ("days(a, workdays_after(a, n))", -1),
        ("days(a, workdays_before(a, n))", -1),
    ],
)
def test_a_day_beyond_the_calendar_has_no_answer(formula: str, n: int) -> None:
    assert points(formula, (date(2026, 7, 1), None), n=n) == [None]


def test_part_of_a_day_is_none() -> None:
    assert points("days(a, workdays_after(a, n))", (date(2026, 7, 1), None), n="2.9") == [2]


def test_dates_outside_the_calendar_are_asked_with_the_reason() -> None:
    found = ran("workdays_in(a, b)", (date(2025, 12, 31), date(2026, 1, 5)))
    assert found.nodes["i"].to_list() == [None]
    assert found.issues["reason"].to_list() == ["没有答案：缺少数据，或除数为零，或日子不在日历的年份里"]


def test_a_missing_date_has_no_answer() -> None:
    assert points("workdays_late(a, b)", (date(2026, 3, 5), None)) == [None]


def test_a_period_without_its_year_is_refused() -> None:
    people = pl.DataFrame({"subject": ["s"], "a": [date(2027, 1, 4)], "b": [date(2027, 1, 5)]})
    with pytest.raises(Faults, match=r"规则书的日历没有 2027 年.*\[calendar.2027\]"):
        evaluate(
            book("workdays_late(a, b)"),
            people,
            {},
            period=Period("year", date(2027, 1, 1), date(2027, 12, 31)),
        )


def test_decisions_and_outputs_count_working_days_too() -> None:
    text = BOOK.format(calendar=CALENDAR, formula="1") + (
        '[[decide]]\ndo = "bands"\nrows = [{ when = "workdays_late(a, b) <= 5", grade = "好" },'
        ' { when = "workdays_late(a, b) > 5", grade = "差" }]\n'
        '[outputs]\nlate = { value = "workdays_late(workdays_after(a, 5), b)" }\n'
    )
    days = [date(2026, 10, 13), date(2026, 10, 15)]
    people = pl.DataFrame({"subject": ["x", "y"], "a": [date(2026, 9, 30)] * 2, "b": days})
    found = evaluate(analyse(read_rulebook(text)), people, {}, period=YEAR)
    assert found.results["grade"].to_list() == ["好", "差"]
    assert found.results["late"].to_list() == [0, 2]


def test_another_calendar_reads_the_facts_again() -> None:
    people = pl.DataFrame({"subject": ["s"], "a": [date(2026, 9, 30)], "b": [date(2026, 10, 13)]})
    known = aggregates(book("workdays_late(a, b)"), people, {}, period=YEAR)
    with pytest.raises(NeedsFacts):
        what_if(known, book("workdays_late(a, b)", CALENDAR.replace("10-01..10-07", "10-01..10-08")))


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ("", "workdays_late 要有日历才知道哪天上班"),
        ('[calendar.2026]\noff = ["10.1-10.7"]', "“10.1-10.7”不是 2026 年的日子：写成 10-01"),
        ('[calendar.2026]\noff = ["2025-10-01"]', "“2025-10-01”不是 2026 年的日子"),
        ('[calendar.2026]\noff = ["02-29"]', "“02-29”不是 2026 年的日子"),
        ('[calendar.2026]\noff = ["10-07..10-01"]', "“10-07..10-01”不是 2026 年的日子"),
        ("[calendar.2026]\noff = []", "没有写放假的日子"),
        ('[calendar.26]\noff = ["10-01"]', "“26”不是年份，写成 2026 这样"),
        ('[calendar.2024]\noff = ["10-01"]\n[calendar.2026]\noff = ["10-01"]', "日历里 2025 年空着"),
        ('[calendar.2026]\noff = ["10-01..10-07"]\nwork = ["10-07"]', "10 月 7 日又写了放假，又写了上班"),
        ('[calendar.2026]\noff = ["10-01"]\nwork = ["10-12"]', "10 月 12 日是星期一，本来就上班"),
        ('[calendar]\n2026 = ["10-01"]', "这里要表 { … }，写的是列表；如 [calendar.2026] off"),
        ('calendar = ["10-01"]', "这里要表 { … }，写的是列表；如 [calendar.2026] off"),
        ('[calendar.2026]\noff = "10-01"\nwork = 7', "7"),
    ],
)
def test_faults_of_a_calendar(calendar: str, said: str) -> None:
    found = examine(BOOK.format(calendar=calendar, formula="workdays_late(a, b)"))
    assert any(said in fault.zh for fault in found.faults), [fault.zh for fault in found.faults]


@pytest.mark.parametrize(
    "days",
    [
        '["10月1日至7日"]',
        '["10-01至10-07"]',
        '["2026-10-01..2026-10-07"]',
        '["10/1..7"]',
        "[2026-10-01, 2026-10-02, 2026-10-05, 2026-10-06, 2026-10-07]",
    ],
)
def test_days_may_be_written_as_notices_write_them(days: str) -> None:
    text = BOOK.format(calendar=f"[calendar.2026]\noff = {days}", formula="workdays_in(a, b)")
    people = pl.DataFrame({"subject": ["s"], "a": [date(2026, 9, 30)], "b": [date(2026, 10, 8)]})
    assert evaluate(analyse(read_rulebook(text)), people, {}, period=YEAR).nodes["i"].to_list() == [2]


def test_a_calendar_nobody_reads_is_doubted() -> None:
    found = examine(BOOK.format(calendar=CALENDAR, formula="n"))
    told = [(fault.severity, fault.zh) for fault in found.faults if fault.path == "calendar"]
    assert told == [("warning", "没有算式用到日历")]
