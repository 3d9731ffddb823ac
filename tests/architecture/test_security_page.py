"""docs/security.md names real code and real tests."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()


def test_every_test_named_on_the_security_page_exists() -> None:
    named = re.findall(r"`(tests/[^`]+)`", PAGE)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_place_named_on_the_security_page_exists() -> None:
    named = re.findall(r"`((?:accounts|console|kernel)/[^`]+)`", PAGE)
    assert [path for path in named if not (ROOT / "platform" / "jiceng" / path).exists()] == []
