"""The engine: a rulebook and facts in, exact and explained results out. Pure; no clock, no
database, no randomness.
"""

from jiceng_sdk.engine.evaluate import check_facts, evaluate
from jiceng_sdk.engine.lines import Line, lines
from jiceng_sdk.engine.outcome import ENGINE_VERSION, Outcome
from jiceng_sdk.engine.packing import pack, unpack
from jiceng_sdk.engine.period import Period

__all__ = [
    "ENGINE_VERSION",
    "Line",
    "Outcome",
    "Period",
    "check_facts",
    "evaluate",
    "lines",
    "pack",
    "unpack",
]
