"""Looking for somebody by name: posted, and carried on in an address only in hidden words (control 39)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from jiceng.kernel.crypto.hidden import hide
from jiceng.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE, NAME = "page_", "name"
"""Fields of a form: which page looks, and for what. Its other fields go on as they are."""
_PAGES = re.compile(r"members|accounts|(runs/[0-9a-f-]{36}/results)|(campaigns/[0-9a-f-]{36})")
FILTERS = ("at", "category", "organization", "standing", "grade", "status", "validity", "town")
"""What the lists narrow by besides."""
_LONGEST = 80


async def address_of(form: Mapping[str, str]) -> str:
    """The address, below the tenant's, of the page that shows what was looked for.

    Raises:
        NotFound: no page looks for names there.
    """
    page = form.get(PAGE, "")
    if not _PAGES.fullmatch(page):
        raise NotFound("没有这个页面")
    asked = {name: value[:_LONGEST] for name, value in form.items() if name in FILTERS and value}
    if hidden := await hide(form.get(NAME, "")):
        asked[NAME] = hidden
    return f"{page}?{urlencode(asked)}" if asked else page
