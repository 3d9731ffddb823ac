"""The engine: a rulebook and facts in, exact and explained results out. Pure; no clock, no
database, no randomness.
"""

from jiceng_sdk.engine.behind import facts_behind
from jiceng_sdk.engine.evaluate import check_facts, evaluate
from jiceng_sdk.engine.lines import Line, lines
from jiceng_sdk.engine.outcome.kept import joined
from jiceng_sdk.engine.outcome.outcome import ENGINE_VERSION, Outcome
from jiceng_sdk.engine.outcome.packing import pack, unpack
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.whatif import Aggregates, NeedsFacts, aggregates, what_if, with_rulings

__all__ = [
    "ENGINE_VERSION",
    "Aggregates",
    "Line",
    "NeedsFacts",
    "Outcome",
    "Period",
    "aggregates",
    "check_facts",
    "evaluate",
    "facts_behind",
    "joined",
    "lines",
    "pack",
    "unpack",
    "what_if",
    "with_rulings",
]
