"""Every sentence about a wrong value has its English, so that a program is answered in its language."""

import ast
from pathlib import Path

import pytest

from jiceng.facts.programs.english import in_english
from jiceng.facts.rows import checking


def sentence(node: ast.expr) -> str:
    """The text of a string, with 7 wherever a value is put in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    assert isinstance(node, ast.Constant)
    return str(node.value)


def sentences() -> list[str]:
    """What each test of a value yields as its third part."""
    tree = ast.parse(Path(checking.__file__).read_text("utf-8"))
    yielded = [node.value for node in ast.walk(tree) if isinstance(node, ast.Yield)]
    return [sentence(node.elts[2]) for node in yielded if isinstance(node, ast.Tuple)]


def test_there_are_sentences_to_look_at() -> None:
    assert len(sentences()) >= 10


@pytest.mark.parametrize("words", [*sentences(), "这个期间已经有值"])
def test_the_sentence_has_its_english(words: str) -> None:
    assert in_english(words).isascii()


def test_what_was_put_in_is_kept() -> None:
    assert in_english("「分值」应在 0 到 100 之间") == "must be between 0 and 100 (分值)"
    assert in_english("日期晚于今天（2026-11-22）") == "the date is later than today (2026-11-22)"
