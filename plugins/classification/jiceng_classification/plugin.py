"""The plugin: offers the classification of organizations."""

from __future__ import annotations

from pathlib import Path

from jiceng_sdk.hooks import hookimpl
from jiceng_sdk.rulebook import Scheme, read_scheme

SCHEME = Path(__file__).with_name("scheme.toml")


@hookimpl
def jiceng_schemes() -> tuple[Scheme, ...]:
    """Offer the one scheme of this package."""
    return (read_scheme(SCHEME),)
