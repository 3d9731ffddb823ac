"""A refusal's place is told on pages in both languages, unless it is a name that nobody has English for."""

import pytest

from jiceng.console.gateway.problems import in_one_line, where_and_what_to_do
from jiceng.kernel.errors import Conflict, NotFound, Refusal
from jiceng.kernel.rest.languages import Language

EARLY = Conflict("公示还没有期满", where="公示到 2026-12-25", todo_zh="请在公示期满后的第一天起办理")
OF_A_NAME = Conflict("公示还没有期满", where="东街党支部", todo_zh="请在公示期满后的第一天起办理")
ABSENT = NotFound("没有这次评定", where="第 7 次")
USUAL = ("没有找到", "请检查地址或返回列表")
LATER = "Do it from the first day after the notice has ended"


@pytest.mark.parametrize(
    ("refused", "language", "further"),
    [
        (EARLY, "zh", "公示到 2026-12-25：请在公示期满后的第一天起办理"),
        (EARLY, "en", f"The notice runs until 2026-12-25. {LATER}"),
        (OF_A_NAME, "zh", "东街党支部：请在公示期满后的第一天起办理"),
        (OF_A_NAME, "en", LATER),
        (ABSENT, "zh", "请检查地址或返回列表"),
    ],
)
def test_the_place_stands_before_what_to_do(refused: Refusal, language: Language, further: str) -> None:
    assert where_and_what_to_do(refused, USUAL, language) == further


def test_the_place_stands_behind_what_is_wrong_in_one_line() -> None:
    assert in_one_line(EARLY, USUAL, "en") == (
        f"The notice has not ended (the notice runs until 2026-12-25). {LATER}"
    )
