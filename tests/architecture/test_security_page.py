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


def test_every_control_from_1_to_43_has_a_row_with_a_test() -> None:
    rows = re.findall(r"^\| ([0-9][0-9, –]*) \|.*`tests/", PAGE, re.MULTILINE)
    covered: set[int] = set()
    for cell in rows:
        for part in cell.split(","):
            first, _, last = part.strip().partition("–")
            covered |= set(range(int(first), int(last or first) + 1))
    assert set(range(1, 44)) - covered == set()
