"""Who a campaign's fact names as having entered it, in whatever order its sheets are read."""

from jiceng.facts.campaigns.settling import entered_by
from jiceng.facts.campaigns.stages import DEPARTMENT, SELF, SUPERIOR


def test_whoever_rated_himself_entered_it_also_when_the_superior_is_read_first() -> None:
    sheets = {DEPARTMENT: {"person": "d"}, SUPERIOR: {"person": "s"}, SELF: {"person": "o"}}
    assert entered_by(sheets) == "o"


def test_without_an_own_rating_the_superior_entered_it_and_the_department_never() -> None:
    assert entered_by({SUPERIOR: {"person": "s"}, SELF: {"person": None}}) == "s"
    assert entered_by({DEPARTMENT: {"person": "d"}}) is None
