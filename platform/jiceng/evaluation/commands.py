"""The command-line door of evaluation: prove runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from jiceng.evaluation import queries
from jiceng.evaluation.service import verify
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.errors import NotFound
from jiceng.tenancy.queries import all_tenants

if TYPE_CHECKING:
    from rich.console import Console

    from jiceng.evaluation.schemas import Verified
    from jiceng.kernel.settings import Settings


async def verify_runs(settings: Settings, tenant: str, console: Console) -> int:
    """Recompute every computed run (of one tenant, by slug, or of all) and print what differs.

    Returns 0 when every result is the same to the digit, 1 otherwise. Raises NotFound for an unknown tenant.
    """
    await connect(settings)
    try:
        wanted = [one for one in await all_tenants() if tenant in ("", one.slug)]
        if tenant and not wanted:
            raise NotFound("没有这个租户", where=tenant, todo_zh="用 jiceng tenants status 查看已有的租户")
        shown = Table("租户", "次", "对象", "引擎", "不同")
        equal = True
        for one in wanted:
            with tenant_scope(one.id):
                for run in [run for run in await queries.runs() if run.state == "done"]:
                    proved = await verify(run.number)
                    equal = equal and proved.equal
                    shown.add_row(one.slug, *_cells(proved))
        console.print(shown)
        console.print("全部一致 Every run is the same" if equal else "有结果不一致 Some results differ")
        return 0 if equal else 1
    finally:
        await close()


def _cells(proved: Verified) -> tuple[str, str, str, str]:
    engine = proved.engine_now
    if proved.engine_then != proved.engine_now:
        engine = f"{proved.engine_then} → {proved.engine_now}"
    return str(proved.run), str(proved.subjects), engine, str(len(proved.differences))
