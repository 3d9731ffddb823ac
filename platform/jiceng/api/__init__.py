"""What a plugin with a workflow may import of the service, beside `jiceng_sdk`; nothing else.

Everything works for the current tenant: in a page it is the address's, in a job the job's.

- here: the clock, the roster as of a day, facts handed in, refusals told in plain Chinese
- `jiceng.api.hooks`: what a plugin answers: pages, menu, jobs, schedules, workbooks, home page
- `jiceng.api.database`: its own tables, transactions, reads and writes
- `jiceng.api.pages`: guards, limits, the log of acts
- `jiceng.api.jobs`: work in the background
- `jiceng.api.typed`: what people type into forms, read into values
- `jiceng.api.files`: workbooks and stored files
- `jiceng.api.moves`: states of a thing and what leads between them; `turning_round`: plans made of such moves
"""

from jiceng.facts.schemas import Imported
from jiceng.facts.service import import_facts as submit_facts
from jiceng.kernel.clock import now, today
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from jiceng.roster.queries import first_day, members, names, organizations, units
from jiceng.schemes.periods.keeping import calendar as working_days
from jiceng.tenancy.queries import setting
from jiceng.tenancy.service import set_setting

__all__ = [
    "Conflict",
    "Forbidden",
    "Imported",
    "Invalid",
    "NotFound",
    "Refusal",
    "first_day",
    "members",
    "names",
    "now",
    "organizations",
    "set_setting",
    "setting",
    "submit_facts",
    "today",
    "units",
    "working_days",
]
