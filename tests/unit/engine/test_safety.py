"""Unknown is never a quiet "no": what reads something nobody handed in is asked, and only where it
matters.
"""

from decimal import Decimal

import polars as pl
from tests.unit.engine.books import BANDS, HEAD, MARK, TOTAL, column, day, grades, marked, ran

BASE = HEAD + MARK + TOTAL
VOTE = '[facts.vote]\nkind = "ballot"\nfields = { option = ["好", "差"] }\n'
MEAN = '[items.ballots]\nfrom = "vote"\nchoice = { "好" = 100, "差" = 50 }\ncombine = "mean"\n'
VETO = '[[decide]]\ndo = "override"\nwhen = "ballots < 60"\ngrade = "一"\nscore = 0\nfinal = true\n'


def test_a_veto_on_an_empty_ballot_asks() -> None:
    outcome = ran(HEAD + MARK + VOTE + MEAN + TOTAL + BANDS + VETO, marked(95))
    assert column(outcome, "status") == ["needs_ruling"]
    assert set(outcome.issues["where"]) == {"ballots", "decide[1]"}


def test_a_missing_number_makes_the_subject_incomplete_and_shows_no_score() -> None:
    outcome = ran(BASE + BANDS, marked(None, 95))
    assert outcome.results.rows() == [("s0", "incomplete", None, None), ("s1", "rated", Decimal(95), "五")]
    assert outcome.issues.select("subject", "where", "kind", "reason").rows() == [
        ("s0", "x", "missing", "未填报：x")
    ]


def test_a_rubric_whose_survey_is_missing_does_not_pay_in_full() -> None:
    book = HEAD + (
        '[facts.survey]\nkind = "event"\nfields = { mark = { kind = "number", min = 0, max = 100 } }\n'
        '[items.last]\nfrom = "survey"\npoints = "mark"\ncombine = "mean"\n'
        '[items.rubric]\nstart = 20\nfloor = 0\nchecks = [{ when = "last < 60", points = -5 }]\n'
        '[groups.score]\nof = ["rubric"]\n'
    )
    assert column(ran(book, pl.DataFrame({"subject": ["a"]})), "status") == ["needs_ruling"]


def test_a_class_of_its_own_is_not_asked_for_the_fact() -> None:
    book = HEAD + (
        '[facts.rural]\nkind = "flag"\n[facts.acres]\nkind = "number"\nmin = 0\nfor = "rural"\n'
        '[items.land]\nfor = "rural"\npoints = "acres"\n[items.base]\n'
        'points = 10\n[groups.score]\nof = ["land", "base"]\n'
    )
    outcome = ran(book, pl.DataFrame({"subject": ["a", "b"], "rural": [True, False]}))
    assert column(outcome, "status") == ["incomplete", "rated"]
    assert column(outcome, "score") == [None, Decimal(10)]


def test_a_gate_not_met_is_nought_even_with_open_members() -> None:
    book = (
        HEAD
        + MARK
        + VOTE
        + MEAN
        + '[groups.score]\nof = ["ballots"]\ngate = "flag"\n[items.i]\npoints = "x"\n'
    )
    book += '[[decide]]\ndo = "override"\nwhen = "i < 0"\nout = "exempt"\n'
    outcome = ran(book, marked(1, 1, flag=[False, True]))
    assert column(outcome, "score") == [Decimal(0), None]
    assert column(outcome, "status") == ["rated", "needs_ruling"]


def test_tallies_weigh_in_the_mean_the_count_and_the_quorum() -> None:
    votes = pl.DataFrame({"subject": ["s0", "s0"], "option": ["好", "差"], "votes": [3, 1]})
    counted = '[items.many]\nfrom = "vote"\ncombine = "count"\n[groups.score]\nof = ["ballots", "many"]\n'
    book = HEAD + MARK + VOTE + MEAN + "quorum = 4\n" + counted + '[items.i]\npoints = "x"\n'
    book += '[outputs.kept]\nvalue = "i"\n'
    assert column(ran(book, marked(1), {"vote": votes}), "score") == [Decimal("91.5")]
    fewer = votes.with_columns(votes=pl.Series([2, 1]))
    assert column(ran(book, marked(1), {"vote": fewer}), "status") == ["needs_ruling"]


def test_a_quorum_holds_for_results_of_other_schemes_too() -> None:
    book = HEAD + (
        '[facts.quarter]\nkind = "result"\nscheme = "q"\nmin = 0\nmax = 100\n'
        '[items.year]\nfrom = "quarter"\npoints = "result.score"\nquorum = 4\n[groups.score]\nof = ["year"]\n'
    )
    three = pl.DataFrame({"subject": ["a"] * 3, "score": [10, 20, 30]})
    outcome = ran(book, pl.DataFrame({"subject": ["a"]}), {"quarter": three})
    assert outcome.issues.select("where", "reason").rows() == [("year", "票数（份数）不足：有 3")]


