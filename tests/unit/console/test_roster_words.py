"""The columns of the roster's sheets and the words it may use have their English."""

from jiceng.console.frame.wording import english
from jiceng.roster import vocabulary
from jiceng.roster.importing.sheets import SHEETS


def test_every_column_of_a_sheet_has_its_english() -> None:
    assert sorted({column.title for sheet in SHEETS for column in sheet.columns} - set(english())) == []


def test_every_word_of_the_roster_has_its_english() -> None:
    words = {word for known in vars(vocabulary).values() if isinstance(known, tuple) for word in known}
    assert {"党支部", "农村", "去世"} <= words
    assert sorted(words - set(english())) == []
