"""Dates as people write them."""

import datetime as dt

import pytest

from jiceng.kernel.spreadsheets.cells import Raw
from jiceng.kernel.spreadsheets.dates import DateError, read_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20051220", dt.date(2005, 12, 20)),
        (20051220, dt.date(2005, 12, 20)),
        (20051220.0, dt.date(2005, 12, 20)),
        ("2005.12", dt.date(2005, 12, 1)),
        (2005.12, dt.date(2005, 12, 1)),
        ("2005.1", dt.date(2005, 1, 1)),
        ("200512", dt.date(2005, 12, 1)),
        ("2005-12-20", dt.date(2005, 12, 20)),
        ("2005/3/5", dt.date(2005, 3, 5)),
        ("2005年12月20日", dt.date(2005, 12, 20)),
        ("2005年3月", dt.date(2005, 3, 1)),
        (" ２００５１２２０ ", dt.date(2005, 12, 20)),
        ("２００５．１２．２０", dt.date(2005, 12, 20)),
        ("2005。12", dt.date(2005, 12, 1)),
        ("2005.12.20.", dt.date(2005, 12, 20)),
        ("2005. 3. 5", dt.date(2005, 3, 5)),
        ("2005 年 12 月 20 日", dt.date(2005, 12, 20)),
        ("2005年12月20号", dt.date(2005, 12, 20)),
        ("2005－12－20", dt.date(2005, 12, 20)),
        ("2005/12/20 0:00", dt.date(2005, 12, 20)),
        (dt.datetime(2005, 12, 20), dt.date(2005, 12, 20)),  # noqa: DTZ001  Excel has no zone
        (38706, dt.date(2005, 12, 20)),
    ],
)
def test_a_date_is_read(written: Raw, meant: dt.date) -> None:
    assert read_date(written) == meant


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("2005.13", "没有 13 月"),
        ("20050230", "2005 年 2 月没有 30 日"),
        ("去年", "看不懂这个日期"),
        ("2005.12.20、2006.1.1", "看不懂这个日期"),
        ("2005.12.20-2006.1.1", "看不懂这个日期"),
        (2005.1, "2005.1 看不出是 1 月还是 10 月（Excel 存成数字时去掉了末尾的 0）"),
        ("18991231", "1899 年不在 1900–2100 年之间"),
        (5, "看不懂这个日期"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(written: Raw, what: str) -> None:
    with pytest.raises(DateError) as caught:
        read_date(written)
    assert caught.value.what == what
