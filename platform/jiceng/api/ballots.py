"""Ballots a plugin begins: drafted about its subjects, held and counted on the ballots' own pages."""

from jiceng.facts.ballots.asking import USUAL
from jiceng.facts.ballots.drafting import Wanted, draft, put_on_paper
from jiceng.facts.ballots.results import Result, result
from jiceng.facts.ballots.schemas import BallotInfo, Option
from jiceng.facts.ballots.stored import ballot

__all__ = [
    "USUAL",
    "BallotInfo",
    "Option",
    "Result",
    "Wanted",
    "ballot",
    "draft",
    "put_on_paper",
    "result",
]
