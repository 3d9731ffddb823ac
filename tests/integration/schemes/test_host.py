"""The plugin host: each plugin answers for itself, and what a tenant relies on must be there."""

import os
from importlib import metadata
from pathlib import Path

import psutil
import pytest
from tests.support.bad_plugins import MISBEHAVIOURS, hook, install, install_bad

from jiceng.kernel.children import Limits
from jiceng.schemes import host
from jiceng.schemes.host import Installed
from jiceng_points.plugin import jiceng_schemes

LIMITS = Limits(megabytes=300, cpu_seconds=1, seconds=60, answer_megabytes=8)
IMPATIENT = Limits(seconds=1)
SAID = {
    "raises": "ValueError: 坏了",
    "hangs": "超过时间仍未应答（1 s）",
    "spins": "进程意外结束（SIGKILL）",
    "eats_memory": "MemoryError",
    "returns_rubbish": "TypeError: a scheme was expected, not dict",
    "exits": "进程意外结束（exit 7）",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed distributions, first on the path."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def found(*names: str, limits: Limits = LIMITS) -> dict[str, Installed]:
    """What the host makes of the plugins installed now (all of them, or those named)."""
    points = metadata.entry_points(group="jiceng.plugins")
    return host.load((point for point in points if not names or point.name in names), limits)


@pytest.mark.parametrize("when", ["hook", "import"])
def test_eight_bad_plugins_change_nothing_for_the_others(folder: Path, when: str) -> None:
    install_bad(folder, when)
    memory = psutil.Process().memory_info().rss
    present = found(*{*MISBEHAVIOURS, "points"} - {"hangs"}) | found("hangs", limits=IMPATIENT)
    assert set(present) >= {*MISBEHAVIOURS, "points"}
    assert present["points"] == Installed("points", "jiceng-points", "0.1.0", tuple(jiceng_schemes()))
    assert psutil.Process().memory_info().rss - memory < 50 * 2**20
    for name, words in SAID.items():
        if (when, name) != ("import", "returns_rubbish"):
            assert present[name].broken.startswith(words), name
    assert not any(present[name].schemes for name in MISBEHAVIOURS)
    left = [child.cmdline() for child in psutil.Process().children(recursive=True)]
    assert not any("3601" in command or "jiceng.kernel.children.nursery" in command for command in left)
    sleepers = [p for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [])[-1:] == ["3601"]]
    assert sleepers == []


def test_a_plugin_sees_no_secret_of_the_platform(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_DATABASE_URL", "postgresql://secret")
    install(
        folder,
        "nosy",
        hook("import os; raise KeyError(sorted(os.environ))"),
    )
    assert found("nosy")["nosy"].broken.startswith("KeyError: []")
    assert "JICENG_DATABASE_URL" in os.environ


def test_the_shipped_plugin_is_found_like_any_other() -> None:
    points = host.installed()["points"]
    assert (points.package, points.version, points.broken) == ("jiceng-points", "0.1.0", "")
    assert [scheme.card.title for scheme in points.schemes] == ["党员积分管理", "组织积分管理"]


def test_a_plugin_that_cannot_be_imported_is_kept_with_the_reason(folder: Path) -> None:
    install(folder, "gone", "import no_such_module_here")
    assert found("gone")["gone"].broken == "ModuleNotFoundError: No module named 'no_such_module_here'"


def test_a_plugin_may_answer_with_nothing(folder: Path) -> None:
    install(folder, "quiet", hook("pass"))
    assert found("quiet")["quiet"] == Installed("quiet", "jiceng-quiet", "1.0")


def test_a_hook_nobody_specified_is_a_fault_of_the_plugin(folder: Path) -> None:
    install(folder, "strange", hook("pass").replace("jiceng_schemes", "jiceng_wonder"))
    assert "jiceng_wonder" in found("strange")["strange"].broken


def test_a_scheme_tampered_with_is_examined_again(folder: Path) -> None:
    body = (
        "import msgspec\nfrom jiceng_points.plugin import SCHEME\n"
        "from jiceng_sdk.rulebook import read_scheme\n"
        "scheme = read_scheme(SCHEME)\n"
        "raw = dict(scheme.raw, items={})\n"
        "answer = [msgspec.structs.replace(scheme, raw=raw)]"
    )
    install(folder, "liar", hook(body))
    liar = found("liar")["liar"]
    assert liar.schemes == ()
    assert liar.broken != ""


def test_a_tenant_that_relies_on_a_plugin_not_installed_stops_the_start_with_both_names() -> None:
    present = {"bad": Installed("bad", "jiceng-bad", "1.0", broken="ValueError: 坏了")}
    with pytest.raises(host.PluginMissing) as stopped:
        host.check_plugins({"donghu": ["star_rating"], "xishan": ["bad"]}, present)
    assert stopped.value.where == (
        "租户 donghu：插件 star_rating 未安装（包名 jiceng-star-rating）；"
        "租户 xishan：插件 bad 不能加载（包 jiceng-bad）：ValueError: 坏了"
    )


def test_tenants_whose_plugins_are_all_there_start() -> None:
    host.check_plugins({"donghu": ["points"], "xishan": []})


def test_a_scheme_is_offered_with_its_plugin_and_unknown_ones_are_not() -> None:
    offered = host.offer("points")
    assert offered is not None
    assert (offered.plugin, offered.version) == ("points", "0.1.0")
    assert host.offer("nothing_like_it") is None