def test_an_output_waits_only_for_what_it_reads() -> None:
    outputs = '[outputs.high]\nvalue = "x > 50"\n[outputs.pay]\nvalue = "if(grade == \'五\', 1000, 0)"\n'
    ask = '[[decide]]\ndo = "override"\nwhen = "flag"\nask = "请裁定"\n'
    outcome = ran(BASE + BANDS + ask + outputs, marked(95, flag=[True]))
    assert outcome.results.select("status", "high", "pay").rows() == [("needs_ruling", True, None)]


def test_an_area_value_with_open_questions_is_a_range_and_its_aim_undecided() -> None:
    area = (
        '[area.good]\nvalue = "share(grade >= \'四\')"\naim = "value >= 50%"\n'
        "[area.waiting]\nvalue = \"count(status == 'needs_ruling')\"\n"
    )
    ask = '[[decide]]\ndo = "override"\nwhen = "flag"\nask = "请裁定"\n'
    outcome = ran(BASE + BANDS + ask + area, marked(95, 95, 50, 50, flag=[True, False, False, False]))
    good, waiting = outcome.area.rows(named=True)
    assert (good["value"], good["low"], good["high"]) == (None, Decimal("0.25"), Decimal("0.5"))
    assert (good["open"], good["met"], waiting["value"]) == (1, None, Decimal(1))


def test_history_that_does_not_exist_compares_as_no_and_counts_as_open_with_its_reason() -> None:
    outputs = '[outputs.fell]\nvalue = "grade < previous.grade"\n'
    assert column(ran(BASE + BANDS + outputs, marked(95)), "fell") == [False]
    carried = HEAD + MARK + '[items.i]\npoints = "x + previous.score * 10%"\n[groups.score]\nof = ["i"]\n'
    outcome = ran(carried, marked(95))
    assert outcome.issues.select("where", "reason").rows() == [("i", "没有上期结果")]


def test_posts_are_added_up_by_field_before_they_are_combined_and_several_posts_pay_once() -> None:
    book = HEAD + (
        '[facts.post]\nkind = "choice"\noptions = ["书记", "主任"]\nmany = true\nsource = "roster"\n'
        '[items.pay]\nfrom = "post"\nchoice = { "书记" = 30, "主任" = 20 }\ncombine = "max"\n'
        '[facts.deed]\nkind = "event"\n'
        'fields = { matter = "text", worth = { kind = "number", min = 0, max = 9 } }\n'
        '[items.deeds]\nfrom = "deed"\nvalue = "worth"\nmerge = "matter"\npoints = "min(value, 5)"\n'
        '[groups.score]\nof = ["pay", "deeds"]\n'
    )
    subjects = pl.DataFrame({"subject": ["a"], "post": [["书记", "主任"]]})
    deeds = pl.DataFrame(
        {
            "subject": ["a"] * 3,
            "date": [day(1), day(2), day(3)],
            "matter": ["桥", "桥", "路"],
            "worth": [3, 4, 2],
        }
    )
    outcome = ran(book, subjects, {"deed": deeds})
    assert outcome.nodes.select("pay", "deeds").rows() == [(Decimal(30), Decimal(7))]


def test_a_mean_over_months_divides_by_the_months_where_it_applies() -> None:
    book = HEAD + (
        '[facts.done]\nkind = "number"\nmin = 0\nmax = 100\neach = "quarter"\ndefault = 0\n'
        '[facts.counted]\nkind = "flag"\neach = "quarter"\n'
        '[items.rate]\neach = "quarter"\nfor = "counted"\npoints = "done"\n'
        'across = "mean"\n[groups.score]\nof = ["rate"]\n'
    )
    done = pl.DataFrame({"subject": ["a"] * 3, "k": [0, 1, 2], "value": [10, 20, 90]})
    counted = pl.DataFrame({"subject": ["a"] * 2, "k": [0, 1], "value": [True, True]})
    outcome = ran(book, pl.DataFrame({"subject": ["a", "b"]}), {"done": done, "counted": counted})
    assert column(outcome, "score") == [Decimal(15), Decimal(0)]
    assert grades(outcome) == [None, None]


def test_an_output_of_an_incomplete_subject_takes_no_unscored_rule_for_an_answer() -> None:
    rules = (
        '[facts.need]\nkind = "number"\nmin = 0\nmax = 9\n'
        '[[decide]]\ndo = "override"\nwhen = "flag"\nscore = "none"\ngrade = "四"\n'
        '[outputs.low]\nvalue = "score < 60"\n'
    )
    subjects = marked(50, 50, flag=[True, True]).with_columns(need=pl.Series([Decimal(1), None]))
    outcome = ran(HEAD + MARK + TOTAL + BANDS + rules, subjects)
    assert column(outcome, "status") == ["rated", "incomplete"]
    assert column(outcome, "low") == [False, None]
