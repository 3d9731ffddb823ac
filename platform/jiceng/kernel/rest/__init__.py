"""What the REST doors of all slices share: routers, pages of lists, problems, answers given once per key."""

from jiceng.kernel.rest.doors import (
    LARGEST_BODY,
    Day,
    Key,
    PageNumber,
    PageSize,
    is_api,
    operations,
    read,
    write,
)
from jiceng.kernel.rest.pages import Page
from jiceng.kernel.rest.problems import Problem
from jiceng.kernel.rest.writing import once

__all__ = [
    "LARGEST_BODY",
    "Day",
    "Key",
    "Page",
    "PageNumber",
    "PageSize",
    "Problem",
    "is_api",
    "once",
    "operations",
    "read",
    "write",
]
