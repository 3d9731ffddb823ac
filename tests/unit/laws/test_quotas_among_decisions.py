"""Quotas among other decisions, from both ends, with places direct grades use: equal to the reference."""

import pytest
from hypothesis import given, settings
from tests.support.profiles import LONG, QUICK
from tests.support.random_quotas import a_settled_trial
from tests.support.rulebooks import SEEDS
from tests.unit.laws.test_engine_equals_reference import agrees


@settings(max_examples=15, **QUICK)
@given(SEEDS)
def test_quotas_agree_where_nobody_waits(seed: int) -> None:
    agrees(a_settled_trial(seed, 10))


@pytest.mark.soak
@settings(max_examples=2_000, **LONG)
@given(SEEDS)
def test_thousands_of_quotas_agree_where_nobody_waits(seed: int) -> None:
    agrees(a_settled_trial(seed, 10))
