"""What a plugin's pages are made with: guards, the frame's templates, limits, the log of acts.

A page is a Litestar handler that declares `guards=[needs(Permission.X)]` (or `anyone`) and answers with
`Template("<plugin>/<page>.html", context=…)` from a folder `templates` of the plugin, extending `frame.html`.
`record(Event.WORK_MOVED, ("claim", id), plugin=…, state=…)` stands in the transaction of every act.

A list that grows is shown as `Page.of(rows, page)`, with `leaf(found, address)` of parts.html below it.

A form carries the fields of the struct it is read as and no others (400); one of varying names declares
them: `@post(…, opt=known_fields("year", r"line-[0-9]{1,3}"))`.
"""

from jiceng.accounts.access import Permission, anyone, may, needs
from jiceng.accounts.schemas import SignedIn
from jiceng.kernel.addresses import household
from jiceng.kernel.audit import Event, actor_here, record, record_now
from jiceng.kernel.forms import READS, known_fields, refuse_unknown
from jiceng.kernel.limits import Limit, TooMany, allow
from jiceng.kernel.paging import PAGE, PRINTED, Page, nearest
from jiceng.schemes.periods.closing import accounts_named

__all__ = [
    "PAGE",
    "PRINTED",
    "READS",
    "Event",
    "Limit",
    "Page",
    "Permission",
    "SignedIn",
    "TooMany",
    "accounts_named",
    "actor_here",
    "allow",
    "anyone",
    "household",
    "known_fields",
    "may",
    "nearest",
    "needs",
    "record",
    "record_now",
    "refuse_unknown",
]
