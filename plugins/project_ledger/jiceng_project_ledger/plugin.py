"""The plugin as the limited child asks it: its schemes."""

from __future__ import annotations

from pathlib import Path

from jiceng_sdk.hooks import hookimpl
from jiceng_sdk.rulebook import Scheme, read_scheme

SCHEME = Path(__file__).with_name("scheme.toml")
KEY_PROJECTS = SCHEME.with_name("key_projects.toml")


@hookimpl
def jiceng_schemes() -> tuple[Scheme, ...]:
    """Offer both: the year's assessment of projects, and that of leaders' key projects for who asks."""
    return (read_scheme(SCHEME), read_scheme(KEY_PROJECTS))
