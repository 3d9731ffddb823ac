"""The command-line door of the audit log: `jiceng audit verify` and `jiceng audit export`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from jiceng.accounts.signing_in.anchoring import touched_accounts
from jiceng.kernel.audit import Event, Finding, Head, record_now, verify_chain
from jiceng.kernel.audit.exporting import export, first_head, verify_export
from jiceng.kernel.audit.signing import key_line, plain_line, signed_line
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.errors import NotFound, Refusal
from jiceng.kernel.settings import Settings
from jiceng.operations.auditing.heads import read_heads, read_keys
from jiceng.tenancy.queries import all_tenants, by_slug
from jiceng.tenancy.schemas import TenantInfo

INTACT, TOUCHED = 0, 1
_SHOWN = 20


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[None]:
    await connect(settings)
    try:
        yield
    finally:
        await close()


async def verify_command(
    settings: Settings, tenant: str, against: Path | None, keys: Path | None, console: Console
) -> int:
    """Check the log of one tenant (its slug) or of all; prints each head signed, to be kept somewhere else.

    Names the accounts, too, whose stored password or second factor was changed past the service.

    `against`: heads printed earlier, or an earlier export; `keys`: the public keys that must have signed
    them. Exit code 0 intact, 1 something was touched.
    """
    handed_out = _handed_out(against, keys)
    worst = INTACT
    async with _connected(settings):
        for one in await _chosen(tenant):
            with tenant_scope(one.id):
                end, found = await verify_chain(handed_out.get(one.id, ()))
                await record_now(Event.AUDIT_VERIFIED, ("audit_entry", None), success=not found, last=end.seq)
                line = signed_line(one.slug, end)
                changed = await touched_accounts()
            worst = max(worst, _told(console, line, [*found, *map(changed_login, changed.values())]))
    return _ended(console, worst)


async def key_command(settings: Settings, console: Console) -> int:
    """Print the public key that heads are signed with, to be kept where they are kept."""
    async with _connected(settings):
        console.print(key_line(), markup=False, highlight=False, soft_wrap=True)
    return INTACT


async def export_command(settings: Settings, tenant: str, out: Path, console: Console) -> int:
    """Write a tenant's whole log to `out` as JSON lines; nothing is left behind when it fails."""
    async with _connected(settings):
        (one,) = await _chosen(tenant or "?")
        unfinished = out.with_name(out.name + ".part")
        try:
            with tenant_scope(one.id), unfinished.open("xb") as file:
                end = await export(file)
                await record_now(Event.AUDIT_EXPORTED, ("audit_entry", None), last=end.seq, format="jsonl")
            unfinished.replace(out)
        except OSError as error:
            raise Refusal(
                f"写不了文件：{error.strerror}",
                str(out),
                "请换一个可写、空间足够的位置",
                what_en=f"cannot write the export: {error.strerror}",
            ) from error
        finally:
            unfinished.unlink(missing_ok=True)
    console.print(signed_line(one.slug, end), markup=False, highlight=False, soft_wrap=True)
    return INTACT


def verify_file_command(file: Path, against: Path | None, keys: Path | None, console: Console) -> int:
    """Check an export without any database; exit code 0 intact, 1 something was touched.

    Raises:
        Refusal: the file cannot be opened, or does not begin as an export does.
    """
    try:
        with file.open("rb") as lines:
            if first_head(lines.readline()) is None:
                raise _no_export(file)
            lines.seek(0)
            end, found = verify_export(lines, _known(file, against, keys))
    except OSError as error:
        raise Refusal(f"打不开文件：{error.strerror}", str(file), "请核对路径") from error
    return _ended(console, _told(console, plain_line(file.name, end) if end is not None else "", found))


def _no_export(file: Path) -> Refusal:
    return Refusal(
        "这不是 jiceng audit export 写出的日志文件：第一行不是日志的开头",
        str(file),
        "请给出导出的 .jsonl 文件；如果它原来就是，那么第一行已被改动，请从另一处保存的副本核对",
        what_en="no export of the audit log: its first line is not how one begins",
        todo_en="give the .jsonl file that was exported; if this is it, its first line was changed",
    )


def _handed_out(against: Path | None, keys: Path | None) -> dict[int, list[Head]]:
    return read_heads(against, read_keys(keys) if keys is not None else None) if against is not None else {}


def _known(file: Path, against: Path | None, keys: Path | None) -> Sequence[Head]:
    if against is None:
        return ()
    own = {tenant for tenant, heads in read_heads(file).items() if heads}
    return [head for tenant, heads in _handed_out(against, keys).items() if tenant in own for head in heads]


async def _chosen(slug: str) -> list[TenantInfo]:
    if not slug:
        return await all_tenants()
    one = await by_slug(slug)
    if one is None:
        raise NotFound("没有这个租户", slug, "请用 jiceng tenants status 查看标识")
    return [one]


def changed_login(login: str) -> str:
    """What is said of an account whose stored data do not fit their check values."""
    return (
        f"账号 {login}：保存的密码或动态口令被改动过，已不能登录；"
        "请查明原因，再用 jiceng tenants invite 重新邀请（password or second factor changed in the database）"
    )


def _told(console: Console, line: str, found: Sequence[Finding | str]) -> int:
    if line:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for each in found[:_SHOWN]:
        console.print(f"  {each}", style="red", markup=False, highlight=False, soft_wrap=True)
    if len(found) > _SHOWN:
        console.print(f"  …… 还有 {len(found) - _SHOWN} 处", style="red", highlight=False)
    return TOUCHED if found else INTACT


def _ended(console: Console, worst: int) -> int:
    console.print("日志完好 The log is intact" if worst == INTACT else "日志被动过 The log was touched")
    return worst
