"""Workers killed in the middle of their jobs, Redis flushed: every result exactly once."""

from tests.support.killing import Plan, Siege

from jiceng.kernel.settings import Settings


async def test_ten_kills_and_a_flush_lose_and_double_nothing(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    plan = Plan(jobs=200, kills=10)
    outcome = await Siege(database, plan).run(two_tenants)
    assert outcome.killed == 10
    assert (outcome.done, outcome.open, outcome.once, outcome.doubled) == (200, 0, 200, 0)
    assert outcome.repeated > 0
