"""On a telephone the lists are cards that need no sideways scrolling; on a wide screen they are tables."""

from pathlib import Path

import pytest
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.test_a_clerks_day import enter
from tests.support.site import Site

pytestmark = pytest.mark.browser
LISTS = {
    "members": {"zh": "编号", "en": "Reference"},
    "organizations": {"zh": "编号", "en": "Reference"},
    "schemes/points": {"zh": "条款", "en": "Clause"},
}
"""Lists, and a table of things with names; each with the title of a column beside the name."""
PARTS = ("thead", "tbody")
_FITS = "it => it.scrollWidth <= it.parentElement.clientWidth"
_LEFT = "it => it.getBoundingClientRect().left"
_TITLE = "it => getComputedStyle(it, '::before').content"


def test_every_card_says_what_its_cells_are_and_nothing_leaves_the_screen(
    site: Site, watched: Watched, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    for language in ("zh", "en"):
        page.context.add_cookies([{"name": "jiceng-language", "value": language, "url": site.address}])
        for place, titles in LISTS.items():
            page.set_viewport_size({"width": NARROW, "height": 844})
            page.goto(site.at(place))
            table = page.locator("table.stacked").first
            assert table.locator("tbody tr").count() > 1
            assert table.evaluate(_FITS)
            title = titles[language]
            cell = table.locator(f'tbody td[data-title="{title}"]').first
            assert cell.evaluate(_TITLE) == f'"{title}"'
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
            if shots is not None:
                page.screenshot(path=shots / f"cards-{place.replace('/', '-')}-{language}.png")
            page.set_viewport_size({"width": WIDE, "height": 768})
            assert table.locator("thead").is_visible()
            head, beside = (
                table.locator(f"{part} tr >> nth=0 >> th,td >> nth=1") for part in ("thead", "tbody")
            )
            assert head.evaluate(_LEFT) == beside.evaluate(_LEFT)
