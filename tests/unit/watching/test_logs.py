"""A log line is one line, says when, what and where, and holds nothing of what people typed."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from jiceng.kernel.watching.logs import OURS, configure_logs

PLUGINS = Path(__file__).parents[3] / "plugins"
CANARY = "林若溪 110101199003078888"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root, usual = logging.getLogger(), structlog.get_config()
    before = (list(root.handlers), root.level, {name: logging.getLogger(name).level for name in OURS})
    stream = io.StringIO()
    configure_logs(production=True, stream=stream)
    yield stream
    root.handlers[:], level = before[0], before[1]
    root.setLevel(level)
    for name, old in before[2].items():
        logging.getLogger(name).setLevel(old)
    structlog.configure(**usual)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_event_and_what_was_said(written: io.StringIO) -> None:
    structlog.get_logger("jiceng.requests").info(
        "request", tenant=7, route="/t/{tenant}/runs", status=200, ms=3
    )
    (line,) = lines(written)
    assert line.pop("time").endswith("Z")
    assert isinstance(line.pop("process"), int)
    assert line == {
        "level": "info",
        "event": "request",
        "logger": "jiceng.requests",
        "tenant": 7,
        "route": "/t/{tenant}/runs",
        "status": 200,
        "ms": 3,
    }


@pytest.mark.parametrize("mark", ["\n", "\r", "\x0b", "\x85", "\u2028", "\u2029", "\x1b[2K", "\u202e"])
def test_no_character_begins_another_line_or_hides_one(written: io.StringIO, mark: str) -> None:
    forged = f'harmless{mark}{{"level":"info","event":"signed in"}}'
    structlog.get_logger("jiceng.x").warning(forged, value=forged)
    logging.getLogger("jiceng.y").warning("%s", forged)
    text = written.getvalue()
    assert text.count("\n") == 2
    assert len(text.splitlines()) == 2
    assert mark not in text.replace("\n", "") or mark == "\n"
    assert lines(written)[0]["value"] == forged


def test_our_own_words_carry_their_arguments(written: io.StringIO) -> None:
    logging.getLogger("jiceng.kernel.jobs").warning("the bell did not ring (%s)", "ConnectionError")
    logging.getLogger("__main__").error("100% sure")
    assert [line["event"] for line in lines(written)] == [
        "the bell did not ring (ConnectionError)",
        "100% sure",
    ]


def test_an_exception_is_told_by_its_kind_and_place_never_by_its_words(written: io.StringIO) -> None:
    try:
        int(CANARY)
    except ValueError:
        structlog.get_logger("jiceng.x").exception("broke")
        logging.getLogger("jiceng.y").exception("broke too")
    assert CANARY not in written.getvalue()
    for line in lines(written):
        assert line["error"] == "ValueError"
        assert "test_logs.py:" in line["at"][-1]


def test_libraries_keep_their_constant_words_and_lose_their_arguments(written: io.StringIO) -> None:
    logging.getLogger("arq.worker").warning("job %s with %r", "7", (CANARY,))
    logging.getLogger("somebody.else").error(f"could not read {CANARY}")  # noqa: G004 - as libraries do
    logging.getLogger("litestar").error("Exception in ASGI application\n")
    assert CANARY not in written.getvalue()
    assert [line["event"] for line in lines(written)] == [
        "job %s with %r",
        "(the words of this library are left out)",
        "Exception in ASGI application",
    ]


def test_a_task_that_nobody_awaits_does_not_tell_its_exception(written: io.StringIO) -> None:
    async def forgotten() -> None:
        raise RuntimeError(CANARY)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": CANARY, "exception": RuntimeError(CANARY)})
        await asyncio.gather(forgotten(), return_exceptions=True)

    asyncio.run(main())
    assert CANARY not in written.getvalue()
    assert [(line["logger"], line["error"]) for line in lines(written)] == [("asyncio", "RuntimeError")]


def test_for_people_a_line_is_words_and_pairs() -> None:
    root, usual = logging.getLogger(), structlog.get_config()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    try:
        configure_logs(production=False, stream=stream)
        structlog.get_logger("jiceng.x").info("roster imported", version=3)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.configure(**usual)
    assert stream.getvalue().rstrip("\n").endswith("info roster imported version=3")


def test_what_our_plugins_say_is_written_in_words(written: io.StringIO) -> None:
    packages = sorted(path.parent.name for path in PLUGINS.glob("*/*/__init__.py"))
    assert "jiceng_project_ledger" in packages
    for package in packages:
        logging.getLogger(f"{package}.jobs").info("facts of %s were not handed in", 2025)
    said = [(line["logger"], line["event"]) for line in lines(written)]
    assert said == [(f"{package}.jobs", "facts of 2025 were not handed in") for package in packages]
