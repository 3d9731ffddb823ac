"""Logs: one line per event, JSON in production; no text of exceptions, no values of other people's loggers.

What our own code logs names ids, counts and types only. What libraries say is cut down to their constant
words, because their arguments may hold what a person typed (arq logs arguments, asyncio whole exceptions).
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

import msgspec
import structlog

if TYPE_CHECKING:
    from structlog.typing import Processor

OURS = (
    "jiceng",
    "jiceng_sdk",
    "jiceng_classification",
    "jiceng_double_strong_six_good",
    "jiceng_points",
    "jiceng_project_ledger",
    "jiceng_star_rating",
    "__main__",
)
"""Packages that log no values, so that what they say is kept."""
CONSTANT_WORDS = ("uvicorn", "arq", "asyncpg", "litestar")
"""Libraries whose messages without their arguments are constants."""
DEEPEST = 12
LONGEST = 2000
_FORGING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTEXT = frozenset({"event", "level", "timestamp", "logger", "process"})
Entry = MutableMapping[str, Any]


def configure_logs(*, production: bool, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream` (standard error), one line each."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[without_values, _as_json if production else _as_words],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)


def without_values(_: Any, __: str, entry: Entry) -> Entry:  # noqa: ANN401 - structlog's logger
    """Drop what may hold data: arguments and texts of libraries, the messages of exceptions."""
    record: logging.LogRecord | None = entry.pop("_record", None)
    entry.pop("_from_structlog", None)
    arguments = entry.pop("positional_args", None)
    if record is None:
        return entry
    entry["process"] = record.process
    told = entry.pop("exc_info", None) or record.exc_info
    if told is True:
        told = sys.exc_info()
    if isinstance(told, tuple) and told[0] is not None:
        entry.update(error=told[0].__qualname__, at=frames_of(told[2]))
    if record.name.split(".", 1)[0] in OURS:
        entry["event"] = str(entry["event"]) % arguments if arguments else entry["event"]
    elif record.name.split(".", 1)[0] in CONSTANT_WORDS:
        entry["event"] = str(record.msg).strip()
    else:
        entry["event"] = "(the words of this library are left out)"
    return entry


def frames_of(trace: TracebackType | None) -> list[str]:
    """Where it happened, innermost last; files and lines, never values."""
    return [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)][-DEEPEST:]


def on_one_line(text: str) -> str:
    """`text` with whatever could begin a new line, hide or reorder words written as an escape."""
    return _FORGING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _as_json(_: Any, __: str, entry: Entry) -> str:  # noqa: ANN401 - structlog's logger
    named = {"time": entry.pop("timestamp"), "level": entry.pop("level"), "event": entry.pop("event")}
    return on_one_line(msgspec.json.encode({**named, **entry}, enc_hook=str).decode())


def _as_words(_: Any, __: str, entry: Entry) -> str:  # noqa: ANN401 - structlog's logger
    rest = {name: value for name, value in entry.items() if name not in _CONTEXT}
    details = " ".join(f"{name}={_said(value)}" for name, value in rest.items())
    head = f"{entry['timestamp']} {os.getpid()} {entry['level']}"
    return on_one_line(f"{head} {str(entry['event'])[:LONGEST]} {details}".rstrip())


def _said(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
