"""A draft begun with nothing but its name: grades are read however a clerk sets them apart."""

import pytest

from jiceng.schemes.editing.starting import empty_draft


@pytest.mark.parametrize(
    "typed",
    ["五星、四星、三星", "五星 四星  三星", "五星，四星;三星", " 五星>四星＞三星、", "五星\n四星\n三星"],
)
def test_grades_are_set_apart_by_any_sign_or_blank(typed: str) -> None:
    assert empty_draft("办法", "member", typed)["header"] == [
        {"title": "办法", "subject": "member", "grades": "五星、四星、三星"}
    ]


@pytest.mark.parametrize("typed", ["", " ", "、"])
def test_without_grades_none_are_kept(typed: str) -> None:
    assert empty_draft("办法", "member", typed)["header"] == [{"title": "办法", "subject": "member"}]
