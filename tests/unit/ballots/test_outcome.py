"""What counted votes say and what of it may be told, by hand-computed examples."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from jiceng.facts.ballots.asking import USUAL
from jiceng.facts.ballots.outcome import leading, mark, points_kept, rate, rounded, shown
from jiceng.facts.ballots.schemas import BallotInfo, Option

GRADES = USUAL["grades"]


def a_ballot(**given: object) -> BallotInfo:
    usual = {
        "id": UUID(int=1),
        "number": 1,
        "title": "评议",
        "kind": "member",
        "scheme": "",
        "fact": "",
        "measure": "votes",
        "day": date(2026, 10, 30),
        "options": GRADES,
        "drop_high": 0,
        "drop_low": 0,
        "quorum": "2/3",
        "minimum": 5,
        "note": "",
        "closes_at": None,
        "state": "counted",
        "opened_at": None,
        "counted_at": None,
    }
    return BallotInfo(**{**usual, **given})  # type: ignore[arg-type]


def test_the_rate_counts_the_options_that_mean_satisfied() -> None:
    assert rate({"优秀": 10, "合格": 8, "基本合格": 2}, GRADES) == 90
    assert rate({"不合格": 3}, GRADES) == 0
    assert rate({}, GRADES) is None


def test_where_no_option_means_satisfied_there_is_no_rate_instead_of_none_satisfied() -> None:
    verdict = (Option("是"), Option("否"))
    assert rate({"是": 9, "否": 1}, verdict) is None
    papers = {"党员": 10}
    told = shown(a_ballot(options=verdict, measure="choice"), [("党员", 1, {"是": 9, "否": 1})], papers)
    assert told is not None
    assert (told.votes, told.rate, told.leading) == ({"是": 9, "否": 1}, None, "是")


def test_the_highest_and_lowest_votes_are_dropped_vote_by_vote() -> None:
    votes = {"优秀": 2, "合格": 2, "不合格": 2}
    assert points_kept(votes, GRADES, high=1, low=1) == [50, 85, 85, 100]
    assert points_kept(votes, GRADES, high=2, low=2) == [85, 85]
    assert points_kept(votes, GRADES, high=3, low=3) == []


def test_parties_weigh_in_the_mark_and_a_silent_one_leaves_none() -> None:
    ballot = a_ballot()
    masses, members = {"优秀": 1, "合格": 1}, {"优秀": 3}
    assert mark([(3, masses), (7, members)], ballot) == Fraction(3 * 185, 20) + 70
    assert mark([(3, masses), (7, {})], ballot) is None
    assert mark([(3, masses), (0, {})], ballot) == Fraction(185, 2)


def test_the_option_with_the_most_votes_leads_and_a_tie_leads_nowhere() -> None:
    assert leading({"优秀": 3, "合格": 2}) == "优秀"
    assert leading({"优秀": 2, "合格": 2, "不合格": 1}) is None
    assert leading({"优秀": 0}) is None
    assert leading({}) is None


def test_numbers_are_rounded_half_up_exactly() -> None:
    assert rounded(Fraction(640, 7)) == Decimal("91.43")
    assert rounded(Fraction(1, 200)) == Decimal("0.01")
    assert rounded(Fraction(89949, 1000), 1) == Decimal("89.9")
    assert rounded(None) is None


def test_a_party_must_return_its_quorum_and_never_fewer_than_can_be_told_apart() -> None:
    ballot = a_ballot()
    assert [ballot.demanded(n, small=False) for n in (30, 31, 7, 5)] == [20, 21, 5, 5]
    assert [ballot.demanded(n, small=True) for n in (3, 1)] == [2, 1]
    assert a_ballot(quorum="0").demanded(0, small=True) == 1


def test_fewer_votes_than_the_minimum_are_not_told() -> None:
    ballot = a_ballot()
    assert shown(ballot, [("群众", 1, {"优秀": 4})], {"群众": 9}) is None
    found = shown(ballot, [("群众", 1, {"优秀": 4, "不合格": 1})], {"群众": 9})
    assert found is not None
    assert (found.votes, found.rate, found.mark) == ({"优秀": 4, "不合格": 1}, Decimal(80), Decimal(90))


def test_parties_are_told_only_when_each_is_large_enough() -> None:
    ballot, papers = a_ballot(), {"群众": 6, "党员": 5, "领导": 2}
    large = [("群众", 1, {"优秀": 6}), ("党员", 1, {"合格": 5})]
    both = shown(ballot, large, papers)
    assert both is not None
    assert [(title, told) for title, _, told in both.parties] == [
        ("群众", Decimal(100)),
        ("党员", Decimal(100)),
    ]
    with_small = shown(ballot, [*large, ("领导", 1, {"不合格": 2})], papers)
    assert with_small is not None
    assert (with_small.parties, with_small.mark) == ((), None)
    assert with_small.votes == {"优秀": 6, "合格": 5, "不合格": 2}


def test_of_a_small_party_votes_and_mark_are_never_told_together() -> None:
    ballot = a_ballot(measure="mark")
    found = shown(ballot, [("群众", 1, {"优秀": 6}), ("领导", 1, {"不合格": 1})], {"群众": 6, "领导": 1})
    assert found is not None
    assert (found.votes, found.rate, found.mark) == ({}, None, Decimal(75))
