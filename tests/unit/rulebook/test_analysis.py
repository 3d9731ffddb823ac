"""What a rulebook means: order, names in each place, decimals, sub-periods."""

import pytest
from tests.support.rulebook_texts import BANDS, book

from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Analysis, examine


def _meaning(text: str) -> Analysis:
    reading = examine(text)
    assert reading.analysis is not None
    assert [str(fault) for fault in reading.faults] == []
    return reading.analysis


def test_nodes_come_after_all_they_read_classes_included() -> None:
    found = _meaning(
        book(
            classes='good = "mark > 60"',
            items='last = { points = "first + 1", for = "good" }\nfirst = { points = "side" }',
            groups='side = { of = ["base"] }',
            of=', "last"',
        )
    )
    assert found.order == ("base", "side", "first", "last", "score")
    assert found.reads["last"] == {"first", "good", "mark"}
    assert found.reads["score"] == {"base", "last"}


def test_places_follow_weights_caps_and_rounding() -> None:
    found = _meaning(
        book(
            items='third = { points = "mark / 3" }\nwhole = { points = "mark / 3", round = 0 }\n'
            'fine = { points = "mark", cap = 7.125 }',
            groups='heavy = { of = { base = 0.125 } }\nshown = { of = ["third"], round = 1 }',
            of=', "whole", "fine", "heavy", "shown"',
        )
    )
    assert found.places == {
        "mark": 2, "target": 2, "late": 0, "town": 0, "monthly": 2,
        "base": 2, "third": None, "whole": 0, "fine": 3, "heavy": 5, "shown": 1, "score": 5,
    }  # fmt: skip
    assert found.score_places == 5


def test_beyond_twenty_four_places_a_product_is_a_quotient() -> None:
    many = " * ".join(["mark"] * 6)
    found = _meaning(
        book(
            facts='tiny = { kind = "number", min = 0, max = 1, places = 12 }',
            items='a = { points = "tiny * tiny" }\nb = { points = "tiny * tiny * tiny" }',
            groups='side = { of = ["b"], round = 3 }',
            of=', "a", "side"',
        )
    )
    assert many
    assert (found.places["a"], found.places["b"]) == (24, None)


def test_overrides_widen_the_total() -> None:
    text = book(decide=BANDS + '\n[[decide]]\ndo = "override"\nwhen = "late"\nscore = "score * 0.125"\n')
    found = _meaning(text)
    assert (found.places["score"], found.score_places) == (2, 5)


def test_months_are_brought_up_by_across() -> None:
    found = _meaning(
        book(
            items='m = { each = "month", points = "monthly + streak(monthly > 0)" }\n'
            'q = { each = "month", points = "m + mark", across = "sum" }\n'
            'yearly = { points = "q * 2" }',
            groups='cell = { of = ["m"], cap = 3 }\nup = { of = ["m", "cell"], across = "max", cap = 30 }',
            of=', "yearly", "up"',
        )
    )
    assert {
        name: (found.each[name], found.unit[name]) for name in ("m", "q", "cell", "up", "yearly", "monthly")
    } == {
        "m": ("month", "month"),
        "q": ("month", None),
        "cell": ("month", "month"),
        "up": ("month", None),
        "yearly": (None, None),
        "monthly": ("month", "month"),
    }


def test_event_formulas_see_fields_subject_and_position() -> None:
    found = _meaning(
        book(
            facts='vote = { kind = "ballot", fields = { option = ["好", "差"] }, voters = "mark" }\n'
            'quarter = { kind = "result", scheme = "q", options = ["好", "一般"], min = 0, max = 100 }',
            items='a = { from = "meeting", when = "form == \'党课\' and not late", '
            'points = "if(nth > 3, 0, hours)", cap = 10 }\n'
            'b = { from = "meeting", value = "hours", merge = "month", points = "units(value, 8)" }\n'
            'c = { from = "vote", choice = { "好" = 100, "差" = 0 }, combine = "mean", '
            'quorum = "mark * 2 / 3", round = 1 }\n'
            'd = { from = "quarter", when = "result.grade == \'好\'", points = "result.score", '
            'combine = "max" }\n'
            'e = { from = "meeting", combine = "count" }',
            of=', "a", "b", "c", "d", "e"',
        )
    )
    origins = {name: symbol.origin for name, symbol in found.formulas["items.a.points"].symbols().items()}
    assert origins == {"nth": "nth", "hours": "field"}
    assert found.scale["c"].symbol is not None
    assert found.scale["c"].symbol.name == "option"
    assert found.places["d"] == 12
    assert "facts.vote.voters" in found.formulas


def test_several_posts_are_read_like_rows() -> None:
    found = _meaning(
        book(
            facts='post = { kind = "choice", options = ["书记", "委员"], many = true, source = "roster" }',
            items='pay = { from = "post", choice = { "书记" = 100, "委员" = 50 }, combine = "max" }',
            of=', "pay"',
        )
    )
    assert found.book.facts["post"].rows
    assert found.scale["pay"].options == ("书记", "委员")


def test_the_lowest_band_gets_a_condition_of_its_own() -> None:
    text = book(
        decide='[[decide]]\ndo = "bands"\nbelow = "合格"\nrows = [{ when = "score >= 60", grade = "优秀" }]\n'
    )
    from_rows = _meaning(text).formulas["decide[0].below"].tree
    assert str(from_rows) == (
        "Compare(args=(Name(name='score', at=0), Number(value=Decimal('60'), at=8)), ops=('<',), at=6)"
    )


def test_history_has_the_kinds_of_the_outputs() -> None:
    found = _meaning(
        book(
            items='a = { points = "if(previous.warned == true, 0, '
            "if(missing(previous.carry), 0, previous.carry))"
            ' + if(missing(previous.score), 0, previous.score * 10%)", cap = 5 }',
            of=', "a"',
            rest="[outputs]\n"
            'carry = { value = "if(missing(previous.carry), 0, previous.carry) + 1", round = 1 }\n'
            'warned = { value = "if(missing(previous.warned), false, previous.warned)" }\n'
            "run = { value = \"streak(grade == '合格') + times(score > 3, 3)\" }",
        )
    )
    kinds = {name: (s.kind, s.places) for name, s in found.formulas["items.a.points"].symbols().items()}
    assert kinds == {
        "previous.warned": ("flag", 0),
        "previous.carry": ("number", 12),
        "previous.score": ("number", 12),
    }


def test_area_values_read_earlier_ones_of_the_same_cohort() -> None:
    found = _meaning(
        book(
            rest='[area]\nall = { value = "mean(score)" }\n'
            'above = { value = "share(score > all)", by = ["town"], aim = "value >= 20%" }\n'
            'twice = { value = "above * 2", by = ["town"] }'
        )
    )
    assert found.formulas["area.above.value"].symbols()["all"].origin == "area"
    assert found.formulas["area.twice.value"].symbols()["above"].by == ("town",)


def test_a_faulty_meaning_is_not_usable() -> None:
    analysis = examine(book(items='a = { points = "late" }', of=', "a"')).analysis
    assert analysis is not None
    with pytest.raises(Faults, match="这里要数，写的是是否"):
        analysis.usable()
