"""What a plugin with a workflow may import of the service, beside `jiceng_sdk`; nothing else.

Everything works for the current tenant: in a page it is the address's, in a job the job's.

- `transaction()`: `async with transaction(): …` commits together or not at all.
- `today()`, `now()`: the only clock.
- `organizations(at)`, `members(at)`, `units(at)`, `names(ids)`: the roster as of a day.
- `submit_facts(scheme, kind, rows, source=…)`: hand in facts of a scheme (see `submit_facts`).
- `Refusal`, `NotFound`, `Conflict`, `Invalid`: what may be refused, told on the page in plain Chinese.
"""

from jiceng.facts.schemas import Imported
from jiceng.facts.service import import_facts as submit_facts
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import transaction
from jiceng.kernel.errors import Conflict, Invalid, NotFound, Refusal
from jiceng.roster.queries import members, names, organizations, units

__all__ = [
    "Conflict",
    "Imported",
    "Invalid",
    "NotFound",
    "Refusal",
    "members",
    "names",
    "now",
    "organizations",
    "submit_facts",
    "today",
    "transaction",
    "units",
]
