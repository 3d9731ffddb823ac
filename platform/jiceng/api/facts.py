"""Facts of a scheme that a plugin's work leads to: handed in, looked at, corrected; and the run over them."""

from jiceng.evaluation.queries import counts as counts_by_grade
from jiceng.evaluation.queries import runs
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import open_run
from jiceng.facts.correcting import correct_fact
from jiceng.facts.queries import numbers_of
from jiceng.facts.queries import of_subject as facts_of
from jiceng.facts.schemas import FactShown, Imported
from jiceng.facts.service import import_facts as submit_facts
from jiceng.schemes.queries import rulebook_for, schemes

__all__ = [
    "FactShown",
    "Imported",
    "RunInfo",
    "correct_fact",
    "counts_by_grade",
    "facts_of",
    "numbers_of",
    "open_run",
    "rulebook_for",
    "runs",
    "schemes",
    "submit_facts",
]
