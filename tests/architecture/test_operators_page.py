"""docs/operators.md names every setting the service reads, every check of /ready and every metric."""

import re
from pathlib import Path

from jiceng.kernel.settings import Settings, read_settings
from jiceng.kernel.watching.metrics import REGISTRY

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operators.md").read_text("utf-8")
TABLE = dict(re.findall(r"^\| `(JICENG_[A-Z_]+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
BETWEEN_PROCESSES = {"JICENG_PARENT", "JICENG_WORKER_ID"}
"""Set by a process for its own children."""


def test_every_variable_that_is_read_stands_in_the_table_and_no_other() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "platform" / "jiceng").rglob("*.py")]
    read = {name for source in sources for name in re.findall(r"\"(JICENG_[A-Z_]*[A-Z])\"", source)}
    assert set(TABLE) == read - BETWEEN_PROCESSES


def test_the_defaults_are_those_of_the_code() -> None:
    defaults = {name: words.strip().strip("`") for name, words in TABLE.items()}
    plain = read_settings({})
    assert defaults["JICENG_MODE"] == plain.mode
    assert (defaults["JICENG_HOST"], defaults["JICENG_PORT"]) == (plain.host, str(plain.port))
    assert defaults["JICENG_DATA"] == plain.data_dir.name
    assert defaults["JICENG_API_PER_MINUTE"] == str(plain.api_per_minute)
    assert defaults["JICENG_SIGN_INS_PER_MINUTE"] == str(plain.sign_ins_per_minute)
    nothing = [name for name, words in defaults.items() if words == "none"]
    assert all(getattr(Settings(), field, "") in {"", (), False} for field in map(field_of, nothing))


def field_of(variable: str) -> str:
    return variable.removeprefix("JICENG_").lower()


def test_every_metric_of_ours_is_explained() -> None:
    ours = {metric.name for metric in REGISTRY.collect() if metric.name.startswith("jiceng_")}
    assert {name for name in ours if name not in PAGE} == set()


def test_every_check_of_readiness_is_explained() -> None:
    source = (ROOT / "platform/jiceng/kernel/watching/readiness.py").read_text("utf-8")
    names = set(re.findall(r"_within_patience\(\"(\w+)\"", source))
    assert names == set(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) & names
    assert len(names) == 5
