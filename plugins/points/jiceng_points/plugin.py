"""The plugin: offers the year-end evaluation of members, and of organizations, by points."""

from __future__ import annotations

from pathlib import Path

from jiceng_sdk.hooks import hookimpl
from jiceng_sdk.rulebook import Scheme, read_scheme

SCHEME = Path(__file__).with_name("scheme.toml")
ORGANIZATIONS = SCHEME.with_name("organizations.toml")


@hookimpl
def jiceng_schemes() -> tuple[Scheme, ...]:
    """Offer both: members' points, and organizations' for whoever asks for them."""
    return (read_scheme(SCHEME), read_scheme(ORGANIZATIONS))
