"""The engine knows which tables a statement touches, so that it can demand a tenant."""

import pytest

from jiceng.kernel.database.touched import tables_touched


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ('SELECT "member"."id" FROM "member" WHERE "member"."name" = $1', {"member"}),
        ("select 1 from member m join unit u on u.id = m.unit", {"member", "unit"}),
        ("select 1 from tenant, member where true", {"tenant", "member"}),
        ("select 1 from tenant t, only public.member as m order by 1", {"tenant", "member"}),
        ('INSERT INTO "member" ("id") VALUES ($1)', {"member"}),
        ("update public.\"member\" set name = 'from unit'", {"member"}),
        ("delete from only member using unit where true", {"member", "unit"}),
        ("with gone as (delete from member returning id) select * from gone", {"member", "gone"}),
        ("select (select count(*) from member) from tenant", {"tenant", "member"}),
        ("copy (select * from member) to stdout", {"member"}),
        ("truncate table member", {"member"}),
        ("FROM MEMBER", {"member"}),
    ],
)
def test_every_table_is_seen_wherever_it_stands(sql: str, tables: set[str]) -> None:
    assert tables <= tables_touched(sql)


def test_words_in_literals_and_comments_are_not_tables() -> None:
    sql = "select 'from member' -- join unit\n/* update post */ from tenant where name = 'into fact'"
    assert tables_touched(sql) == {"tenant"}
