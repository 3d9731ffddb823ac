"""On a telephone the lists are cards that need no sideways scrolling; on a wide screen they are tables."""

from pathlib import Path

import pytest
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.test_a_clerks_day import enter
from tests.support.site import Site

pytestmark = pytest.mark.browser
LISTS = ("members", "organizations")
PARTS = ("thead", "tbody")
_FITS = "it => it.scrollWidth <= it.parentElement.clientWidth"
_LEFT = "it => it.getBoundingClientRect().left"
_TITLE = "it => getComputedStyle(it, '::before').content"


def test_every_card_says_what_its_cells_are_and_nothing_leaves_the_screen(
    site: Site, watched: Watched, shots: Path | None
) -> None:
    enter(watched, site)
    page = watched.page
    for language, title in (("zh", "编号"), ("en", "Reference")):
        page.context.add_cookies([{"name": "jiceng-language", "value": language, "url": site.address}])
        for place in LISTS:
            page.set_viewport_size({"width": NARROW, "height": 844})
            page.goto(site.at(place))
            table = page.locator("table.stacked").first
            assert table.locator("tbody tr").count() > 1
            assert table.evaluate(_FITS)
            assert table.locator("tbody td.addr").first.evaluate(_TITLE) == f'"{title}"'
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
            if shots is not None:
                page.screenshot(path=shots / f"cards-{place}-{language}.png")
            page.set_viewport_size({"width": WIDE, "height": 768})
            assert table.locator("thead").is_visible()
            head, cell = (
                table.locator(f"{part} tr >> nth=0 >> th,td >> nth=1") for part in ("thead", "tbody")
            )
            assert head.evaluate(_LEFT) == cell.evaluate(_LEFT)
