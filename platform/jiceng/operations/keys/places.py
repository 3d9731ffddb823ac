"""Every encrypted column of the core, and what is done with all of them in one tenant."""

from __future__ import annotations

from jiceng.facts.campaigns.tables import COMMENT, PROOF
from jiceng.facts.tables import NOTE
from jiceng.kernel.crypto.columns import rewrap
from jiceng.kernel.crypto.converting import convert, waiting
from jiceng.publication.tables import ANSWERED, SAID
from jiceng.roster.sealing import PLACES as ROSTER
from jiceng.roster.sealing import canonical

WORDS = (NOTE, PROOF, COMMENT, SAID, ANSWERED)
"""Texts about persons."""


async def convert_all() -> int:
    """Move the current tenant's values to the current key and suite; returns how many were moved."""
    return await convert(ROSTER, canonical) + await convert(WORDS)


async def left_over() -> int:
    """How many values of the current tenant are still of an older key or suite."""
    return await waiting((*ROSTER, *WORDS))


async def tend_keys() -> int:
    """The nightly care: data keys under the current wrapping key, values under the current data key."""
    await rewrap()
    return await convert_all()
