"""Story: whatever is sent, the API answers what its document says: no crash, no other shape, no open door."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.costs import Shares
from tests.support.generated_requests import Served, document, faults_of, serving

from jiceng.kernel.settings import Settings

LATER = ("/ballots", "/campaigns")
"""What issue 7 added to the API."""
PARTS = 4
"""The long run in tests of their own: several processes of `make soak` share them."""


@pytest.fixture
def served(own_settings: Settings) -> Iterator[Served]:
    with serving(own_settings) as ready:
        yield ready


def operations_of(served: Served) -> list[Any]:
    return [found.ok() for found in document(served).get_all_operations()]


def test_generated_requests_of_every_operation(served: Served, shares: Shares) -> None:
    found = operations_of(served)
    assert len(found) == 31
    wrong = []
    for operation in found:
        later = any(part in operation.path for part in LATER)
        if shares.wanted(later=later):
            with shares.spending(later=later):
                wrong += faults_of(served, operation, 2)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_thousands_of_generated_requests_of_every_operation(served: Served, part: int) -> None:
    asked = operations_of(served)[part::PARTS]
    each = int(os.environ.get("JICENG_GENERATED_REQUESTS", "250"))
    wrong = [fault for operation in asked for fault in faults_of(served, operation, each // 2)]
    assert not wrong, "\n\n".join(wrong)
