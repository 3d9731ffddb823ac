"""Phase 4, over subjects: area values as ranges while questions are open, and whether their aims are met."""

from jiceng_sdk.engine.area.values import areas

__all__ = ["areas"]
