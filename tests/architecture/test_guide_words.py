"""docs/guide-zh.md calls every button, page and column as the screens do: 「…」 is a word of the product."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide-zh.md").read_text("utf-8")
PLACES = (ROOT / "platform" / "jiceng", ROOT / "plugins")
NOT_OF_A_SCREEN = {"—", "无"}
"""What people type into cells, quoted as they type it."""
MSGID = re.compile(r'^msgid ((?:"[^\n]*"\n)+)', re.MULTILINE)
LITERAL = re.compile(r'"([^"\\\n]{1,40})"')
TITLE = re.compile(r'\btitle\s*=\s*"([^"]+)"')


def files(pattern: str) -> list[str]:
    return [path.read_text("utf-8") for place in PLACES for path in place.rglob(pattern)]


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """Texts of templates and pages (msgids), titles in code (columns, sheets), titles of rulebooks."""
    ids = {"".join(LITERAL.findall(lines)) for text in files("*.po") for lines in MSGID.findall(text)}
    said = {literal for text in files("*.py") for literal in LITERAL.findall(text)}
    return ids | said | {title for text in files("*.toml") for title in TITLE.findall(text)}


def strangers(words: set[str], shown: set[str]) -> list[str]:
    """Those that no screen says, also not with a number or a name put in."""
    filled = [re.escape(text) for text in shown if "%(" in text]
    pattern = re.compile("|".join(re.sub(r"%\\\([a-z_]+\\\)s", ".{1,12}", text) for text in filled))
    return sorted(word for word in words if word not in shown and not pattern.fullmatch(word))


def test_every_quoted_word_is_one_of_the_screens(shown: set[str]) -> None:
    quoted = {*re.findall("「([^」]{1,30})」", GUIDE)} - NOT_OF_A_SCREEN
    assert len(quoted) > 100
    assert strangers(quoted, shown) == []


def test_a_word_that_is_nowhere_is_noticed(shown: set[str]) -> None:
    assert strangers({"上传并预览", "参考号", "发布第 2 版"}, shown) == ["参考号"]
