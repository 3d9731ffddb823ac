"""Story: whatever is sent, the API answers what its document says: no crash, no other shape, no open door."""

import os
from collections.abc import Iterator

import pytest
from tests.support.generated_requests import Served, document, faults_of, serving

from jiceng.kernel.settings import Settings

PARTS = 4
"""The long run in tests of their own: several processes of `make soak` share them."""


@pytest.fixture
def served(own_settings: Settings) -> Iterator[Served]:
    with serving(own_settings) as ready:
        yield ready


def operations_of(served: Served) -> list[object]:
    return [found.ok() for found in document(served).get_all_operations()]


def test_generated_requests_of_every_operation(served: Served) -> None:
    found = operations_of(served)
    assert len(found) == 31
    wrong = [fault for operation in found for fault in faults_of(served, operation, 2)]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_thousands_of_generated_requests_of_every_operation(served: Served, part: int) -> None:
    asked = operations_of(served)[part::PARTS]
    each = int(os.environ.get("JICENG_GENERATED_REQUESTS", "250"))
    wrong = [fault for operation in asked for fault in faults_of(served, operation, each // 2)]
    assert not wrong, "\n\n".join(wrong)
