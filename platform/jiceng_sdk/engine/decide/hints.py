"""What a quota asks and tells of one grade: ties, unstated roundings, places that are only provisional."""

import numpy as np

from jiceng_sdk.engine.decide.alike import first_of_each
from jiceng_sdk.engine.decide.filling import Filled
from jiceng_sdk.engine.decide.lineup import Lineup
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.decide.state import State
from jiceng_sdk.engine.numbers.columns import At, Flags, Numbers
from jiceng_sdk.rulebook import Quota


def asked(
    state: State, rule: Quota, path: str, field: Contest, line: Lineup, found: Filled, claims: At, grade: str
) -> None:
    """Questions and hints of one grade. `claims`: worlds that may still claim a place."""

    def add(who: Flags, kind: str, words: str) -> None:
        if who.any():
            state.board.issues.tell(state.key[line.rows[who]], path, kind, words)

    if not rule.hard:
        add(found.outside, "over_quota", f"超出“{grade}”的指导比例")
        add(found.contested, "over_quota", f"可能超出“{grade}”的指导比例（并列或取整未定）")
        return
    if found.contested.any():
        unstated = found.low != found.high
        add(found.contested & unstated, "rounding", f"“{grade}”名额的取整没有规定，影响是否入围")
        add(found.contested & ~unstated, "tie", f"“{grade}”名额线上并列，没有规定先后")
    grades = state.grade[claims]
    could = claims[(grades == 0) | (grades >= found.level)]
    if len(could) and found.inside.any():
        shaky = _provisional(field, line, found, could[first_of_each(state.key[could])])
        add(shaky, "provisional", f"“{grade}”暂定：同组还有待裁定的对象，可能挤占名额")


def _provisional(field: Contest, line: Lineup, found: Filled, waits: At) -> Flags:
    """Places given while somebody still waits who could push the holder out. `waits`: one world of each."""
    many = field.cohorts
    blind = waits[field.blind[waits]]
    seen = waits[~field.blind[waits]]
    everybody, unseen = (np.bincount(field.cohort[who], minlength=many) for who in (waits, blind))
    held = (found.inside & (found.worst + everybody[line.cohort] > found.low)).nonzero()[0]
    held = held[everybody[line.cohort[held]] > 0]
    pushed = _above(field, line, seen, held) if len(seen) else 0
    shaky = np.zeros(line.size, np.bool_)
    shaky[held] = found.worst[held] + pushed + unseen[line.cohort[held]] > found.low[held]
    return shaky


def _above(field: Contest, line: Lineup, seen: At, held: At) -> Numbers:
    """How many of those who wait stand beside or above every holder in its cohort."""
    _, rank = np.unique(np.concatenate([field.rank[seen], line.rank[held]]), return_inverse=True)
    span = len(rank) + 1
    theirs = np.sort(field.cohort[seen] * span + rank[: len(seen)])
    own = line.cohort[held] * span
    return np.searchsorted(theirs, own + span) - np.searchsorted(theirs, own + rank[len(seen) :])
