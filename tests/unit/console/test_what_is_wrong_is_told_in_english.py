"""Whatever is refused or wrong is told in English too: no sentence of the service lacks it."""

import re
from pathlib import Path

import pytest
from tests.support.sentences import places, sentences

from jiceng.console.frame.wording import in_english
from jiceng.facts.programs.english import in_english as of_facts

SERVICE = Path(__file__).parents[3] / "platform" / "jiceng"
AT_A_SHELL = re.compile(
    r"commands|kernel/(database|servers|settings|plugins|audit|ciphers|crypto|children|jobs|watching|documents)"
    r"|operations/(onboarding|backups|keys|supply|allowing|auditing|demo_data|service)|cli|demo|worker|app\.py"
    r"|accounts/managing/roles_page|api/|schemes/(wording|hosting|host)|tenancy/service"
)
"""Told at a command line, in both languages there, or put together into a rulebook's own words."""
MODULES = sorted(
    path for path in SERVICE.rglob("*.py") if not AT_A_SHELL.search(str(path.relative_to(SERVICE)))
)


def test_there_are_sentences_to_look_at() -> None:
    assert sum(len(sentences(path)) for path in MODULES) > 500


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SERVICE)))
def test_every_sentence_has_its_english(module: Path) -> None:
    silent = [text for text in sentences(module) if not (in_english(text, "") or of_facts(text).isascii())]
    assert sorted(silent) == []


@pytest.mark.parametrize("module", [path for path in MODULES if places(path)], ids=lambda path: path.stem)
def test_every_place_has_its_english(module: Path) -> None:
    assert sorted(place for place in places(module) if not in_english(place, "")) == []
