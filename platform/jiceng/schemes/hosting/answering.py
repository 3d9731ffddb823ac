"""The child's side: import one plugin, ask its hook, answer with data. Imports nothing of the platform."""

from importlib.metadata import EntryPoint

import msgspec
import pluggy

from jiceng_sdk import hooks
from jiceng_sdk.rulebook.carried import pack_schemes


class Question(msgspec.Struct, frozen=True):
    """A plugin's entry point."""

    name: str
    value: str


class Told(msgspec.Struct, frozen=True):
    """The packed schemes, or the exception that came instead, in words."""

    schemes: bytes = b""
    fault: str = ""


def answer(payload: bytes) -> bytes:
    """Ask the plugin of a packed `Question` for its schemes; return a packed `Told`."""
    question = msgspec.msgpack.decode(payload, type=Question)
    try:
        told = Told(_schemes(question))
    except Exception as fault:  # noqa: BLE001 - whatever a plugin raises is the answer
        told = Told(fault=f"{type(fault).__name__}: {fault}")
    return msgspec.msgpack.encode(told)


def _schemes(question: Question) -> bytes:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    point = EntryPoint(question.name, question.value, hooks.ENTRY_POINTS)
    manager.register(point.load(), name=question.name)
    manager.check_pending()
    return pack_schemes(scheme for each in manager.hook.jiceng_schemes() for scheme in each)
