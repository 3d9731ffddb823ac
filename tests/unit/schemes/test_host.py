"""The plugin host: each plugin answers for itself, and what a tenant relies on must be there."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from jiceng.schemes import host
from jiceng_points import plugin as points
from jiceng_sdk.hooks import hookimpl


def entry(name: str, module: ModuleType) -> EntryPoint:
    sys.modules[module.__name__] = module
    return EntryPoint(name=name, value=module.__name__, group="jiceng.plugins")


def answering(name: str, answer: object) -> EntryPoint:
    module = ModuleType(f"plugin_for_test_{name}")

    @hookimpl
    def jiceng_schemes() -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    module.jiceng_schemes = jiceng_schemes  # type: ignore[attr-defined]
    return entry(name, module)


def test_the_shipped_plugin_is_found_like_any_other() -> None:
    found = host.installed()["points"]
    assert (found.package, found.version, found.broken) == ("jiceng-points", "0.1.0", "")
    assert [scheme.card.title for scheme in found.schemes] == ["党员积分管理"]


def test_one_plugin_that_raises_does_not_stop_another() -> None:
    points_again = EntryPoint("points", points.__name__, "jiceng.plugins")
    found = host.load([answering("bad", ValueError("坏了")), points_again])
    assert found["bad"].broken == "ValueError: 坏了"
    assert [scheme.card.id for scheme in found["points"].schemes] == ["points"]


def test_a_plugin_that_cannot_be_imported_is_kept_with_the_reason() -> None:
    found = host.load([EntryPoint("gone", "no_such_module_here", "jiceng.plugins")])
    assert found["gone"].broken == "ModuleNotFoundError: No module named 'no_such_module_here'"


def test_a_plugin_may_answer_with_nothing() -> None:
    assert host.load([answering("quiet", None)])["quiet"].schemes == ()


def test_a_hook_nobody_specified_is_a_fault_of_the_plugin() -> None:
    module = ModuleType("plugin_for_test_strange")
    module.jiceng_wonder = hookimpl(lambda: None)  # type: ignore[attr-defined]
    assert "jiceng_wonder" in host.load([entry("strange", module)])["strange"].broken


def test_a_tenant_that_relies_on_a_plugin_not_installed_stops_the_start_with_both_names() -> None:
    present = host.load([answering("bad", ValueError("坏了"))])
    with pytest.raises(host.PluginMissing) as stopped:
        host.check_plugins({"donghu": ["star_rating"], "xishan": ["bad"]}, present)
    assert stopped.value.where == (
        "租户 donghu：插件 star_rating 未安装（包名 jiceng-star-rating）；"
        "租户 xishan：插件 bad 不能加载（包 plugin_for_test_bad）：ValueError: 坏了"
    )


def test_tenants_whose_plugins_are_all_there_start() -> None:
    host.check_plugins({"donghu": ["points"], "xishan": []})


def test_a_scheme_is_offered_with_its_plugin_and_unknown_ones_are_not() -> None:
    offered = host.offer("points")
    assert offered is not None
    assert (offered.plugin, offered.version) == ("points", "0.1.0")
    assert host.offer("nothing_like_it") is None
