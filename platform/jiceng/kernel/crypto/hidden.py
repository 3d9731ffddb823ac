"""Words that stand in an address without being readable there: a name looked for, on a page that turns.

Sealed with the tenant's data key and bound to the tenant; browser history, proxies and logs keep ciphertext.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.ciphers.suites import Undecipherable
from jiceng.kernel.crypto.keyring import keyring

LONGEST = 60
_PLACE = Column("address", "words")
"""No column: what the ciphertext is bound to."""


async def hide(words: str) -> str:
    """The words as they may stand in an address; "" stays ""."""
    kept = words.strip()[:LONGEST]
    sealed = (await keyring()).seal(_PLACE, 0, kept) if kept else None
    return urlsafe_b64encode(sealed.encode()).decode().rstrip("=") if sealed else ""


async def shown(hidden: str) -> str:
    """The words that `hide` hid in this tenant; "" for whatever it did not."""
    if not hidden:
        return ""
    try:
        sealed = urlsafe_b64decode(hidden + "=" * (-len(hidden) % 4)).decode()
        words = (await keyring()).open(_PLACE, 0, sealed)
    except (Error, ValueError, Undecipherable):
        return ""
    return "" if words == sealed else words or ""
