"""The roster's SELECTs. $1 is the tenant, $2 the day; a state counts from `since` until before `until`."""

ORGANIZATIONS = """
select o.id, o.number, o.founded, s.name, s.short_name, s.kind, s.field, s.parent, s.last_election,
       s.next_election
from organization o
join organization_state s on s.tenant_id = o.tenant_id and s.organization = o.id
where o.tenant_id = $1 and s.tenant_id = $1
  and s.since <= $2 and (s.until is null or s.until > $2)
  and (o.founded is null or o.founded <= $2) and (o.dissolved is null or o.dissolved > $2)
order by o.number
"""

MEMBERS = """
select m.id, m.number, m.name, m.sex, m.birth_year, m.education, m.joined,
       m.sensitivity, m.sensitivity_reason,
       s.category, s.state, s.employment, s.dual, s.mobile, s.worker, b.organization, b.since
from member m
join membership b on b.tenant_id = m.tenant_id and b.member = m.id
join member_state s on s.tenant_id = m.tenant_id and s.member = m.id
where m.tenant_id = $1 and b.tenant_id = $1 and s.tenant_id = $1
  and b.since <= $2 and (b.until is null or b.until > $2)
  and s.since <= $2 and (s.until is null or s.until > $2)
"""
HELD = f"select m.organization, count(*) as held from ({MEMBERS}) m group by m.organization"  # noqa: S608 - constants

UNITS = """
select u.id, u.number, s.name, s.kind, s.employees, s.should_have, s.coverage, s.organization
from unit u
join unit_state s on s.tenant_id = u.tenant_id and s.unit = u.id
where u.tenant_id = $1 and s.tenant_id = $1 and s.since <= $2 and (s.until is null or s.until > $2)
"""

PROJECTS = """
select p.id, p.number, s.name, s.kind, s.organization
from project p
join project_state s on s.tenant_id = p.tenant_id and s.project = p.id
where p.tenant_id = $1 and s.tenant_id = $1 and s.since <= $2 and (s.until is null or s.until > $2)
order by p.number
"""

SEEN_MEMBERS = "and ($3::uuid[] is null or b.organization = any($3) or m.id = $4::uuid)"
SEEN_UNITS = "and ($3::uuid[] is null or s.organization = any($3)) and ($4::uuid is null or $3 is not null)"
"""Added to MEMBERS and UNITS before the order: $3 organizations (null: all), $4 one member."""

DESCENDANTS = """
with recursive below (id) as (
    select $3::uuid
    union
    select s.organization
    from below
    join organization_state s on s.tenant_id = $1 and s.parent = below.id
        and s.since <= $2 and (s.until is null or s.until > $2)
)
select o.id from below join organization o on o.tenant_id = $1 and o.id = below.id
where (o.founded is null or o.founded <= $2) and (o.dissolved is null or o.dissolved > $2)
"""

COUNTS = """
select
    (select count(*) from organization o where o.tenant_id = $1
        and ($5::uuid[] is null or o.id = any($5))
        and (o.founded is null or o.founded <= $2)
        and (o.dissolved is null or o.dissolved > $2)) as organizations,
    (select count(*) from membership b where b.tenant_id = $1
        and ($3::uuid[] is null or b.organization = any($3) or b.member = $4::uuid)
        and b.since <= $2 and (b.until is null or b.until > $2)) as members,
    units.units, units.should_have, units.covered
from (
    select count(*) as units,
        count(*) filter (where s.kind = '非公企业' and s.should_have) as should_have,
        count(*) filter (where s.kind = '非公企业' and s.should_have
            and s.coverage in ('单独组建', '联合组建')) as covered
    from unit_state s where s.tenant_id = $1
        and ($3::uuid[] is null or s.organization = any($3))
        and s.since <= $2 and (s.until is null or s.until > $2)
) units
"""

NAMES = """
select id, name from member where tenant_id = $1 and id = any($2::uuid[])
union all
select organization, name from organization_state
where tenant_id = $1 and until is null and organization = any($2::uuid[])
union all
select unit, name from unit_state where tenant_id = $1 and until is null and unit = any($2::uuid[])
union all
(select distinct on (project) project, name from project_state
where tenant_id = $1 and project = any($2::uuid[]) order by project, since desc)
"""
"""A project's last state ends with the year it was closed in: it has a name also afterwards."""

LABELLED_ABOVE = """
select m.id from member m where m.tenant_id = $1 and m.id = any($2::uuid[]) and not (true {cleared})
"""

NUMBERS = {
    "member": """select number, id from member m where tenant_id = $1 {cleared}
        and ($2::uuid[] is null or m.id = $3::uuid or exists (select 1 from membership b
            where b.tenant_id = $1 and b.member = m.id and b.organization = any($2)
            and b.since <= $4 and (b.until is null or b.until > $4)))""",
    "organization": """select number, id from organization where tenant_id = $1
        and ($2::uuid[] is null or id = any($2)) and ($3::uuid is null or $2 is not null)
        and $4::date is not null""",
    "unit": """select number, id from unit u where tenant_id = $1
        and ($2::uuid[] is null or exists (select 1 from unit_state s
            where s.tenant_id = $1 and s.unit = u.id and s.organization = any($2)
            and s.since <= $4 and (s.until is null or s.until > $4)))
        and ($3::uuid is null or $2 is not null)""",
    "project": """select number, id from project p where tenant_id = $1
        and ($2::uuid[] is null or exists (select 1 from project_state s
            where s.tenant_id = $1 and s.project = p.id and s.organization = any($2)
            and s.since <= $4 and (s.until is null or s.until > $4)))
        and ($3::uuid is null or $2 is not null)""",
}
"""Numbers of subjects: $2 organizations (null: all), $3 one member, $4 the day they belong there.

`{cleared}`, here and in SUBJECT_NAME: `labels.cleared("m")`.
"""

SUBJECT_NAME = """
select m.name from member m where m.tenant_id = $1 and m.id = $2 {cleared}
    and ($3::uuid[] is null or m.id = $4::uuid or exists (select 1 from membership b
        where b.tenant_id = $1 and b.member = m.id and b.organization = any($3)
        and b.since <= $5 and (b.until is null or b.until > $5)))
union all
select name from organization_state where tenant_id = $1 and organization = $2 and until is null
    and ($3::uuid[] is null or organization = any($3))
union all
select name from unit_state where tenant_id = $1 and unit = $2 and until is null
    and ($3::uuid[] is null or organization = any($3))
union all
select name from (select name, organization from project_state
    where tenant_id = $1 and project = $2 order by since desc limit 1) p
where $3::uuid[] is null or p.organization = any($3)
"""
