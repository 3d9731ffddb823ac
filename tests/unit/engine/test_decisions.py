"""Decisions run in the order written; what the rules leave open is asked of those it can touch,
and of nobody else.
"""

import polars as pl
from tests.unit.engine.books import BANDS, HEAD, MARK, TOTAL, column, grades, marked, ran

QUOTA = '[[decide]]\ndo = "quota"\ntitle = "名额"\nshare = { "五" = 0.2 }\nrounding = "down"\n'
BASE = HEAD + MARK + TOTAL
TIED = (99, 95, 95, 95, 92, 91, 90, 85, 50, 40)


def test_a_tie_across_the_line_asks_exactly_the_tied() -> None:
    outcome = ran(BASE + BANDS + QUOTA, marked(*TIED))
    assert grades(outcome) == ["五", None, None, None, "四", "四", "四", "四", "一", "一"]
    assert outcome.issues["subject"].to_list() == ["s1", "s2", "s3"]
    assert set(outcome.issues["kind"]) == {"tie"}
    assert set(outcome.issues["where"]) == {"decide[1]"}


def test_ties_in_lets_all_tied_in_and_ties_out_none() -> None:
    inside = ran(BASE + BANDS + QUOTA + 'ties = "in"\n', marked(*TIED))
    assert grades(inside) == ["五", "五", "五", "五", "四", "四", "四", "四", "一", "一"]
    outside = ran(BASE + BANDS + QUOTA + 'ties = "out"\n', marked(*TIED))
    assert grades(outside) == ["五", "四", "四", "四", "四", "四", "四", "四", "一", "一"]


def test_an_unstated_rounding_is_asked_with_its_reason() -> None:
    outcome = ran(BASE + BANDS + QUOTA.replace('"down"', '"ask"').replace("0.2", "0.1"), marked(99))
    assert grades(outcome) == [None]
    assert outcome.issues.select("kind", "reason").rows() == [
        ("rounding", "“五”名额的取整没有规定，影响是否入围")
    ]


def test_a_ruling_gives_an_order_among_the_tied_inside_the_quota() -> None:
    ruled = pl.DataFrame({"subject": ["s2", "s1", "s3"], "where": ["名额"] * 3, "order": [1, 2, 3]})
    outcome = ran(BASE + BANDS + QUOTA, marked(*TIED), rulings=ruled)
    assert grades(outcome) == ["五", "四", "五", "四", "四", "四", "四", "四", "一", "一"]
    assert outcome.issues.height == 0


def test_a_ruling_gives_the_number_of_places() -> None:
    ruled = pl.DataFrame({"where": ["decide[1]"], "grade": ["五"], "places": [4], "within": [""]})
    outcome = ran(BASE + BANDS + QUOTA, marked(*TIED), rulings=ruled)
    assert grades(outcome)[:5] == ["五", "五", "五", "五", "四"]


def test_a_ruling_of_grades_settles_those_asked() -> None:
    ruled = pl.DataFrame({"subject": ["s1", "s2", "s3"], "where": ["名额"] * 3, "grade": ["五", "四", "四"]})
    assert grades(ran(BASE + BANDS + QUOTA, marked(*TIED), rulings=ruled))[:4] == ["五", "五", "四", "四"]


def test_a_veto_before_the_quota_frees_the_place_and_after_it_loses_the_place() -> None:
    veto = '[[decide]]\ndo = "override"\nwhen = "flag"\nat_most = "三"\n'
    subjects = marked(99, 98, 97, *[80] * 7, flag=[True] + [False] * 9)
    assert grades(ran(BASE + BANDS + veto + QUOTA, subjects))[:3] == ["三", "五", "五"]
    assert grades(ran(BASE + BANDS + QUOTA + veto, subjects))[:3] == ["三", "五", "四"]


def test_steps_against_last_year() -> None:
    earlier = pl.DataFrame({"subject": ["s0", "s1", "s2"], "back": [1] * 3, "grade": ["三", "一", "五"]})
    step = '[[decide]]\ndo = "step"\nup = 1\ndown = 2\n'
    assert grades(ran(BASE + BANDS + step, marked(95, 75, 50, 95), previous=earlier)) == [
        "四",
        "二",
        "三",
        "一",
    ]
    first = '[[decide]]\ndo = "step"\nfirst = "三"\n'
    assert grades(ran(BASE + BANDS + first, marked(95, 75, 50, 95), previous=earlier)) == [
        "四",
        "二",
        "一",
        "三",
    ]


def test_the_order_of_quota_and_step_is_content() -> None:
    earlier = pl.DataFrame({"subject": ["s0", "s1", "s2"], "back": [1] * 3, "grade": ["二", "四", "四"]})
    subjects, step = marked(99, 98, 97, *[80] * 7), '[[decide]]\ndo = "step"\n'
    assert grades(ran(BASE + BANDS + QUOTA + step, subjects, previous=earlier))[:3] == ["三", "五", "四"]
    assert grades(ran(BASE + BANDS + step + QUOTA, subjects, previous=earlier))[:3] == ["三", "五", "五"]


def test_streaks_and_times_count_this_period_and_stop_at_a_gap() -> None:
    earlier = pl.DataFrame(
        {
            "subject": ["s0", "s0", "s0", "s1", "s1", "s2"],
            "back": [1, 2, 3, 1, 2, 2],
            "grade": ["一", "一", "五", "五", "一", "一"],
        }
    )
    row = "[outputs.row]\nvalue = \"streak(grade == '一')\"\n"
    three = "[outputs.three]\nvalue = \"times(grade == '一', 3)\"\n"
    outcome = ran(BASE + BANDS + row + three, marked(50, 50, 50, 95), previous=earlier)
    assert [int(value) for value in column(outcome, "row")] == [3, 1, 1, 0]
    assert [int(value) for value in column(outcome, "three")] == [3, 2, 2, 0]


