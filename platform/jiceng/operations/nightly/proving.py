"""The nightly sample of runs: the latest one and, in turn, one of the earlier ones are computed again."""

from datetime import date

from jiceng.evaluation.queries import runs
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import verify
from jiceng.kernel.errors import Conflict


def sample(done: list[RunInfo], day: date) -> list[RunInfo]:
    """The runs to prove on `day` out of the computed ones (newest first): the latest, and an earlier one."""
    latest, earlier = done[:1], done[1:]
    return latest + ([earlier[day.toordinal() % len(earlier)]] if earlier else [])


async def prove_some(day: date) -> int:
    """Compute a sample of the tenant's runs again; return how many.

    Raises:
        Conflict: a result is not the same to the digit; names the run and how many results, nobody's name.
    """
    chosen = sample([run for run in await runs() if run.state == "done"], day)
    for run in chosen:
        proved = await verify(run.number)
        if not proved.equal:
            raise Conflict(
                f"第 {run.number} 次评定重算后有 {len(proved.differences)} 个对象的结果不一致"
                f"（当时引擎 {proved.engine_then}，现在 {proved.engine_now}）",
                todo_zh="请联系平台运维核查",
                what_en=f"run {run.number} does not prove: {len(proved.differences)} results differ",
            )
    return len(chosen)
