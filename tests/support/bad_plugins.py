"""Plugins that misbehave, as distributions on a folder: each at import, or when its hook is called."""

from pathlib import Path

_DOES = {
    "raises": "raise ValueError('坏了')",
    "hangs": "import time; time.sleep(3600)",
    "spins": "while True: pass",
    "eats_memory": "eaten = []\nwhile True: eaten.append(bytearray(2**24))",
    "changes_others": (
        "import jiceng_sdk.rulebook.schemes as schemes, jiceng_points.plugin as points, pathlib\n"
        "points.SCHEME = pathlib.Path('/nowhere')\n"
        "schemes.read_scheme = None\n"
        "import jiceng_sdk.rulebook as rulebook\n"
        "rulebook.read_scheme = None"
    ),
    "returns_rubbish": "answer = [{'not': 'a scheme'}]",
    "exits": "import os; os._exit(7)",
    "spawns": (
        "import os, subprocess, time\n"
        "subprocess.Popen(['/bin/sleep', '3601'], start_new_session=True)\n"
        "if os.fork() == 0: os.setsid(); time.sleep(3601)"
    ),
}
MISBEHAVIOURS = tuple(_DOES)


def install(folder: Path, name: str, body: str) -> None:
    """Write a distribution `jiceng-NAME` with one module, as pip would leave it on the path."""
    (folder / f"{name}_plugin.py").write_text(body, encoding="utf-8")
    card = folder / f"jiceng_{name}-1.0.dist-info"
    card.mkdir()
    (card / "METADATA").write_text(f"Metadata-Version: 2.1\nName: jiceng-{name}\nVersion: 1.0\n")
    (card / "entry_points.txt").write_text(f"[jiceng.plugins]\n{name} = {name}_plugin\n")


def hook(body: str) -> str:
    """A module whose hook does `body` and returns `answer`, which is None unless `body` sets it."""
    inner = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "from jiceng_sdk.hooks import hookimpl\n\n@hookimpl\ndef jiceng_schemes():\n"
        f"    answer = None\n{inner}\n    return answer\n"
    )


def install_bad(folder: Path, when: str) -> None:
    """Install all eight, misbehaving at `import` or at the `hook`."""
    for name, does in _DOES.items():
        body = hook(does) if when == "hook" else f"{does}\n{hook('pass')}"
        install(folder, name, body)
