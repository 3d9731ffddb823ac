"""The rows of a generated roster, and the figures the generated rosters add up to."""

import datetime as dt

import msgspec

ROSTER_DAY = dt.date(2026, 11, 1)
"""The day every demo roster describes; also the creation date of the files."""
YEAR = 2026
LAST_CLAIM = dt.date(2026, 11, 20)

OVER_60 = 0.3536
UP_TO_35 = 0.2218
COLLEGE = 0.4935
"""Shares of members by age and with 大专 or more, as in an old industrial district."""
DISTRICT_ORGANIZATIONS = 614
SHOULD_HAVE, COVERED = 308, 216
"""Non-public units that should have an organization, and those that have: 70.13 %."""
SHOULD_HAVE_BEFORE, COVERED_BEFORE = 302, 94
"""The same a year before: 31.13 %, so that coverage rose by 39.00 points."""
BEFORE_DAY = dt.date(2025, 12, 31)
"""The day the earlier roster describes."""


class Organization(msgspec.Struct):
    """A row of the sheet 组织; `members` is how many the generator puts into it."""

    number: str
    name: str
    short_name: str
    kind: str
    field: str
    parent: str
    founded: dt.date
    last_election: dt.date | None = None
    next_election: dt.date | None = None
    members: int = 0


class Unit(msgspec.Struct):
    """A row of the sheet 单位."""

    number: str
    name: str
    kind: str
    employees: int
    should_have: bool
    coverage: str
    organization: str | None


class Member(msgspec.Struct):
    """A row of the sheet 党员."""

    number: str
    name: str
    sex: str
    field: str
    organization: str
    birth_year: int = 0
    education: str = ""
    category: str = ""
    state: str = "正式"
    joined: dt.date = dt.date(2000, 7, 1)
    employment: str = "在职"
    dual: bool = False
    mobile: bool = False
    worker: bool = False
    since: dt.date | None = None
    joined_by: str = "发展"
    until: dt.date | None = None
    left_by: str | None = None


class Post(msgspec.Struct):
    """A row of the sheet 任职."""

    member: str
    organization: str
    post: str
    since: dt.date
    until: dt.date


class Roster(msgspec.Struct):
    """Everything of one tenant's roster; `earlier`: the units as they were a year before, if kept."""

    organizations: list[Organization] = []
    units: list[Unit] = []
    earlier: list[Unit] = []
    members: list[Member] = []
    posts: list[Post] = []
