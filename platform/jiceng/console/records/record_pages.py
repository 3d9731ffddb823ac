"""The addresses of the record console below each tenant, with the permission they need."""

import re
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.response import Redirect
from litestar.types import ASGIApp

from jiceng.accounts.access import Permission, needs
from jiceng.accounts.second_person import Act, pass_once
from jiceng.accounts.signing_in.cookies import session_cookie_name
from jiceng.accounts.signing_in.sessions import end_session
from jiceng.console.gateway.csrf import SAME_SITE_ONLY
from jiceng.console.records.record_app import build_records
from jiceng.console.records.record_export import exported, refuse_in_vain
from jiceng.console.records.record_labels import refuse_labelled
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.files.handing_out import handed_out

AnyRequest = Request[Any, Any, Any]
# `public` is named because the sign-out button has its own route below it, and routes do not fall back.
PATHS = [
    "/t/{tenant:str}/admin",
    "/t/{tenant:str}/admin/{rest:path}",
    "/t/{tenant:str}/admin/public/{rest:path}",
]
_ROWS = re.compile(r"/admin/api/tables/([a-z][a-z0-9_]{0,39})/(?:([0-9a-f-]{36})/)?$")
"""Rows of a table, or one row: what the audit log is told of; counts, schemas and pictures are not data."""
_EXPORT = re.compile(r"/admin/export/([a-z][a-z0-9_]{0,39})\.xlsx$")


@post(
    "/t/{tenant:str}/admin/public/logout",
    guards=[needs(Permission.OWN_SESSION)],
    opt={SAME_SITE_ONLY: True},
    status_code=200,
)
async def sign_out(request: AnyRequest) -> Response[dict[str, str]]:
    """The sign-out button of piccolo-admin, which knows no form token of ours: ends our session."""
    await end_session(request.user.id, request.user.session, Event.SIGNED_OUT)
    answer = Response({"message": "已退出"})
    name = session_cookie_name(request.state.tenant.slug, production=request.app.state.settings.production)
    answer.delete_cookie(name)
    return answer


async def _workbook(request: AnyRequest, table: str) -> ASGIApp:
    content = await exported(table)
    return handed_out(content, f"{table}.xlsx").to_asgi_response(None, request)


def record_routes() -> Router:
    """Build the record console once and return its routes; only GET and HEAD exist, the rest is 405."""
    records = build_records()

    @get(PATHS, guards=[needs(Permission.VIEW_RECORDS)])
    async def admin(request: AnyRequest) -> ASGIApp:
        """Hand the request to the record console; its page needs an address that ends with a slash."""
        address: str = request.scope["state"]["address"]
        await refuse_labelled(address)
        if read := _ROWS.search(address):
            await record_now(Event.RECORDS_READ, (read[1], read[2]))
        if wanted := _EXPORT.search(address):
            title = await refuse_in_vain(wanted[1])
            await pass_once(Act.EXPORT_RECORDS, wanted[1], title, request.user.id)
            return await _workbook(request, wanted[1])
        if address.endswith("/admin"):
            return Redirect(address + "/", status_code=303).to_asgi_response(None, request)
        return records

    return Router("/", route_handlers=[sign_out, admin])
