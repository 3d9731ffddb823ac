"""A rating campaign in the small town: branches east and west, who rates them, and what they type."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.support.appraisal import small_town
from tests.support.web import Browser, signed_in_browser

from jiceng.facts.campaigns.campaigns import open_campaign
from jiceng.facts.campaigns.rubric import rateable
from jiceng.facts.campaigns.stages import Dates
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope
from jiceng.schemes.queries import rulebook_for
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from litestar import Litestar

WUXING = (Path(__file__).parents[1] / "regulations" / "11-wuxing-110.toml").read_text(encoding="utf-8")
_SCOPED = """
update account set scope = $3, organization = (
  select id from organization where tenant_id = $1 and number = $4)
where tenant_id = $1 and login = $2
"""


class Rating(NamedTuple):
    """The tenant, the ids of its organizations by number (O1 town, O2 east, O3 west), the campaign."""

    tenant: int
    places: dict[str, str]
    campaign: str

    @property
    def at(self) -> str:
        """The campaign's address."""
        return f"/t/donghu/campaigns/{self.campaign}"

    def sheet(self, number: str) -> str:
        """The address of an organization's sheet."""
        return f"{self.at}/sheets/{self.places[number]}"


def days(*, begins: int = 0, superior: bool = True) -> Dates:
    """Stages of ten days each, the first beginning so many days after today."""
    first = today() + timedelta(days=begins)
    ends = [first + timedelta(days=10 * stage) for stage in (1, 2, 3)]
    return Dates(first, ends[0], ends[1] if superior else None, ends[2])


async def star_campaign(
    tenant: int, dates: Dates | None = None, *, proof: bool = False, book: str = WUXING
) -> Rating:
    """The regulation in force, and a campaign of this year that rates all of its lines."""
    with tenant_scope(tenant):
        await small_town(2)
        await adopt("stars", toml=book, in_force_from=date(2020, 1, 1), reason="测试")
        lines = rateable((await rulebook_for("stars", today())).book)
        made = await open_campaign(
            "stars", today(), "年度五星创评", dates or days(), lines=lines, proof=proof
        )
        rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
    return Rating(tenant, {row["number"]: str(row["id"]) for row in rows}, str(made))


async def person(app: Litestar, tenant: int, role: str, scope: str = "all", number: str = "") -> Browser:
    """Somebody signed in with this role, who looks after an organization alone or with those below."""
    login = f"{role}-{scope}-{number or 'x'}".lower()
    browser = await signed_in_browser(app, tenant, role, login)
    if number:
        with tenant_scope(tenant):
            await execute(_SCOPED, tenant, login, scope, number)
    return browser


def filled(**values: str) -> dict[str, str]:
    """The fields of a sheet's form: `rest="60"`, proof as `rest_proof="…"`."""
    fields = {}
    for name, value in values.items():
        line = name.removesuffix("_proof")
        fields[f"{'p' if name.endswith('_proof') else 'v'}.{line}"] = value
    return fields
