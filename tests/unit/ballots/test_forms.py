"""What the form of a new ballot is read into, and every fault of it at once."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from jiceng.facts.ballots.forms import BallotForm, wanted
from jiceng.facts.ballots.schemas import Option
from jiceng.kernel.clock import CHINA
from jiceng.kernel.errors import Invalid


async def test_options_of_ones_own_have_points_and_say_what_is_satisfied() -> None:
    form = BallotForm(
        title="测评",
        goes_to="stars:satisfied|mark",
        day="2026-10-30",
        closes_at="2026-10-30T18:00",
        options="好评 100 满意\n\n中评 60.5\n差评 0",
        drop_high="1",
    )
    found = await wanted(form)
    assert found.options == (
        Option("好评", Decimal(100), satisfied=True),
        Option("中评", Decimal("60.5")),
        Option("差评", Decimal(0)),
    )
    assert (found.target, found.measure, found.day) == ("stars:satisfied", "mark", date(2026, 10, 30))
    assert found.closes_at == datetime(2026, 10, 30, 18, tzinfo=CHINA)
    assert (found.drop_high, found.minimum) == (1, 5)


async def test_without_options_the_usual_ones_are_taken() -> None:
    found = await wanted(BallotForm(title="测评", day="2026-10-30", answers="grades"))
    assert [one.name for one in found.options] == ["优秀", "合格", "基本合格", "不合格"]
    assert (found.target, found.measure, found.kind) == ("", "rate", "organization")


async def test_everything_that_cannot_be_read_is_told_at_once() -> None:
    form = BallotForm(
        day="昨天",
        closes_at="明天",
        minimum="五",
        drop_high="-1",
        drop_low="",
        options="好 一百\n坏 NaN\n中 1e9\n良 8_5\n满意 90 80",
    )
    with pytest.raises(Invalid) as told:
        await wanted(form)
    assert told.value.faults == (
        "计入日期“昨天”不是日期，应写成 2026-03-31",
        "「截止时间」应是日期和时间",
        "最少份数“五”不是整数",
        "去掉最高分“-1”不是整数",
        "请填去掉最低分",
        "选项「好」的分值「一百」不是数字",
        "选项「坏」的分值「NaN」不是数字",
        "选项「中」的分值太大",
        "选项「良」的分值「8_5」不是数字",
        "选项「满意」写了不止一个分值",
    )
