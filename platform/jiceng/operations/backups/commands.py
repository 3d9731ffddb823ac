"""The command-line door of backups: prints in Chinese and returns the exit code."""

from pathlib import Path

from rich.console import Console

from jiceng.kernel.database import close, connect
from jiceng.kernel.database.dumping import back_up, restore
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.settings import Settings
from jiceng.roster.erasing.service import erase_again

DONE, SUSPICIOUS = 0, 2
_MB = 1024 * 1024


async def _erased_again(settings: Settings) -> int:
    keep_files_in(settings)
    await connect(settings)
    try:
        return await erase_again()
    finally:
        await close()


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
    """Make the database from a dump; who was erased since the dump was made is erased again; 0 done."""
    await restore(settings, dump)
    again = await _erased_again(settings)
    if again:
        console.print(f"已再次清除 {again} 人的个人信息 Erased again: {again}")
    console.print(
        "已恢复 Restored. 请接着运行 jiceng check、jiceng audit verify、jiceng runs verify", soft_wrap=True
    )
    return DONE
