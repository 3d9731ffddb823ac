"""Explanation: a fold over stored node values into plain lines whose points add up to the score exactly."""

from jiceng_sdk.engine.lines.explain import lines
from jiceng_sdk.engine.lines.line import Line

__all__ = ["Line", "lines"]
