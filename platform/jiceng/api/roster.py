"""Who is on the roster on a day, and what of it the person at work may see; for a plugin's own reads.

`seen_arguments(at)` gives two arguments for SQL:
`($n::uuid[] is null or x.organization = any($n) or x.member = $m)`.
"""

from jiceng.roster.queries import subject_frame, subject_name, subject_numbers
from jiceng.roster.schemas import MemberRow, OrganizationRow
from jiceng.roster.sight import Sight, seen_arguments, sight
from jiceng.roster.vocabulary import CATEGORIES

__all__ = [
    "CATEGORIES",
    "MemberRow",
    "OrganizationRow",
    "Sight",
    "seen_arguments",
    "sight",
    "subject_frame",
    "subject_name",
    "subject_numbers",
]
