"""What is written is read back as the same rulebook, from TOML and from JSON."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.rulebook_texts import book

from jiceng_sdk.expressions import Formula
from jiceng_sdk.rulebook import (
    Area,
    Band,
    Bands,
    Fact,
    Field,
    Group,
    Item,
    Limit,
    Output,
    Override,
    Quota,
    Rounding,
    Row,
    Rulebook,
    Step,
    Year,
    examine,
    read_rulebook,
    to_json,
    to_raw,
    to_toml,
)
from jiceng_sdk.rulebook.reading import examine_raw, toml

EVERYTHING = Rulebook(
    title='引号 " 反斜杠 \\ 换行\n制表\t零宽\u200b全角\u3000',
    subject="organization",
    period="quarter",
    grades=("五星", "四星"),
    score="total",
    cohort=("town",),
    calendar={"2025": Year(off=("10-01..10-08",)), "2026": Year(off=("10-01",), work=("10-10", "02-14"))},
    classes={"rural": Formula("town == '东'")},
    facts={
        "town": Fact(kind="choice", options=("东", "西"), source="roster"),
        "n": Fact(kind="number", min=Decimal("-1.50"), max=Decimal(9), default=Decimal(0), each="month"),
        "f": Fact(kind="flag", required=True, for_=Formula("rural")),
        "e": Fact(
            kind="event",
            fields={"a": Field(kind="choice", options=("甲",)), "b": Field(kind="number", max=Decimal(3))},
        ),
        "v": Fact(
            kind="ballot", fields={"o": Field(kind="choice", options=("好", "差"))}, voters=Formula("12")
        ),
        "posts": Fact(kind="choice", many=True, options=("书记",), source="roster"),
    },
    items={
        "a": Item(
            from_="e",
            value=Formula("b"),
            merge="day",
            points=Formula("value * 0.50"),
            keep={"month": 2},
            limit=(Limit(per="day", high=Decimal(2)), Limit(per="month", low=Decimal(-6), high=Decimal(6))),
            round=Rounding(places=1, mode="down"),
            title="项目“甲”",
        ),
        "b": Item(
            value=Formula("n"),
            line=((Decimal(0), Decimal(0)), (Decimal("9.5"), Decimal(1))),
            each="month",
            across="mean",
        ),
        "c": Item(checks=(Row(when=Formula("f"), points=Formula("-5"), title="逾期"),), start=Formula("15")),
        "d": Item(
            from_="v",
            choice={"好": Decimal(100), "差": Decimal("0.5")},
            combine="mean",
            drop=(Formula("1"), Formula("floor(2 / 3)")),
            quorum=Formula("2"),
        ),
    },
    groups={
        "total": Group(of={"a": Decimal("0.7"), "b": Decimal(1)}),
        "side": Group(of={"c": Decimal(1), "d": Decimal(1)}),
    },
    decide=(
        Bands(rows=(Band(when=Formula("total >= 1"), grade="五星"),), gaps="ask", below="四星"),
        Override(when=Formula("f"), score=Formula("none"), lower=1, final=True),
        Quota(
            share={"五星": Decimal("0.10")},
            within=("town",),
            rank=(Formula("-total"),),
            hard=False,
            bottom=True,
        ),
        Step(up=2, first="四星"),
    ),
    outputs={"pay": Output(value=Formula("total * 3"), round=Rounding(places=0, mode="half_up"), unit="元")},
    area={"share_": Area(value=Formula("share(f)"), by=("town",), aim=Formula("value >= 20%"))},
)


def test_every_part_survives_toml() -> None:
    assert examine(to_toml(EVERYTHING)).book == EVERYTHING


def test_every_part_survives_json() -> None:
    raw = toml(to_toml(EVERYTHING))
    assert examine_raw(raw, {}).book == EVERYTHING
    assert to_json(EVERYTHING).startswith('{"title":"引号'.encode())


def test_the_short_forms_are_written() -> None:
    raw = to_raw(EVERYTHING)
    assert raw["facts"]["e"]["fields"] == {"a": ["甲"], "b": {"kind": "number", "max": 3}}
    assert raw["items"]["a"]["limit"] == {"day": 2, "month": [-6, 6]}
    assert raw["groups"]["side"]["of"] == ["c", "d"]
    assert raw["groups"]["total"]["of"] == {"a": Decimal("0.7"), "b": 1}
    assert raw["outputs"]["pay"]["round"] == 0
    assert raw["items"]["c"]["checks"] == [{"title": "逾期", "when": "f", "points": -5}]


def test_written_toml_reads_like_a_rulebook() -> None:
    text = to_toml(read_rulebook(book()))
    assert text.splitlines()[:3] == ['title = "示例"', 'subject = "member"', 'grades = ["优秀", "合格"]']
    assert '[items.base]\npoints = "mark"\n' in text
    assert '[[decide]]\ndo = "bands"\n' in text


@given(st.text(max_size=30), st.decimals(-1000, 1000, places=3))
@settings(max_examples=100, deadline=None)
def test_any_title_and_number_survive(title: str, number: Decimal) -> None:
    one = Rulebook(
        title=title, subject="member", items={"score": Item(points=Formula(f"{number:f}"), clause=title)}
    )
    assert examine(to_toml(one)).book == one
