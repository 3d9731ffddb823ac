"""The SELECTs of the rhythm. $1 is the tenant; $2 and $3 are what may be seen: organizations, a member."""

from typing import Any

SEEN = "($2::uuid[] is null or c.organization = any($2) or c.member = $3)"


def within(statement: str, seen: tuple[Any, Any]) -> str:
    """A statement over a year's claims, without SEEN for who sees everything.

    A plan that is kept for later calls cannot know that SEEN leaves nothing out: it would read the table and
    sort it (140 ms instead of 20 over 74,000 claims).
    """
    return (
        statement
        if seen[0] is not None
        else statement.replace(SEEN, "$2::uuid[] is null and $3::uuid is null")
    )


LATE = """
select c.id as claim, c.organization, w.why, w.days from points_claim c
cross join lateral (
  select coalesce((max(v.at) at time zone 'Asia/Shanghai')::date, c.done_on) as since
  from points_move v where c.state <> 'claimed' and v.tenant_id = $1 and v.claim = c.id and v.after = c.state
) m
cross join lateral (
  select case
    when c.state in ('claimed', 'rejected') and c.due < $2 then 'overdue'
    when c.state = 'done' and m.since < $2::date - 14 then 'waiting'
    when c.state = 'rejected' and m.since < $2::date - 7 then 'rejected' end as why,
  $2::date - case when c.state in ('claimed', 'rejected') and c.due < $2 then c.due else m.since end as days
) w
where c.tenant_id = $1 and c.state in ('claimed', 'done', 'rejected') and w.why is not null
"""
"""What is late on day $2: past its deadline, unverified for two weeks, sent back a week ago.

Counted from the day it was reported or sent back; the day of the deed where a workbook told no more.
"""
DISPATCHES = """
select id, month, day, made_at from points_dispatch where tenant_id = $1 order by month desc limit 36
"""
DISPATCH = """
select l.organization, coalesce(s.short_name, s.name, '') as place,
  count(*) filter (where l.why = 'overdue') as overdue, count(*) filter (where l.why = 'waiting') as waiting,
  count(*) filter (where l.why = 'rejected') as rejected,
  count(*) filter (where c.state in ('claimed', 'done', 'rejected')) as still
from points_dispatch_line l
join points_claim c on c.tenant_id = $1 and c.id = l.claim
join organization o on o.tenant_id = $1 and o.id = l.organization
left join organization_state s on s.tenant_id = $1 and s.organization = l.organization and s.until is null
where l.tenant_id = $1 and l.dispatch = $4
  and ($2::uuid[] is null or l.organization = any($2) or c.member = $3)
group by l.organization, o.number, s.short_name, s.name order by o.number
"""
LINES = """
select l.claim, c.number, i.number || ' ' || i.title as item,
  coalesce(m.name, s.short_name, s.name, '') as who, coalesce(s.short_name, s.name, '') as place,
  l.why, l.days, c.state
from points_dispatch_line l
join points_claim c on c.tenant_id = $1 and c.id = l.claim
join points_item i on i.tenant_id = $1 and i.id = c.item
left join member m on m.tenant_id = $1 and m.id = c.member
left join organization_state s on s.tenant_id = $1 and s.organization = l.organization and s.until is null
where l.tenant_id = $1 and l.dispatch = $4 and ($5::uuid is null or l.organization = $5)
  and ($2::uuid[] is null or l.organization = any($2) or c.member = $3)
/* labels */
"""
STANDING = """
select g.*, coalesce(s.short_name, s.name, '') as place from (
  select c.organization, count(distinct c.member) as people,
    count(*) as claimed, count(*) filter (where c.state = 'verified') as verified,
    count(*) filter (where c.state = 'done') as waiting,
    count(*) filter (where c.state in ('claimed', 'rejected') and c.due < $7) as late,
    coalesce(sum(c.worth) filter (where c.state = 'verified'), 0) as points
  from points_claim c
  where c.tenant_id = $1 and ($2::uuid[] is null or c.organization = any($2) or c.member = $3)
    and c.year = $4 and coalesce(c.done_on, c.claimed_on) between $5 and $6 and c.state <> 'withdrawn'
  group by c.organization
) g
join organization o on o.tenant_id = $1 and o.id = g.organization
left join organization_state s on s.tenant_id = $1 and s.organization = g.organization and s.until is null
order by o.number
"""
"""Grouped before it is joined: right after a bulk import the planner knows no numbers yet.

In the order of the organizations' numbers: by name the tenth branch would stand before the first.
"""
YEAR_STANDING = STANDING.replace(" and coalesce(c.done_on, c.claimed_on) between $5 and $6", "").replace(
    "$7", "$5"
)
"""The whole year's claims: read from an index alone, already in the order of organizations."""
ITEMS_DONE = """
select i.kind, g.item, g.members, g.months from (
  select c.item, count(distinct c.member) as members, array[{months}] as months
  from points_claim c
  where c.tenant_id = $1 and ($2::uuid[] is null or c.organization = any($2) or c.member = $3)
    and c.year = $4 and c.state = 'verified'
  group by c.item
) g
join points_item i on i.tenant_id = $1 and i.id = g.item
"""
"""Each item's verified claims: how many members, and how many claims by month; one pass for the page."""
REQUIRED = """
select i.id, i.number, i.title, i.opens, i.deadline, i.categories from points_item i
where i.tenant_id = $1 and i.year = $2 and i.kind = '必选' and i.state = 'shelf' and i.side <> '组织'
order by i.number
"""
ELIGIBLE = """
select s.category, count(*) as n from member m
join membership b on b.tenant_id = $1 and b.member = m.id
  and b.since <= $4 and (b.until is null or b.until > $4)
join member_state s on s.tenant_id = $1 and s.member = m.id
  and s.since <= $4 and (s.until is null or s.until > $4)
where m.tenant_id = $1 and ($2::uuid[] is null or b.organization = any($2) or m.id = $3)
  and m.id not in (
    select l.member from points_own_list l where l.tenant_id = $1 and l.year = $5 and l.state = 'filed')
group by 1
"""
YEAR_END = """
select
  count(*) filter (where state = 'done') as waiting,
  count(*) filter (where state in ('claimed', 'rejected')) as open,
  count(*) filter (where member is not null
    and posted <> case when state = 'verified' then times else 0 end) as unposted,
  (select count(*) from points_adjustment
    where tenant_id = $1 and year = $2 and state = 'proposed') as adjustments,
  (select count(*) from points_own_list
    where tenant_id = $1 and year = $2 and state in ('applied', 'studied')) as own_lists
from points_claim where tenant_id = $1 and year = $2
"""
