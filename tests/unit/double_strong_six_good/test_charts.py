"""The geometry of the charts."""

from decimal import Decimal

from jiceng_double_strong_six_good.charts.bars import bars
from jiceng_double_strong_six_good.charts.radar import HEIGHT, RADIUS, WIDTH, radar
from jiceng_double_strong_six_good.charts.trend import trend

TITLES = ("一", "二", "三", "四")


def test_the_first_axis_points_up_and_the_others_follow_clockwise() -> None:
    drawn = radar(TITLES, [Decimal(10), Decimal(5), Decimal(0), Decimal(10)], None, 10)
    x, y = WIDTH / 2, HEIGHT / 2
    assert drawn.own == f"{x},{y - RADIUS} {x + RADIUS / 2},{y} {x},{y} {x - RADIUS},{y}"
    assert [label.anchor for label in drawn.labels] == ["middle", "start", "middle", "end"]
    assert (len(drawn.rings), drawn.mean) == (5, "")


def test_the_mean_is_a_polygon_of_its_own() -> None:
    drawn = radar(TITLES, [Decimal(10)] * 4, [Decimal(5)] * 4, 10)
    x, y, half = WIDTH / 2, HEIGHT / 2, RADIUS / 2
    assert drawn.mean == f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"


def test_the_longest_bar_belongs_to_the_town_with_most_and_pieces_follow_each_other() -> None:
    drawn = bars({"甲": {"示范": 1, "中间": 3}, "乙": {"示范": 2}}, ("示范", "中间", "后进"))
    first, second = drawn.rows
    assert [(piece.count, piece.x, piece.width) for piece in first.pieces] == [
        (1, 160, 220),
        (3, 380, 660),
        (0, 1040, 0),
    ]
    assert (second.total, second.pieces[0].width, second.y - first.y) == (2, 440, 26)
    assert bars({}, ("示范",)).rows == ()


def test_a_rate_of_100_percent_stands_at_the_top_line() -> None:
    drawn = trend([("2025 年末", Decimal("31.13")), ("现在", Decimal(100))])
    first, last = drawn.marks
    assert last.y == {percent: y for y, percent in drawn.across}[100]
    assert first.y > last.y
    assert drawn.line == f"{first.x},{first.y} {last.x},{last.y}"
