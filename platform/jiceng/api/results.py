"""Results in effect: what a plugin's lists, ledgers and consequences may build on."""

from jiceng.evaluation.results.final import (
    FinalResult,
    final_result,
    final_results,
    grades_of,
    latest_results,
    points_of,
)

__all__ = ["FinalResult", "final_result", "final_results", "grades_of", "latest_results", "points_of"]
