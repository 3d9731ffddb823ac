"""Old servers are refused: below 16 always, without security releases in production."""

import datetime as dt

import pytest
from asyncpg.serverversion import split_server_version_string as version

from jiceng.kernel.database.server_version import (
    RELEASED,
    lacks_security_release,
    overdue,
    refuse_old_server,
)
from jiceng.kernel.errors import Refusal


@pytest.mark.parametrize(("major", "minor"), [(16, 0), (17, 4), (18, 4), (19, 0)])
def test_development_takes_any_server_from_16_on(major: int, minor: int) -> None:
    refuse_old_server(version(f"{major}.{minor}"))


def test_older_servers_are_refused_with_the_version_they_need() -> None:
    with pytest.raises(Refusal, match=r"15\.9.*需要 PostgreSQL 16 或更新"):
        refuse_old_server(version("15.9"))


@pytest.mark.parametrize(
    ("major", "minor", "lacks"),
    [
        (16, 15, True),
        (16, 16, False),
        (17, 11, True),
        (17, 12, False),
        (18, 6, True),
        (18, 7, False),
        (19, 0, False),
    ],
)
def test_production_needs_the_security_release_of_its_major_version(
    major: int, minor: int, lacks: bool
) -> None:
    told = version(f"{major}.{minor} (Debian {major}.{minor}-1.pgdg12+1)")
    assert lacks_security_release(major, minor) is lacks
    if lacks:
        with pytest.raises(Refusal, match=rf"{major}\.{minor}.*PostgreSQL {major}\.{minor + 1} 或更新"):
            refuse_old_server(told, production=True)
    else:
        refuse_old_server(told, production=True)


@pytest.mark.parametrize(
    ("major", "minor", "days", "late"),
    [(18, 4, 60, False), (18, 4, 61, True), (18, 7, 400, False), (17, 11, 61, True), (19, 0, 400, False)],
)
def test_a_pinned_server_may_lack_a_security_release_for_sixty_days(
    major: int, minor: int, days: int, late: bool
) -> None:
    assert overdue(major, minor, RELEASED + dt.timedelta(days=days)) is late
