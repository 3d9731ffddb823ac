"""The auditors' page says every event, object and detail in words, in both languages."""

from jiceng.console.audit.listing import words
from jiceng.console.audit.vocabulary import DETAILS, DOORS, OBJECTS
from jiceng.console.frame.wording import english
from jiceng.kernel.audit.events import FIELDS, WORDS


def test_every_word_of_the_log_has_its_english() -> None:
    said = {*(zh for zh, _ in WORDS.values()), *DOORS.values(), *OBJECTS.values(), *DETAILS.values()}
    assert sorted(said - set(english())) == []


def test_every_detail_has_a_word() -> None:
    assert set(DETAILS) == set(FIELDS)


def test_an_event_of_another_version_is_shown_by_its_own_name() -> None:
    assert words("signed_in") == "登录"
    assert words("signed_by_proxy") == "signed_by_proxy"
