"""Who is on the roster on a day, and what of it the person at work may see; for a plugin's own reads.

`seen_arguments(at)` gives two arguments for SQL:
`($n::uuid[] is null or x.organization = any($n) or x.member = $m)`.
`cleared("m")` is a condition on rows of `member m`: none labelled higher than the person is cleared for.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from jiceng.accounts.access import Role
from jiceng.accounts.labels import cleared
from jiceng.accounts.scope import EVERYTHING, Reach, looking
from jiceng.roster.queries import subject_frame, subject_name, subject_numbers
from jiceng.roster.schemas import MemberRow, OrganizationRow
from jiceng.roster.sight import Sight, seen_arguments, sight
from jiceng.roster.vocabulary import CATEGORIES

__all__ = [
    "CATEGORIES",
    "MemberRow",
    "OrganizationRow",
    "Sight",
    "cleared",
    "looking_as_job",
    "looking_as_member",
    "seen_arguments",
    "sight",
    "subject_frame",
    "subject_name",
    "subject_numbers",
]


@contextmanager
def looking_as_job() -> Iterator[None]:
    """See everybody inside the block, as a job does: for work that is due whoever happens to start it.

    Nothing read inside may be shown.
    """
    with looking(EVERYTHING):
        yield


@contextmanager
def looking_as_member(number: str) -> Iterator[None]:
    """See inside the block what the member with this number sees of himself, and nothing else.

    For a page that proved in another way than by signing in who is there, such as a one-time link.
    """
    with looking(Reach("self", person=number), Role.MEMBER):
        yield
