"""Phase 3: decisions, in the order written, over every world of every subject."""

from jiceng_sdk.engine.decide.run import decided
from jiceng_sdk.engine.decide.state import State

__all__ = ["State", "decided"]
