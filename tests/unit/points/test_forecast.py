"""The forecast and the charts: plain days and counts in, plain words' worth of numbers out."""

from datetime import date

from jiceng_points.rhythm.charts import HEIGHT, month_bars
from jiceng_points.rhythm.forecast import Task, item_outlook, outlook

YEAR = 2026


def task(number: str, month: int, day: int = 20) -> Task:
    return Task(number, f"事项{number}", date(YEAR, month, day))


def test_at_one_item_in_a_hundred_days_the_second_open_one_is_missed_in_november() -> None:
    today = date(YEAR, 7, 19)  # the 200th day
    done = [date(YEAR, 2, 1), date(YEAR, 5, 1)]
    first, second = outlook([task("BX02", 11), task("BX01", 10, 31)], done, YEAR, today)
    assert (first.task.number, first.expected, first.missed) == ("BX01", date(YEAR, 10, 27), False)
    assert (second.task.number, second.expected, second.missed) == ("BX02", date(2027, 2, 4), True)


def test_just_on_the_deadline_is_in_time_and_a_day_later_is_not() -> None:
    today, done = date(YEAR, 4, 10), [date(YEAR, 1, 2)]  # one in a hundred days: expected on 19 July
    assert [one.missed for one in outlook([Task("A", "甲", date(YEAR, 7, 19))], done, YEAR, today)] == [False]
    assert [one.missed for one in outlook([Task("A", "甲", date(YEAR, 7, 18))], done, YEAR, today)] == [True]


def test_without_anything_done_there_is_no_pace_and_everything_open_is_missed() -> None:
    (one,) = outlook([task("BX01", 12)], [], YEAR, date(YEAR, 6, 1))
    assert (one.expected, one.missed) == (None, True)


def test_an_item_over_all_follows_a_straight_line_and_never_exceeds_those_who_should() -> None:
    whole = Task("BX01", "参加主题党日", date(YEAR, 12, 31))
    half = item_outlook(whole, eligible=100, done=30, opens=date(YEAR, 1, 1), today=date(YEAR, 7, 2))
    assert (half.expected, half.missing) == (59, 41)
    full = item_outlook(whole, eligible=100, done=90, opens=date(YEAR, 1, 1), today=date(YEAR, 7, 2))
    assert (full.expected, full.missing) == (100, 0)
    left = item_outlook(whole, eligible=80, done=90, opens=date(YEAR, 1, 1), today=date(YEAR, 7, 2))
    assert (left.done, left.missing) == (90, 0)
    none = item_outlook(whole, eligible=0, done=0, opens=date(YEAR, 1, 1), today=date(YEAR, 1, 1))
    assert (none.expected, none.missing) == (0, 0)


def test_the_parts_of_a_months_bar_stand_on_each_other_and_the_largest_month_is_full_height() -> None:
    bars = month_bars({("必选", 3): 30, ("自选", 3): 10, ("推荐", 5): 20})
    march = [part for part in bars.parts if part.x == bars.parts[6].x]
    assert bars.totals[2:5] == (40, 0, 20)
    assert sum(part.height for part in march) == HEIGHT
    assert march[0].y == march[1].y + march[1].height
    assert month_bars({}).most == 0
