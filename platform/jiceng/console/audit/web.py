"""The auditors' page of the console: the list with filters, and its export. Both are recorded themselves."""

import asyncio
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromQuery
from litestar.response import Template

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.queries import canonical
from jiceng.console.audit.listing import LARGEST_EXPORT, MOST_COUNTED, Wanted, lines, words, workbook
from jiceng.console.audit.titles import things
from jiceng.console.audit.vocabulary import DETAILS, DOORS
from jiceng.kernel import clock
from jiceng.kernel.audit import WORDS, Event, head, record_now
from jiceng.kernel.audit.signing import key_line, signed_line
from jiceng.kernel.errors import Refusal
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.typed import read_day, single

AnyRequest = Request[Any, Any, Any]
AUDITING = [needs(Permission.VIEW_AUDIT)]


@get("/t/{tenant:str}/audit", guards=AUDITING)
async def audit_page(
    event: FromQuery[str] = "",
    login: FromQuery[str] = "",
    day: FromQuery[str] = "",
    about: FromQuery[str] = "",
    upto: FromQuery[int] = 0,
) -> Template:
    """Entries, newest first, narrowed by event, account, day and object."""
    wanted = _wanted(event, login, day, about)
    found = await lines(wanted, upto=max(0, upto))
    await record_now(Event.AUDIT_READ, ("audit_entry", None), count=len(found.rows))
    context = {
        "found": found,
        "wanted": wanted,
        "events": {each.value: zh for each, (zh, _) in WORDS.items()},
        "words": words,
        "doors": DOORS,
        "objects": things(),
        "fields": DETAILS,
        "today": clock.today(),
        "filters": urlencode({"event": event, "login": login, "day": day, "about": about}),
        "newest": upto <= 0,
        "most": MOST_COUNTED,
    }
    return Template("console/audit.html", context=context)


@get("/t/{tenant:str}/audit/export", guards=AUDITING)
async def export(
    request: AnyRequest,
    event: FromQuery[str] = "",
    login: FromQuery[str] = "",
    day: FromQuery[str] = "",
    about: FromQuery[str] = "",
) -> Response[bytes]:
    """The same entries as a workbook; too many are refused with the way out."""
    found = await lines(_wanted(event, login, day, about), size=LARGEST_EXPORT)
    if found.before:
        raise Refusal(
            f"要导出的日志太多，一次最多 {LARGEST_EXPORT} 条",
            "审计日志",
            "请按日期或事件筛选后再导出；全部日志请让运维人员用 jiceng audit export 导出",
            413,
        )
    await record_now(Event.AUDIT_EXPORTED, ("audit_entry", None), count=len(found.rows), format="xlsx")
    tenant = request.state.tenant
    content = await asyncio.to_thread(workbook, found.rows, tenant.name)
    return handed_out(content, f"审计日志-{tenant.slug}-{clock.today()}.xlsx")


@get("/t/{tenant:str}/audit/head", guards=AUDITING)
async def signed_head(request: AnyRequest) -> Response[bytes]:
    """Where the log ends now, signed, with the public key: kept elsewhere it shows later what was cut off."""
    end = await head()
    text = f"{signed_line(request.state.tenant.slug, end)}\n{key_line()}\n"
    await record_now(Event.AUDIT_EXPORTED, ("audit_entry", None), last=end.seq, format="head")
    return handed_out(text.encode(), f"链头-{request.state.tenant.slug}-{clock.today()}.txt")


def _wanted(event: str, login: str, day: str, about: str) -> Wanted:
    chosen = single(read_day, day, "日期", "日期看不懂")
    return Wanted(event if event in set(Event) else "", canonical(login), chosen, about.strip()[:80])


AUDIT_PAGES = (audit_page, export, signed_head)
