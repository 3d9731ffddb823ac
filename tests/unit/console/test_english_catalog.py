"""The English screens are complete: every word of a template, and every word the console adds."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from jiceng.accounts.access import ROLE_NAMES
from jiceng.accounts.programs.tokens import SCOPES
from jiceng.console.checklist import WANTED
from jiceng.console.frame.navigation import PLACES
from jiceng.console.frame.pages import template_folders
from jiceng.console.frame.wording import english, say
from jiceng.console.gateway.errors import WORDS
from jiceng.console.home.running import WORDS as RUNNING
from jiceng.console.home.web import WEEKDAYS
from jiceng.console.web import KINDS

ROOT = Path(__file__).parents[3]
TELLING = sorted([*ROOT.glob("plugins/*/*/home.py"), ROOT / "platform/jiceng/console/home/waiting.py"])
"""Modules that name key figures and what waits."""
TEMPLATES = sorted(path for folder in template_folders() for path in folder.rglob("*.html"))

_SIGN = re.compile("[，：；（）、。]")
_MESSAGE = re.compile(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_CHOSEN = re.compile(r"\{#.*?#\}|\{\{[^}]*(?:language\(\)|rule\.grades)[^}]*\}\}", re.DOTALL)


def name(template: Path) -> str:
    return f"{template.parent.name}/{template.name}"


@cache
def messages(template: Path) -> frozenset[str]:
    """The msgids of a template; taking it apart is most of the work, and two tests ask for them."""
    with template.open("rb") as file:
        found = babel_extract(file, ("_", "of_many"), (), {"trim_blocks": "true", "lstrip_blocks": "true"})
        whole = (message if isinstance(message, str) else (message or ("",))[0] for _, _, message, _ in found)
        return frozenset(message for message in whole if message)


def test_every_word_of_a_template_has_its_english() -> None:
    said = set(english())
    assert {name(each): lacking for each in TEMPLATES if (lacking := messages(each) - said)} == {}


def test_every_word_the_console_adds_has_its_english() -> None:
    words = {
        *(place.title for place in PLACES),
        *(text for pair in WORDS.values() for text in pair),
        *ROLE_NAMES.values(),
        *SCOPES.values(),
        *KINDS.values(),
        *WEEKDAYS,
        *RUNNING,
        *(text for step in WANTED for text in (step.title, step.action, step.done, step.missing)),
    }
    assert sorted(words - set(english())) == []


@pytest.mark.parametrize("module", TELLING, ids=lambda path: path.parent.name)
def test_every_figure_and_everything_that_waits_has_its_english(module: Path) -> None:
    told = {
        word.value
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        for name, word in [
            *((keyword.arg, keyword.value) for keyword in call.keywords),
            *((call.func.id, word) for word in call.args[:1]),
        ]
        if name in {"title", "Earlier"} and isinstance(word, ast.Constant) and isinstance(word.value, str)
    }
    assert told
    assert sorted(told - set(english())) == []


def test_no_chinese_stands_in_a_template_outside_the_catalog() -> None:
    assert len(TEMPLATES) > 150
    assert {name(each): bare for each in TEMPLATES if (bare := outside(each) - set("基中文"))} == {}


def test_signs_between_words_come_from_the_catalog_too() -> None:
    assert {name(each): bare for each in TEMPLATES if (bare := signs_outside(each))} == {}


def signs_outside(template: Path) -> list[str]:
    """The full-width signs of a template that stand in no message, each with what is around it.

    A choice by `language()` has its own; so has the field in which people type a list.
    """
    text = _MESSAGE.sub("_(", _CHOSEN.sub("", template.read_text(encoding="utf-8")))
    return [text[max(found.start() - 30, 0) : found.end() + 20] for found in _SIGN.finditer(text)]


def outside(template: Path) -> set[str]:
    """The Chinese characters of a template that no message holds."""
    wrapped = "".join(messages(template))
    return {
        character
        for line in template.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("{#")
        for character in line
        if "\u4e00" <= character <= "\u9fff" and character not in wrapped
    }


def test_placeholders_survive_translation() -> None:
    for chinese, words in english().items():
        for mark in {part.split(")s")[0] for part in chinese.split("%(")[1:]}:
            assert re.search(rf"%\({mark}\)(s|0?[0-9]*d)", words), chinese


def test_the_pages_of_a_plugin_speak_its_own_english() -> None:
    said = {plugin: say("实施中", "en", plugin=plugin) for plugin in ("classification", "project_ledger")}
    assert said == {"classification": "Running", "project_ledger": "In progress"}
    assert say("类别", "en", plugin="project_ledger") == "Kind"
    assert say("类别", "en", plugin="points") == say("类别", "en") == "Class"


def test_a_message_is_said_in_the_language_asked_for() -> None:
    assert say("登录", "zh") == "登录"
    assert say("登录", "en") == "Sign in"
    assert say("共 %(n)s 个", "zh", {"n": 3}) == "共 3 个"
    assert say("没有翻译的话", "en") == "没有翻译的话"
