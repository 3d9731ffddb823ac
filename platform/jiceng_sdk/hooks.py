"""The hooks a scheme plugin may answer. Few, typed, and none without a shipped plugin that uses it.

A plugin is a distribution with an entry point in the group `jiceng.plugins`; the module it names marks its
answers with `hookimpl`. The platform calls every plugin separately: what one raises never stops another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng_sdk.rulebook import Scheme

ENTRY_POINTS = "jiceng.plugins"
PROJECT = "jiceng"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def jiceng_schemes() -> Sequence[Scheme] | None:
    """Offer schemes: card, rulebook and presets, as `jiceng_sdk.rulebook.read_scheme` reads them.

    Called by the plugin host once per process when plugins are loaded, before any tenant is known; a tenant
    sees the schemes only while the plugin is on for it. None means: this plugin offers no scheme. What it
    raises marks the plugin as broken, with the reason, and leaves the others alone.
    """
