"""Pages as numbers: weeks of a month, bars that fill the width, columns as high as the highest month."""

from datetime import date

from jiceng_project_ledger.views.calendar import Mark, weeks
from jiceng_project_ledger.views.charts import HEIGHT, lying_bars, month_columns


def test_a_month_begins_on_monday_and_days_outside_carry_nothing() -> None:
    marks = [Mark(date(2026, 11, 5), "甲", {}, "x"), Mark(date(2026, 12, 1), "乙", {}, "x")]
    found = weeks(date(2026, 11, 1), marks, {date(2026, 11, 1): False})
    assert len(found) == 6
    assert (found[0][0].day, found[0][0].inside) == (date(2026, 10, 26), False)
    assert (found[0][6].day, found[0][6].working) == (date(2026, 11, 1), False)
    assert [cell.marks for week in found for cell in week if cell.marks] == [(marks[0],)]


def test_a_month_that_fills_its_weeks_has_no_more() -> None:
    assert len(weeks(date(2027, 2, 1), [], {})) == 4
    assert weeks(date(2026, 12, 1), [], {})[-1][-1].day == date(2027, 1, 3)


def test_parts_of_a_bar_join_and_the_longest_fills_the_width() -> None:
    first, second = lying_bars([("甲", (2, 1, 1)), ("乙", (1, 0, 0))])
    assert [(part.x, part.width) for part in first.parts] == [(150, 485), (635, 243), (878, 242)]
    assert (first.whole, second.whole, second.parts[0].width) == (4, 1, 242)
    assert lying_bars([]) == ()
    assert [part.width for part in lying_bars([("甲", (0, 0, 0))])[0].parts] == [0, 0, 0]


def test_months_without_reports_have_no_height() -> None:
    found = month_columns({1: (4, 3), 2: (2, 2)})
    assert [(one.due_height, one.in_time_height) for one in found[:3]] == [(HEIGHT, 112), (75, 75), (0, 0)]
    assert len(found) == 12
