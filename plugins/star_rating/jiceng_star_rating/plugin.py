"""The plugin: offers the stars of organizations, and the stars of members for whoever asks for them."""

from __future__ import annotations

from pathlib import Path

from jiceng_sdk.hooks import hookimpl
from jiceng_sdk.rulebook import Scheme, read_scheme

HERE = Path(__file__).parent


@hookimpl
def jiceng_schemes() -> tuple[Scheme, ...]:
    """Offer both schemes; no tenant has either before it adopts it."""
    return (read_scheme(HERE / "scheme.toml"), read_scheme(HERE / "member_star.toml"))
