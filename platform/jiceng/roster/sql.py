"""The roster's SELECTs. $1 is the tenant, $2 the day; a state counts from `since` until before `until`."""

ORGANIZATIONS = """
select o.id, o.number, o.founded, s.name, s.short_name, s.kind, s.field, s.parent, s.last_election,
       s.next_election, s.contact
from organization o
join organization_state s on s.tenant_id = o.tenant_id and s.organization = o.id
where o.tenant_id = $1 and s.tenant_id = $1
  and s.since <= $2 and (s.until is null or s.until > $2)
  and (o.founded is null or o.founded <= $2) and (o.dissolved is null or o.dissolved > $2)
order by o.number
"""

MEMBERS = """
select m.id, m.number, m.name, m.sex, m.birth_year, m.education, m.joined, s.category, s.state, s.employment,
       s.dual, s.mobile, s.worker, b.organization, b.since
from member m
join membership b on b.tenant_id = m.tenant_id and b.member = m.id
join member_state s on s.tenant_id = m.tenant_id and s.member = m.id
where m.tenant_id = $1 and b.tenant_id = $1 and s.tenant_id = $1
  and b.since <= $2 and (b.until is null or b.until > $2)
  and s.since <= $2 and (s.until is null or s.until > $2)
order by m.number
"""

UNITS = """
select u.id, u.number, s.name, s.kind, s.employees, s.should_have, s.coverage, s.organization
from unit u
join unit_state s on s.tenant_id = u.tenant_id and s.unit = u.id
where u.tenant_id = $1 and s.tenant_id = $1 and s.since <= $2 and (s.until is null or s.until > $2)
order by u.number
"""

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
        and (o.founded is null or o.founded <= $2)
        and (o.dissolved is null or o.dissolved > $2)) as organizations,
    (select count(*) from membership b where b.tenant_id = $1
        and b.since <= $2 and (b.until is null or b.until > $2)) as members,
    (select count(*) from unit_state s where s.tenant_id = $1
        and s.since <= $2 and (s.until is null or s.until > $2)) as units,
    (select count(*) from unit_state s where s.tenant_id = $1 and s.kind = '非公企业' and s.should_have
        and s.since <= $2 and (s.until is null or s.until > $2)) as should_have,
    (select count(*) from unit_state s where s.tenant_id = $1 and s.kind = '非公企业' and s.should_have
        and s.coverage in ('单独组建', '联合组建')
        and s.since <= $2 and (s.until is null or s.until > $2)) as covered
"""

NAMES = """
select id, name from member where tenant_id = $1 and id = any($2::uuid[])
union all
select organization, name from organization_state
where tenant_id = $1 and until is null and organization = any($2::uuid[])
union all
select unit, name from unit_state where tenant_id = $1 and until is null and unit = any($2::uuid[])
"""

NUMBERS = {
    "member": "select number, id from member where tenant_id = $1",
    "organization": "select number, id from organization where tenant_id = $1",
    "unit": "select number, id from unit where tenant_id = $1",
}
