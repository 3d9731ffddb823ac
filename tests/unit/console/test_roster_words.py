"""The columns of the roster's sheets, which the page of an import offers, have their English."""

from jiceng.console.frame.wording import english
from jiceng.roster.importing.sheets import SHEETS


def test_every_column_of_a_sheet_has_its_english() -> None:
    assert sorted({column.title for sheet in SHEETS for column in sheet.columns} - set(english())) == []
