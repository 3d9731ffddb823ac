"""A foreign id is answered like an absent one in the same time too: no clock tells them apart (T11)."""

import statistics
import time
from uuid import uuid4

import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.web import signed_in_browser

from jiceng.kernel.database import tenant_scope

CLOSE = 0.005
"""Seconds by which the medians may differ."""


async def medians_differ_by(app: Litestar, tenants: tuple[int, int], page: str, number: int) -> float:
    """Ask for a foreign and an absent id by turns; the distance of the two medians, in seconds."""
    own, other = tenants
    with tenant_scope(other):
        foreign = list((await small_town(4)).values())
    admin = await signed_in_browser(app, own, "tenant_admin")
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * number):
        is_foreign = turn % 2 == 0
        key = foreign[turn // 2 % len(foreign)] if is_foreign else str(uuid4())
        began = time.perf_counter()
        answer = await admin.get(f"/t/donghu/{page}/{key}")
        took[is_foreign].append(time.perf_counter() - began)
        assert answer.status_code == 404
    return abs(statistics.median(took[True]) - statistics.median(took[False]))


@pytest.mark.parametrize("page", ["members", "facts"])
async def test_a_foreign_id_is_answered_as_fast_as_an_absent_one(
    app: Litestar, two_tenants: tuple[int, int], page: str
) -> None:
    assert await medians_differ_by(app, two_tenants, page, 100) < CLOSE


@pytest.mark.soak
async def test_two_thousand_questions_tell_no_difference(app: Litestar, two_tenants: tuple[int, int]) -> None:
    assert await medians_differ_by(app, two_tenants, "members", 2000) < CLOSE
