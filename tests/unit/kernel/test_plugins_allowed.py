"""Production loads the plugins of a signed list and no others (threat T62)."""

import io
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from rich.console import Console

from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins import Judged, judge
from jiceng.kernel.plugins.contents import contents_digest
from jiceng.kernel.plugins.listing import Listed, new_key, read_key, read_list, signed_list, signer_of
from jiceng.operations.allowing.commands import list_command, sign_command

POINTS = "[jiceng.plugins]\n{0} = {0}.plugin\n\n[jiceng.workflows]\n{0} = {0}.workflow\n\n[x]\ny = z\n"


def install(folder: Path, name: str, code: str = "MARK = 1\n", version: str = "1.0") -> None:
    """A distribution as pip leaves it: the package, its .dist-info with RECORD, a compiled file."""
    info, package = f"jiceng_{name}-{version}.dist-info", folder / name
    (folder / info).mkdir(parents=True)
    (package / "__pycache__").mkdir(parents=True)
    files = {
        f"{name}/plugin.py": code,
        f"{name}/__pycache__/plugin.cpython-311.pyc": "compiled",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: jiceng-{name}\nVersion: {version}\n",
        f"{info}/entry_points.txt": POINTS.format(name),
        f"{info}/INSTALLER": "pip\n",
    }
    for path, content in files.items():
        (folder / path).write_text(content)
    (folder / info / "RECORD").write_text("".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"]))


class Site:
    """A site-packages with two plugins, and a list of both."""

    def __init__(self, folder: Path) -> None:
        self.packages, self.list, self.key = folder / "site", folder / "plugins.json", folder / "operator.key"
        install(self.packages, "good")
        install(self.packages, "other")
        private = new_key(self.key)
        rows = [Listed(one.name, one.version, contents_digest(one)) for one in self.installed()]
        self.list.write_bytes(signed_list(rows, private))
        self.environment = {
            "JICENG_MODE": "production",
            "JICENG_PLUGINS": str(self.list),
            "JICENG_PLUGIN_SIGNER": signer_of(private),
        }

    def installed(self) -> list[metadata.Distribution]:
        """What lies there now."""
        return list(metadata.distributions(path=[str(self.packages)]))

    def judged(self, **environment: str) -> Judged:
        """What would be loaded."""
        return judge(self.installed(), {**self.environment, **environment})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def loaded(found: Judged) -> list[str]:
    """Groups and names of what is allowed."""
    return sorted(f"{point.group}:{point.name}" for point in found.allowed)


GOOD = ["jiceng.plugins:good", "jiceng.workflows:good"]
OTHER = ["jiceng.plugins:other", "jiceng.workflows:other"]


def test_what_is_listed_is_loaded_also_after_python_compiled_it_anew(site: Site) -> None:
    (site.packages / "good/__pycache__/plugin.cpython-311.pyc").write_text("compiled again")
    found = site.judged()
    assert loaded(found) == sorted(GOOD + OTHER)
    assert found.refused == ()


def test_one_that_is_not_listed_is_named_and_not_loaded(site: Site) -> None:
    install(site.packages, "stranger")
    found = site.judged()
    assert loaded(found) == sorted(GOOD + OTHER)
    assert [str(one) for one in found.refused] == ["jiceng-stranger 1.0：不在清单里（it is not listed）"]
    assert found.refused[0].plugins == ("stranger",)


@pytest.mark.parametrize("changed", ["good/plugin.py", "jiceng_good-1.0.dist-info/entry_points.txt"])
def test_one_whose_files_were_changed_is_not_loaded(site: Site, changed: str) -> None:
    with (site.packages / changed).open("a") as file:
        file.write("\n")
    found = site.judged()
    assert loaded(found) == OTHER
    assert [one.en for one in found.refused] == ["its files are not those that were listed"]


def test_one_that_lacks_a_file_or_lies_elsewhere_is_not_loaded(site: Site) -> None:
    (site.packages / "good/plugin.py").unlink()
    (site.packages / "jiceng_other-1.0.dist-info/direct_url.json").write_text(
        '{"dir_info": {"editable": true}, "url": "file:///x"}'
    )
    found = site.judged()
    assert loaded(found) == []
    assert [one.zh for one in found.refused] == [
        "缺少文件 good/plugin.py",
        "是可编辑安装，文件不在安装目录里",
    ]


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"JICENG_PLUGINS": ""}, "没有签名的插件清单"),
        ({"JICENG_PLUGIN_SIGNER": ""}, "没有签名的插件清单"),
        ({"JICENG_PLUGINS": "/nowhere/plugins.json"}, "插件清单打不开"),
        ({"JICENG_PLUGIN_SIGNER": "A" * 43 + "="}, "插件清单的签名不符"),
        ({"JICENG_PLUGIN_SIGNER": "not a key"}, "插件清单读不出来"),
    ],
)
def test_without_a_list_signed_by_the_operator_nothing_is_loaded(
    site: Site, environment: dict[str, str], why: str
) -> None:
    found = site.judged(**environment)
    assert loaded(found) == []
    assert {one.zh for one in found.refused} == {why}


