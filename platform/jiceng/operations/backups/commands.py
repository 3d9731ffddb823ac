"""The command-line door of backups: prints in Chinese and returns the exit code."""

from pathlib import Path

from rich.console import Console

from jiceng.kernel.crypto.keyring import locked_out
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.database.dumping import back_up, restore
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.settings import Settings
from jiceng.roster.erasing.registry import unreadable
from jiceng.roster.erasing.service import erase_again
from jiceng.tenancy.queries import all_tenants

DONE, SUSPICIOUS = 0, 2
_MB = 1024 * 1024


async def _finished(settings: Settings) -> tuple[int, str]:
    """Erase again who was erased since, in every tenant: how many; why keys do not open, or ""."""
    keep_files_in(settings)
    await connect(settings)
    again, locked = 0, ""
    try:
        for tenant in await all_tenants():
            with tenant_scope(tenant.id):
                again += await erase_again()
                locked = locked or await locked_out()
    finally:
        await close()
    return again, locked


async def backup_command(settings: Settings, folder: Path, console: Console) -> int:
    """Write a dump into the folder; 0 done, 2 done but much smaller than the one before."""
    made = await back_up(settings, folder)
    console.print(f"已备份 Backed up: {made.path}（{made.size / _MB:.1f} MB）", soft_wrap=True, markup=False)
    if not made.suspicious:
        return DONE
    console.print(
        f"比上一份（{made.before / _MB:.1f} MB）小了很多，请核对。It is much smaller than the one before.",
        style="red",
        soft_wrap=True,
    )
    return SUSPICIOUS


async def restore_command(settings: Settings, dump: Path, console: Console) -> int:
    """Make the database from a dump; who was erased since the dump was made is erased again.

    0 done, 2 done but something is left to do, which is told: the keys of the data are not in their place, or
    the list of erased persons has lines that nobody can read.
    """
    await restore(settings, dump)
    again, locked = await _finished(settings)
    if again:
        console.print(f"已再次清除 {again} 人的个人信息 Erased again: {again}")
    console.print(
        "已恢复 Restored. 请接着运行 jiceng check、jiceng audit verify、jiceng runs verify", soft_wrap=True
    )
    if locked:
        console.print(
            f"加密的内容还解不开：{locked}。请先把密钥备份放回 keys 文件夹（JICENG_KEYS），再启动服务。"
            "Encrypted fields do not open yet: put the backup of the keys in its place before serving.",
            style="red",
            soft_wrap=True,
            markup=False,
        )
    lost = unreadable()
    for number, rest in lost:
        console.print(
            f"清除登记的清单 erased.jsonl 第 {number} 行没有写完或被改过，"
            "这个人没有再次清除，请按编号查明后补办。"
            f"Line {number} of erased.jsonl cannot be read, its person was not erased again: {rest}",
            style="red",
            soft_wrap=True,
            markup=False,
        )
    return SUSPICIOUS if lost or locked else DONE