GAP = BANDS.replace('{ when = "score >= 90", grade = "五" },', "").replace("rows =", 'gaps = "ask"\nrows =')


def test_a_gap_keeps_its_candidates_and_is_dropped_when_all_lead_to_the_same_end() -> None:
    asked = ran(BASE + GAP.replace("80 <= score < 90", "80 <= score < 85"), marked(99, 87, 75))
    assert grades(asked) == [None, None, "三"]
    veto = '[[decide]]\ndo = "override"\nwhen = "flag"\nscore = 0\ngrade = "一"\n'
    moot = ran(BASE + GAP + veto, marked(95, 95, flag=[True, False]))
    assert (column(moot, "status"), grades(moot)) == (["rated", "needs_ruling"], ["一", None])
    assert moot.issues["subject"].to_list() == ["s1"]


def test_an_overlap_names_both_grades_and_at_most_may_settle_it() -> None:
    both = BANDS.replace("80 <= score < 90", "80 <= score <= 90").replace(
        "rows =", 'overlaps = "ask"\nrows ='
    )
    asked = ran(BASE + both, marked(90))
    assert asked.issues.select("kind", "candidates").rows() == [("gap", "五、四")]
    capped = '[[decide]]\ndo = "override"\nwhen = "flag"\nat_most = "三"\n'
    settled = ran(BASE + both + capped, marked(90, flag=[True]))
    assert (column(settled, "status"), grades(settled), settled.issues.height) == (["rated"], ["三"], 0)


def test_a_direct_grade_takes_a_place_only_when_that_is_said() -> None:
    direct = '[[decide]]\ndo = "override"\nwhen = "flag"\ngrade = "五"\nfinal = true\n'
    quota = QUOTA.replace("0.2", "0.3")
    subjects = marked(99, 98, 97, 96, *[50] * 6, flag=[False] * 9 + [True])
    assert grades(ran(BASE + BANDS + direct + quota, subjects))[:4] == ["五", "五", "五", "四"]
    used = quota + "final_uses_places = true\n"
    assert grades(ran(BASE + BANDS + direct + used, subjects))[:4] == ["五", "五", "四", "四"]


def test_a_direct_last_grade_takes_a_last_place_only_when_that_is_said() -> None:
    """Two of ten are last; one of them was sent there outright and is neither ranked nor moved."""
    direct = '[[decide]]\ndo = "override"\nwhen = "flag"\ngrade = "一"\nfinal = true\n'
    last = '[[decide]]\ndo = "quota"\nplaces = { "一" = 2 }\nbottom = true\n'
    subjects = marked(*range(99, 91, -1), 91, 90, flag=[True] + [False] * 9)
    assert grades(ran(BASE + BANDS + direct + last, subjects)) == ["一"] + ["五"] * 7 + ["一"] * 2
    used = last + "final_uses_places = true\n"
    assert grades(ran(BASE + BANDS + direct + used, subjects)) == ["一"] + ["五"] * 8 + ["一"]


def test_who_a_quota_does_not_mean_takes_none_of_its_places() -> None:
    """s0 is sent to the top outright, but the quota is about the others only: its one place is free."""
    direct = '[[decide]]\ndo = "override"\nwhen = "flag"\ngrade = "五"\nfinal = true\n'
    quota = '[[decide]]\ndo = "quota"\nplaces = { "五" = 1 }\nfinal_uses_places = true\n'
    subjects = marked(99, 98, 97, flag=[True, False, False])
    assert grades(ran(BASE + BANDS + direct + quota, subjects)) == ["五", "四", "四"]
    assert grades(ran(BASE + BANDS + direct + quota + 'for = "not flag"\n', subjects)) == ["五", "五", "四"]


def test_a_place_is_provisional_while_somebody_who_could_take_it_waits() -> None:
    ask = '[[decide]]\ndo = "override"\nwhen = "flag"\nask = "请裁定"\n'
    outcome = ran(
        BASE + BANDS + ask + QUOTA, marked(99, 98, 98.5, *[50] * 7, flag=[n == 2 for n in range(10)])
    )
    assert outcome.issues.filter(pl.col("kind") == "provisional")["subject"].to_list() == ["s1"]


def test_nobody_is_ranked_in_an_empty_cohort() -> None:
    outcome = ran(BASE + BANDS + QUOTA, marked())
    assert (outcome.results.height, outcome.cohort.height, outcome.area.height) == (0, 0, 0)


def test_a_subject_may_be_graded_without_a_score() -> None:
    rule = '[[decide]]\ndo = "override"\nwhen = "flag"\nscore = "none"\ngrade = "三"\n'
    outcome = ran(BASE + BANDS + rule, marked(95, flag=[True]))
    assert outcome.results.select("status", "score", "grade").rows() == [("rated", None, "三")]


def test_an_output_of_a_total_that_may_be_none_or_unknown_is_asked() -> None:
    """Whichever it is, the grade is the same; what is paid is not."""
    text = (
        HEAD
        + MARK
        + '[items.i]\ngaps = "ask"\nsteps = [{ when = "x < 50", points = 2 }]\n[groups.score]\nof = ["i"]\n'
        + '[[decide]]\ndo = "override"\nwhen = "score < 3"\nscore = "none"\ngrade = "四"\n'
        + '[[decide]]\ndo = "override"\nwhen = "flag"\ngrade = "五"\n'
        + '[outputs.pay]\nvalue = "score * 7"\n'
    )
    outcome = ran(text, marked(60, 40, flag=[True, True]))
    assert column(outcome, "status") == ["needs_ruling", "rated"]
    assert ("s0", "outputs.pay") in outcome.issues.select("subject", "where").rows()