def test_a_list_that_was_changed_after_signing_counts_for_nothing(site: Site) -> None:
    text, signer = site.list.read_bytes(), site.environment["JICENG_PLUGIN_SIGNER"]
    assert len(read_list(text, signer)) == 2
    for forged in (text.replace(b"1.0", b"1.1"), text.replace(b"jiceng-good", b"jiceng-evil"), b"{}", b"\0"):
        with pytest.raises(Refusal):
            read_list(forged, signer)


def test_in_development_everything_installed_is_loaded(site: Site) -> None:
    install(site.packages, "stranger")
    assert len(site.judged(JICENG_MODE="development", JICENG_PLUGINS="").allowed) == 6


def test_a_process_of_production_without_a_list_loads_no_tables_and_says_so() -> None:
    environment = {**os.environ, "JICENG_MODE": "production"}
    environment.pop("JICENG_PLUGINS", None)
    program = "import jiceng.piccolo_conf as c; print(c.PLUGIN_APPS, len(c.CORE_APPS))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "() 9\n"
    assert "plugin not loaded: jiceng-points" in done.stderr


def test_the_commands_refuse_editable_packages_and_tell_what_production_would_load(tmp_path: Path) -> None:
    said = Console(file=io.StringIO(), width=300)
    with pytest.raises(Refusal, match="可编辑安装"):
        sign_command(tmp_path / "list.json", tmp_path / "key", ["jiceng-points"], said)
    with pytest.raises(Refusal, match=r"没有安装这些插件.*jiceng-nothing"):
        sign_command(tmp_path / "list.json", tmp_path / "key", ["jiceng-nothing"], said)
    assert not (tmp_path / "key").exists()
    assert list_command(said, {}) == 1
    told = said.file.getvalue()  # type: ignore[attr-defined]
    assert "jiceng-points 0.1.0：没有签名的插件清单" in told
    assert told.count("这台机器是开发模式，装上的插件都会加载") == 1
    assert list_command(said, {"JICENG_MODE": "production"}) == 1
    assert said.file.getvalue().count("开发模式") == 1  # type: ignore[attr-defined]


def test_the_commands_make_key_and_list(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = site.installed()
    monkeypatch.setattr(metadata, "distributions", lambda: iter(there))
    said = Console(file=io.StringIO(), width=300)
    out, key = tmp_path / "new.json", tmp_path / "new.key"
    assert sign_command(out, key, ["jiceng-good"], said) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    told = said.file.getvalue()  # type: ignore[attr-defined]
    settings = dict(line.split("=", 1) for line in told.splitlines() if line.startswith("JICENG_"))
    assert settings["JICENG_PLUGIN_SIGNER"] == signer_of(read_key(key))
    assert list_command(said, settings) == 1
    assert loaded(judge(there, {**settings, "JICENG_MODE": "production"})) == GOOD
    assert sign_command(out, key, [], said) == 0, "the same key signs again"
    assert list_command(said, settings) == 0


def test_nothing_looks_for_plugins_past_the_list() -> None:
    platform = Path(__file__).parents[3] / "platform" / "jiceng"
    past = {
        str(path.relative_to(platform))
        for path in platform.rglob("*.py")
        if "metadata.entry_points" in (text := path.read_text()) or "importlib.metadata import entry" in text
    }
    assert past == set()
