"""Periods of appraisal: their spans, who may still hand in facts for them, and the working-day calendar."""

from jiceng.schemes.periods.spans import Span, span_around

__all__ = ["Span", "span_around"]
