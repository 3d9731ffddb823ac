"""What a browser holds of papers, and what somebody else put into its cookie."""

from uuid import UUID

from jiceng.facts.ballots.holding import MOST_HELD, Held, mark_of, read, read_paper, written

BALLOT = UUID(int=7)


def test_what_was_written_is_read_again_the_latest_last() -> None:
    papers = [Held(mark_of(f"link-{number}"), BALLOT, f"slip-{number}") for number in range(MOST_HELD)]
    assert read(written(papers)) == papers
    assert read(written([])) == []
    assert read_paper(papers[0].paper) == Held("", BALLOT, "slip-0")


def test_a_mark_tells_links_apart_and_nothing_of_them() -> None:
    assert mark_of("one") != mark_of("other")
    assert len(mark_of("one")) == 12


def test_a_cookie_that_nobody_here_wrote_holds_no_more_than_ours() -> None:
    forged = "~".join(f"m:{UUID(int=number).hex}.s" for number in range(3_000))
    assert [one.ballot.int for one in read(forged)] == list(range(2_980, 3_000))
    assert read("~" * 5_000 + "m:none.s") == []
