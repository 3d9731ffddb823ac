"""Onboarding in one go: plan a source and apply the plan, all or a refusal that names every fault."""

from pathlib import Path

import msgspec

from jiceng.kernel.errors import Invalid
from jiceng.operations.onboarding.applying import apply
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.onboarding.sources import find_sources


class Invitation(msgspec.Struct, frozen=True):
    """A tenant administrator's one-time link: a path, shown once and kept nowhere."""

    tenant: str
    login: str
    path: str


class Onboarded(msgspec.Struct, frozen=True):
    """The slugs of all tenants of the source, superiors first, and the links of new administrators."""

    tenants: tuple[str, ...]
    invitations: tuple[Invitation, ...]


async def onboard(source: Path) -> Onboarded:
    """Bring every tenant of the source in; nothing happens where nothing changed.

    Raises `Invalid` with every fault before a change, or at the end when one tenant failed.
    """
    made = await plan(source)
    refused = [f"{tenant.slug}：{reason}" for tenant in made.tenants for reason in tenant.reasons]
    if refused:
        raise Invalid(refused, "接入文件有错误，没有导入任何租户", where=str(source))
    results = await apply(made)
    failed = [f"{result.slug}：{result.fault}" for result in results if result.fault]
    if failed:
        raise Invalid(failed, "有租户没有接入，其余的已完成", where=str(source))
    admins = {found.slug: found.file.admin for found in find_sources(source) if found.file}
    admins = {found.slug: found.file.admin for found in find_sources(source) if found.file}
    logins = {slug: admin.login for slug, admin in admins.items() if admin}
    invitations = [Invitation(r.name, logins[r.slug], r.invitation) for r in results if r.invitation]
    return Onboarded(tuple(tenant.slug for tenant in made.tenants), tuple(invitations))
