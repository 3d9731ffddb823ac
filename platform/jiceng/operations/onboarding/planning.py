"""`plan`: what onboarding would do for every tenant of a source, and why it would refuse; changes nothing."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from jiceng.accounts.managing.invitations import name_faults
from jiceng.kernel import clock
from jiceng.kernel.errors import Refusal
from jiceng.operations.onboarding.checking import (
    facts_faults,
    roster_preview,
    sheet_faults,
    strange_words,
    wanted_digest,
)
from jiceng.operations.onboarding.returning import Marker
from jiceng.operations.onboarding.sources import (
    ROSTER,
    absolute,
    earlier_rosters,
    find_sources,
    sheets_by_plugin,
)
from jiceng.operations.onboarding.state import state_of
from jiceng.operations.onboarding.telling import Told
from jiceng.operations.schemas import (
    KIND_WORDS,
    Action,
    Plan,
    State,
    Step,
    TenantFile,
    TenantPlan,
    TenantSource,
)
from jiceng.roster.schemas import Preview
from jiceng.schemes import host
from jiceng.tenancy.queries import all_tenants
from jiceng.tenancy.service import faults_in, setting_faults
from jiceng_sdk.faults import nearest


async def plan(source: Path, marker: Marker | None = None) -> Plan:
    """Compare every tenant of the source with the database; the marker is told of each faulty workbook.

    Raises `Refusal` when the source is none.
    """
    sources = find_sources(source)
    known = {tenant.slug for tenant in await all_tenants()} | {found.slug for found in sources if found.file}
    refused: set[str] = set()
    plans = []
    for found in sources:
        one = await _plan_tenant(found, known, refused, marker)
        if one.action == "refuse":
            refused.add(one.slug)
        plans.append(one)
    return Plan(str(absolute(source)), clock.now().isoformat(timespec="seconds"), tuple(plans))


async def _plan_tenant(
    source: TenantSource, known: set[str], refused: set[str], marker: Marker | None
) -> TenantPlan:
    file = source.file
    if file is None or source.faults:
        return TenantPlan(source.slug, file.name if file else source.slug, "refuse", reasons=source.faults)
    reasons = [*_registry_faults(source.slug, file, known, refused), *_plugin_faults(file)]
    reasons += [fault for name, one in file.settings.items() for fault in setting_faults(name, one.value)]
    if reasons:
        return TenantPlan(source.slug, file.name, "refuse", reasons=tuple(reasons))
    state = await state_of(source.slug, file)
    if state.exists and state.registry[3] != "active":
        return TenantPlan(
            source.slug, file.name, "refuse", reasons=("租户已停用，只能查看；请先恢复，再更改",)
        )
    told = Told(source, reasons, marker)
    try:
        content = await _content_steps(source, file, state, told)
        steps = [*_registry_steps(source, file, state), *content]
        steps = steps or list(_record_step(source, state))
    except Refusal as error:
        reasons.append(error.in_chinese())
        steps = []
    if reasons:
        return TenantPlan(source.slug, file.name, "refuse", reasons=tuple(reasons))
    action: Action = "none" if not steps else "change" if state.exists else "create"
    warnings = tuple(told.warnings)
    return TenantPlan(
        source.slug, file.name, action, tuple(steps), (), source.digests, state.digest, warnings
    )


def _registry_faults(slug: str, file: TenantFile, known: set[str], refused: set[str]) -> Iterable[str]:
    yield from faults_in(slug, file.name, file.kind)
    if file.admin is not None:
        yield from name_faults(file.admin.login, file.admin.name)
    if file.parent and file.parent not in known:
        near = nearest(file.parent, known)
        yield f"没有上级租户“{file.parent}”" + (f"，是否指“{near}”？" if near else "；请先接入上级")
    elif file.parent in refused:
        yield f"上级租户“{file.parent}”被拒绝了，请先改正它"


def _plugin_faults(file: TenantFile) -> Iterable[str]:
    present = host.installed()
    for name in file.plugins:
        if name not in present:
            near = nearest(name, present)
            yield f"没有安装插件“{name}”" + (f"，是否指“{near}”？" if near else "；请先安装它，再重新计划")
        elif present[name].broken:
            yield f"插件“{name}”不能用：{present[name].broken}"


def _registry_steps(source: TenantSource, file: TenantFile, state: State) -> Iterable[Step]:
    if not state.exists:
        below = f"，上级 {file.parent}" if file.parent else ""
        yield Step("tenant", source.slug, f"登记租户「{file.name}」（{KIND_WORDS[file.kind]}{below}）")
    elif state.registry[:3] != (file.name, file.kind, file.parent):
        yield Step(
            "tenant",
            source.slug,
            f"更改登记：{'、'.join(state.registry[:3])} → {file.name}、{file.kind}、{file.parent}",
        )
    for name in file.plugins:
        if name not in state.plugins:
            yield Step("plugin", name, f"启用插件 {name}")
    for name in state.plugins:
        if name not in file.plugins:
            yield Step("plugin", name, f"停用插件 {name}")
    for name, choice in file.settings.items():
        wanted = msgspec.json.encode(choice.value).decode()
        if state.settings.get(name) != wanted:
            yield Step("setting", name, f"设置 {name} 自 {choice.since} 起为 {wanted}")
    if file.admin is not None and not state.admin:
        yield Step("admin", file.admin.login, f"邀请管理员 {file.admin.login}（一次性链接）")


async def _content_steps(source: TenantSource, file: TenantFile, state: State, told: Told) -> Sequence[Step]:
    """Schemes, roster, facts and the workbooks of plugins; what is wrong with the files goes to `told`."""
    steps: list[Step] = []
    for key, choice in file.schemes.items():
        if state.schemes.get(key) != wanted_digest(source, key):
            own = "本单位规则" if f"rulebooks/{key}.toml" in source.digests else choice.preset or "标准规则"
            steps.append(Step("scheme", key, f"方案 {key}（{own}）自 {choice.since} 起生效"))
    previews: list[Preview] = []
    for path in (*earlier_rosters(source), ROSTER):
        if _unseen(path, source, state, state.roster if path == ROSTER else 0):
            previews.append(await roster_preview(source, state, path))
            told.of_roster(path, previews[-1])
            steps += _roster_step(path, previews[-1])
    adopted = {step.name for step in steps if step.what == "scheme"}
    told.warnings += await strange_words(source, file.schemes if previews else adopted, previews)
    for key in file.schemes:
        path = f"facts/{key}.xlsx"
        if _unseen(path, source, state, state.facts.get(key, 0)):
            told.of(path, await facts_faults(source, key, previews))
            steps.append(Step("facts", path, f"导入 {path} 的事实"))
    for plugin, sheets in sheets_by_plugin().items():
        for sheet in sheets.values():
            path = f"{plugin}/{sheet.name}.xlsx"
            if _unseen(path, source, state, 0):
                told.of(path, await sheet_faults(source, path, sheet, previews))
                steps.append(Step("sheet", path, f"导入 {path}（{sheet.title}）"))
    return steps


def _roster_step(path: str, preview: Preview) -> Iterable[Step]:
    if not preview.errors and not preview.does_nothing:
        yield Step("roster", path, _roster_words(preview))


def _record_step(source: TenantSource, state: State) -> Iterable[Step]:
    """Files that were saved anew without another content are only remembered."""
    anew = [
        path for path, digest in source.digests.items() if state.onboarded.get(path, ("", 0))[0] != digest
    ]
    if anew:
        yield Step("record", "", f"记下文件的新摘要（内容没有变化）：{'、'.join(anew)}")


def _unseen(path: str, source: TenantSource, state: State, version: int) -> bool:
    """Whether the file, or what it was applied to, is another than when it was applied."""
    if path not in source.digests:
        return False
    digest, seen = state.onboarded.get(path, ("", 0))
    return digest != source.digests[path] or (path == ROSTER and version != seen) or version < seen


def _roster_words(preview: Preview) -> str:
    parts = [
        f"{count.sheet}新增 {count.new}、更改 {count.changed}"
        + (f"，文件里没有的 {count.absent} 行不动" if count.absent else "")
        for count in preview.counts
        if count.new or count.changed
    ]
    if away := preview.staying_away:
        parts.append(f"已离开、文件没有写离开日期的 {away} 行保持离开")
    return f"导入名册（{preview.at}）：{'；'.join(parts)}"
