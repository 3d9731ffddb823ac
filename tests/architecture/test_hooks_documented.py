"""Every hook is documented with its exact signature, says what None means, and a shipped plugin uses it."""

import inspect
import re
from importlib import metadata
from pathlib import Path
from types import FunctionType

from jiceng.api import hooks as workflow_hooks
from jiceng_sdk import hooks

PAGE = (Path(__file__).parents[2] / "docs" / "hooks.md").read_text()


def specified() -> dict[str, FunctionType]:
    return {
        name: function
        for module in (hooks, workflow_hooks)
        for name, function in vars(module).items()
        if isinstance(function, FunctionType) and hasattr(function, f"{hooks.PROJECT}_spec")
    }


def test_the_page_lists_exactly_the_hooks_there_are_with_their_signatures() -> None:
    headings = re.findall(r"^## `(.+)`$", PAGE, re.MULTILINE)
    assert headings == [
        f"{name}{inspect.signature(function)}".replace("'", "") for name, function in specified().items()
    ]


def test_every_hook_says_when_it_is_called_and_what_none_means() -> None:
    silent = [
        name
        for name, function in specified().items()
        if not {"Called by", "None means"} <= set(re.findall("Called by|None means", function.__doc__ or ""))
    ]
    assert silent == []


def test_every_hook_is_used_by_a_shipped_plugin() -> None:
    answered = {
        name
        for group in (hooks.ENTRY_POINTS, workflow_hooks.WORKFLOWS)
        for point in metadata.entry_points(group=group)
        for name, function in vars(point.load()).items()
        if hasattr(function, f"{hooks.PROJECT}_impl")
    }
    assert answered == set(specified())
