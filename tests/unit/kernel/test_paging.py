"""A list is cut into pages; a page that does not exist is the nearest one that does."""

import pytest

from jiceng.kernel.paging import Page, nearest


@pytest.mark.parametrize(
    ("asked", "rows", "page", "first", "last"),
    [
        (1, [1, 2, 3], 1, 1, 3),
        (2, [4, 5, 6], 2, 4, 6),
        (3, [7], 3, 7, 7),
        (4, [7], 3, 7, 7),
        (0, [1, 2, 3], 1, 1, 3),
        (-5, [1, 2, 3], 1, 1, 3),
    ],
)
def test_a_page_of_seven_rows_by_three(asked: int, rows: list[int], page: int, first: int, last: int) -> None:
    found = Page.of(range(1, 8), asked, 3)
    assert (found.rows, found.page, found.first, found.last) == (rows, page, first, last)
    assert (found.pages, found.total) == (3, 7)


def test_an_empty_list_has_one_page_without_rows() -> None:
    found = Page.of(list[int](), 9, 3)
    assert (found.rows, found.page, found.pages, found.first, found.last) == ([], 1, 1, 0, 0)
    assert nearest(9, 0) == 1
