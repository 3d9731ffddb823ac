"""Tables about members are shut in the record console while some of their rows are above one's clearance.

The console selects whole tables and cannot leave single rows out (control 18).
"""

from __future__ import annotations

import re

from jiceng.accounts.labels import Label, clearance_here
from jiceng.kernel.database import current_tenant, fetch_value
from jiceng.kernel.errors import Forbidden

_TABLE = re.compile(r"/admin/(?:api/tables|export)/([a-z][a-z0-9_]{0,39})(?:/|\.xlsx$)")
_ABOUT_MEMBERS = frozenset({"member", "fact", "result", "verdict", "ruling"})
_SOME_ABOVE = "select exists (select 1 from member where tenant_id = $1 and sensitivity > $2)"


async def refuse_labelled(address: str) -> None:
    """Refuse a table about members while the tenant has members labelled above the person's clearance.

    Raises:
        Forbidden: saying where the others can be seen.
    """
    found = _TABLE.search(address)
    level = clearance_here()
    if found is None or found[1] not in _ABOUT_MEMBERS or level is Label.RESTRICTED:
        return
    if await fetch_value(_SOME_ABOVE, current_tenant(), int(level)):
        raise Forbidden(
            "这张表里有超出您权限的敏感记录，不能整表查看",
            found[1],
            "请在人员、结果等业务页面查看您能看的部分",
            what_en="the table holds records labelled above your clearance",
            todo_en="use the pages of members and results instead",
        )
