"""Whatever a shipped plugin refuses or finds wrong is told in English too."""

from pathlib import Path

import pytest
from tests.support.sentences import places, sentences

from jiceng.console.frame.wording import in_english

PLUGINS = Path(__file__).parents[3] / "plugins"
MODULES = sorted(path for path in PLUGINS.glob("*/jiceng_*/**/*.py") if sentences(path))


def test_there_are_sentences_to_look_at() -> None:
    assert sum(len(sentences(path)) for path in MODULES) > 400


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PLUGINS)))
def test_every_sentence_has_its_english(module: Path) -> None:
    assert sorted(text for text in sentences(module) if not in_english(text, "")) == []


@pytest.mark.parametrize("module", [path for path in MODULES if places(path)], ids=lambda path: path.stem)
def test_every_place_has_its_english(module: Path) -> None:
    assert sorted(place for place in places(module) if not in_english(place, "")) == []
