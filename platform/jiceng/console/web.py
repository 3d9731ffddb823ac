"""The console's own pages: choosing a tenant, finding a name, the language; static files."""

from typing import Any

import msgspec
from litestar import Request, Router, get, post
from litestar.datastructures import CacheControlHeader
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router

from jiceng.accounts.access import Permission, anyone, needs
from jiceng.accounts.signing_in.cookies import secure_cookie
from jiceng.console.approvals import web as approvals
from jiceng.console.audit.web import AUDIT_PAGES
from jiceng.console.finding import FILTERS, NAME, PAGE, address_of
from jiceng.console.frame.pages import STATIC, VENDOR
from jiceng.console.frame.wording import LANGUAGE_COOKIE
from jiceng.console.home import web as home
from jiceng.console.people import web as people
from jiceng.kernel.forms import READS, known_fields
from jiceng.tenancy.queries import all_tenants

AnyRequest = Request[Any, Any, Any]
KINDS = {
    "province": "省级",
    "city": "市级",
    "district": "区县",
    "town": "乡镇街道",
    "enterprise": "企业",
}
MANY = 12
"""From so many tenants on, the start page offers to search."""
A_YEAR = 365 * 24 * 3600
LOOKING = {**known_fields(PAGE, NAME, *FILTERS), READS: True}


class LanguageForm(msgspec.Struct, frozen=True):
    """The language switch of the page head; `back` is the page it was pressed on."""

    to: str = "zh"
    back: str = "/"


@get("/", guards=[anyone])
async def start_page(name: FromQuery[str] = "") -> Template:
    """Choose where one works, by name or code; suspended tenants stay visible, they can be read."""
    every = await all_tenants()
    wanted = name.strip()
    found = [tenant for tenant in every if wanted in tenant.name or wanted == tenant.slug]
    return Template(
        "console/start.html",
        context={"tenants": found, "wanted": wanted, "many": len(every) > MANY, "kinds": KINDS},
    )


async def _switch(request: AnyRequest, data: LanguageForm) -> Redirect:
    production = request.app.state.settings.production
    language = "en" if data.to == "en" else "zh"
    cookie = secure_cookie(LANGUAGE_COOKIE, language, production=production, max_age=A_YEAR)
    local = data.back.startswith("/") and not data.back.startswith("//") and "\\" not in data.back
    return Redirect(data.back if local else "/", status_code=303, cookies=[cookie])


@post("/language", guards=[anyone])
async def language(
    request: AnyRequest,
    data: URLEncodedBody[LanguageForm],
) -> Redirect:
    """Switch the language outside a tenant."""
    return await _switch(request, data)


@post("/t/{tenant:str}/language", guards=[anyone], opt={READS: True})
async def language_in_tenant(
    request: AnyRequest,
    data: URLEncodedBody[LanguageForm],
) -> Redirect:
    """Switch the language on a tenant's page (its form token is bound to that tenant's session)."""
    return await _switch(request, data)


@post("/t/{tenant:str}/find", guards=[needs(Permission.VIEW_HOME)], opt=LOOKING)
async def find(request: AnyRequest, data: URLEncodedBody[dict[str, str]]) -> Redirect:
    """Look for a name on a list: the list's address carries it hidden."""
    address = await address_of(data)
    return Redirect(f"/t/{request.state.tenant.slug}/{address}", status_code=303)


static_files = create_static_files_router(
    "/static",
    directories=[STATIC],
    guards=[anyone],
    cache_control=CacheControlHeader(max_age=A_YEAR, public=True, immutable=True),
    name="static",
)
vendor_files = create_static_files_router(
    "/static/vendor",
    directories=[VENDOR],
    guards=[anyone],
    cache_control=CacheControlHeader(max_age=A_YEAR, public=True, immutable=True),
    name="vendor",
)

router = Router(
    "/",
    route_handlers=[
        start_page,
        language,
        language_in_tenant,
        *home.PAGES,
        find,
        *AUDIT_PAGES,
        static_files,
        vendor_files,
        people.router,
        approvals.router,
    ],
)
