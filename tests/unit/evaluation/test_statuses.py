"""Every way the forms offer to leave somebody out is a word on the pages of results, in both languages."""

import pytest

from jiceng.console.frame.wording import english
from jiceng.evaluation.schemas import STATUSES
from jiceng.schemes.editing.wording import OUTS


@pytest.mark.parametrize("status", sorted(OUTS.values()))
def test_a_status_of_the_forms_has_a_word(status: str) -> None:
    assert not STATUSES[status].isascii()


def test_every_status_is_said_in_english() -> None:
    assert sorted(set(STATUSES.values()) - set(english())) == []
