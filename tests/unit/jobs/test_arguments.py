"""Job arguments are identifiers: whatever may be somebody's data is refused before it is stored."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from jiceng.kernel.jobs.arguments import decode_arguments, encode_arguments


def test_identifiers_numbers_and_dates_come_back_as_they_were_or_as_text() -> None:
    run = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    text = encode_arguments(
        {"run": run, "n": 3, "dry": True, "day": date(2026, 1, 31), "to": None, "k": "a/b:1"}
    )
    assert decode_arguments(text) == {
        "run": "01890a5d-ac96-774b-bcce-b302099a8057",
        "n": 3,
        "dry": True,
        "day": "2026-01-31",
        "to": None,
        "k": "a/b:1",
    }


@pytest.mark.parametrize("value", ["王小明", "two words", "a" * 121, 1.5, ["x"], {"a": 1}, b"x"])
def test_free_text_floats_and_containers_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="'who' is no identifier"):
        encode_arguments({"who": value})
