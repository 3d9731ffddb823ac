"""Foreign code in a limited child: misbehaviours stay there, and the next call is as if nothing had been."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from jiceng.kernel.children import ChildFault, Computing, Limits

LIMITS = Limits(megabytes=300, cpu_seconds=1, seconds=20, answer_megabytes=1)
SHORT = Limits(seconds=0.5)
HERE = "tests.support.misbehaving"


@pytest.fixture(scope="module")
async def computing() -> AsyncIterator[Computing]:
    """One nursery for all of them: what one test does to it, the next one's calls would notice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JICENG_DATABASE_URL", "postgresql://secret")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")]))
        async with Computing(preload=["json"]) as place:
            yield place


def nurseries() -> list[psutil.Process]:
    """The nurseries this process has started and not ended."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            found += [child] if "jiceng.kernel.children.nursery" in child.cmdline() else []
    return found


async def twice(computing: Computing) -> list[int]:
    answer: list[int] = json.loads(await computing.compute(f"{HERE}:doubles", b"[1, 2, 3]", LIMITS))
    return answer


@pytest.mark.parametrize(
    ("function", "outcome", "words"),
    [
        ("raises", "raised", "KeyError misbehaving.py:"),
        ("hangs", "too_long", "0.5 s"),
        ("eats_memory", "raised", "MemoryError misbehaving.py:"),
        ("returns_rubbish", "raised", "TypeError tests.support.misbehaving:returns_rubbish returned dict"),
        ("answers_without_end", "too_big", "1 MB"),
        ("exits", "ended", "exit 7"),
        ("kills_itself", "ended", "SIGKILL"),
        ("absent", "raised", "AttributeError nursery.py:"),
    ],
)
async def test_a_misbehaviour_is_named_and_the_next_call_is_untouched(
    computing: Computing, function: str, outcome: str, words: str
) -> None:
    before = psutil.Process().memory_info().rss
    limits = SHORT if function == "hangs" else LIMITS
    with pytest.raises(ChildFault) as fault:
        await computing.compute(f"{HERE}:{function}", b"secret words", limits)
    assert (fault.value.outcome, str(fault.value)[: len(f"{outcome}: {words}")]) == (
        outcome,
        f"{outcome}: {words}",
    )
    assert "secret words" not in str(fault.value)
    assert await twice(computing) == [2, 4, 6]
    assert psutil.Process().memory_info().rss - before < 50 * 2**20


async def test_what_a_child_changes_nobody_else_sees(computing: Computing) -> None:
    payload = b"[1, 2]"
    assert await computing.compute(f"{HERE}:changes_its_input", payload, LIMITS) == b"]2 ,1["
    assert payload == b"[1, 2]"
    assert await twice(computing) == [2, 4, 6]


async def test_children_of_a_child_are_ended_wherever_they_hide(computing: Computing) -> None:
    sleeper = int(await computing.compute(f"{HERE}:leaves_children", b"", LIMITS))
    assert not psutil.pid_exists(sleeper)
    (nursery,) = nurseries()
    assert nursery.children(recursive=True) == []


async def test_a_child_sees_no_environment_and_none_of_our_files(computing: Computing) -> None:
    environment, files = json.loads(await computing.compute(f"{HERE}:tells_its_environment", b"", LIMITS))
    assert environment == {}
    assert files <= 6, "three to nowhere, the pipe back, the listing itself"


async def test_a_child_cannot_write_files(computing: Computing, tmp_path: Path) -> None:
    with pytest.raises(ChildFault, match="raised: OSError"):
        await computing.compute(f"{HERE}:writes_a_file", str(tmp_path / "x").encode(), LIMITS)
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


async def test_polars_works_in_a_child_of_a_nursery_that_imported_it(computing: Computing) -> None:
    del computing
    async with Computing() as with_polars:
        numbers = json.dumps(list(range(100_000))).encode()
        answer = await with_polars.compute("tests.support.computing_with_polars:sums", numbers)
    assert answer == b"4999950000"


async def test_a_call_costs_a_fork_and_not_a_start(computing: Computing) -> None:
    await twice(computing)
    began = time.monotonic()
    for _ in range(10):
        await twice(computing)
    assert (time.monotonic() - began) / 10 < 0.2


async def test_a_child_that_spins_is_ended_while_the_loop_goes_on(computing: Computing) -> None:
    await twice(computing)
    before = psutil.Process().memory_info().rss
    spinning = asyncio.create_task(computing.compute(f"{HERE}:spins", b"", LIMITS))
    turns = 0
    while not spinning.done():
        await asyncio.sleep(0.01)
        turns += 1
    with pytest.raises(ChildFault) as fault:
        await spinning
    assert (fault.value.outcome, str(fault.value)) == ("ended", "ended: SIGKILL")
    assert turns > 20, "a second of processor time passed in the child meanwhile"
    assert await twice(computing) == [2, 4, 6]
    assert psutil.Process().memory_info().rss - before < 50 * 2**20


async def test_a_cancelled_computation_ends_its_child(computing: Computing) -> None:
    await twice(computing)
    hanging = asyncio.create_task(computing.compute(f"{HERE}:hangs", b"", Limits(seconds=60)))
    await asyncio.sleep(0.2)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert nurseries() == []
    assert await twice(computing) == [2, 4, 6]
