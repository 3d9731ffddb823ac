"""What the REST doors of all slices share: routers, pages of lists, problems, answers given once per key."""

from jiceng.kernel.rest.doors import (
    KEY_HEADER,
    LARGEST_BODY,
    Day,
    Key,
    Looked,
    PageNumber,
    PageSize,
    PageWanted,
    SizeWanted,
    is_api,
    operations,
    read,
    search,
    write,
)
from jiceng.kernel.rest.pages import Page
from jiceng.kernel.rest.problems import Problem
from jiceng.kernel.rest.writing import once

__all__ = [
    "KEY_HEADER",
    "LARGEST_BODY",
    "Day",
    "Key",
    "Looked",
    "Page",
    "PageNumber",
    "PageSize",
    "PageWanted",
    "Problem",
    "SizeWanted",
    "is_api",
    "once",
    "operations",
    "read",
    "search",
    "write",
]
