"""The command-line door of backups: prints in Chinese and returns the exit code."""

from pathlib import Path

from rich.console import Console

from jiceng.kernel.database.dumping import back_up, restore
from jiceng.kernel.settings import Settings

DONE, SUSPICIOUS = 0, 2
_MB = 1024 * 1024


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
    """Make the database from a dump; 0 done."""
    await restore(settings, dump)
    console.print(
        "已恢复 Restored. 请接着运行 jiceng check、jiceng audit verify、jiceng runs verify", soft_wrap=True
    )
    return DONE
