"""The command-line door: `jiceng supply bill` and `jiceng supply check`."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.kernel.database.server_version import GRACE, RELEASED, lacks_security_release, overdue
from jiceng.kernel.errors import Refusal
from jiceng.kernel.servers.binaries import pinned_version
from jiceng.operations.supply.bill import bill_of
from jiceng.operations.supply.holes import STALE, holes, read_advisories, shipped
from jiceng.operations.supply.locked import read_lock

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console


def bill_command(lock: Path, out: Path, console: Console) -> int:
    """Write the bill of materials of the lock to `out`."""
    locked = read_lock(lock)
    try:
        out.write_bytes(bill_of(locked, version("jiceng")))
    except OSError as error:
        raise Refusal(f"写不了文件：{error.strerror}", str(out), "请换一个可写的位置") from error
    console.print(f"{out}：{len(locked)} 个组件", markup=False, highlight=False)
    return 0


def check_command(lock: Path, advisories: Path | None, console: Console) -> int:
    """Print every known hole in what is locked, and how old the pinned development server is.

    1 when a hole has been known, or the server overdue, for longer than the grace, or the data are too old.
    """
    known = shipped() if advisories is None else read_advisories(advisories)
    found = list(holes(read_lock(lock), known, today()))
    for hole in found:
        fixed = f"，{hole.advisory.fixed} 起修复" if hole.advisory.fixed else "，尚无修复"
        words = f"{hole.name} {hole.version}：{hole.advisory.id} {hole.advisory.summary}{fixed}"
        console.print(words, style="red" if hole.overdue else "yellow", markup=False, soft_wrap=True)
    age = today() - known.reviewed
    console.print(
        f"漏洞数据核对于 {known.reviewed}（{age.days} 天前），发现 {len(found)} 处", highlight=False
    )
    stale = age > STALE
    if stale:
        console.print("漏洞数据太旧，不能说明什么；请核对更新后再运行（decisions/0224）", style="red")
    old_server = _pinned_server_is_overdue(console)
    return 1 if stale or old_server or any(hole.overdue for hole in found) else 0


def _pinned_server_is_overdue(console: Console) -> bool:
    """Tell of the PostgreSQL that the lock pins for development (threat T17)."""
    major, minor = pinned_version()
    lacking, late = lacks_security_release(major, minor), overdue(major, minor, today())
    words = f"，缺 {RELEASED} 的安全更新（限 {GRACE.days} 天内换新）" if lacking else ""
    console.print(
        f"开发用 PostgreSQL {major}.{minor}{words}",
        style="red" if late else "yellow" if lacking else None,
        highlight=False,
    )
    return late
