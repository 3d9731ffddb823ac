"""The home page of a tenant, and its key figures. A door only."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from jiceng.accounts.access import Permission, may, needs
from jiceng.api import asking
from jiceng.api.mounting import PLUGINS
from jiceng.console.checklist import checklist, counts
from jiceng.console.home.running import evaluations_shown, own_results, running
from jiceng.console.home.waiting import waiting
from jiceng.kernel.clock import today
from jiceng.kernel.database import joined

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
RECENT = 5


@get("/t/{tenant:str}", guards=[needs(Permission.VIEW_HOME)])
async def home(request: Request[Any, Any, Any]) -> Template:
    """What waits and what is running; what a new tenant still misses; the latest runs."""
    user, day = request.user, today()
    async with joined():  # what is the core's own, together; a plugin that fails must not take it along
        have = await counts()
        evaluations = await evaluations_shown(user)
        waits, runs = await waiting(user, evaluations), await running(user, evaluations)
        own = await own_results(user, evaluations)
    # What a tenant still needs concerns whoever looks after all of it, until all of it is there.
    steps = checklist(have, user) if may(user, Permission.IMPORT_ROSTER) else []
    done = sum(step.state == "done" for step in steps)
    plugins = request.scope["state"].get(PLUGINS, ())
    return Template(
        "console/home.html",
        context={
            "counts": have,
            "steps": steps if done < len(steps) else [],
            "done": done,
            "waiting": [*waits, *await asking.waiting(plugins, user)],
            "running": runs,
            "plugins": bool(plugins),
            "runs": [one for one in evaluations if not own or one.id in own][:RECENT],
            "own": own,
            "today": day,
            "weekday": WEEKDAYS[day.weekday()],
        },
    )


@get("/t/{tenant:str}/figures", guards=[needs(Permission.VIEW_HOME)])
async def figures(request: Request[Any, Any, Any]) -> Template:
    """The key figures of the plugins that are on: the home page fetches them once it stands."""
    plugins = request.scope["state"].get(PLUGINS, ())
    found = await asking.figures(plugins, request.user)
    return Template("console/figures.html", context={"figures": found})


PAGES = (home, figures)
