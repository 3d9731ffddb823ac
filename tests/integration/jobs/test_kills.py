"""Workers killed in the middle of their jobs, Redis flushed: every result exactly once."""

from tests.support.killing import Plan, Siege

from jiceng.kernel.settings import Settings


async def test_thirty_kills_and_a_flush_lose_and_double_nothing(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    plan = Plan(jobs=500, kills=30)
    outcome = await Siege(database, plan).run(two_tenants)
    assert outcome.killed == 30
    assert (outcome.done, outcome.open, outcome.once, outcome.doubled) == (500, 0, 500, 0)
    assert outcome.repeated > 0
