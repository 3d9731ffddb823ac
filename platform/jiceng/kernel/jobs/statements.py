"""The relay's SQL about jobs. Times are the database's, so that workers' clocks do not matter."""

TENANTS = """
with recursive waiting(tenant_id) as (
    (select tenant_id from job where state in ('queued', 'running') order by tenant_id limit 1)
    union all
    select (select job.tenant_id from job
            where job.state in ('queued', 'running') and job.tenant_id > waiting.tenant_id
            order by job.tenant_id limit 1)
    from waiting where waiting.tenant_id is not null
)
select tenant_id from waiting where tenant_id is not null order by tenant_id <= $1, tenant_id
"""
"""Tenants with open jobs, the one after $1 first: a step through the index per tenant, however many jobs."""

TAKE = """
update job set state = 'running', fence = fence + 1, attempts = attempts + 1, worker = $4,
               due_at = clock_timestamp() + $3::interval,
               started_at = coalesce(started_at, clock_timestamp())
where tenant_id = $1 and id = (
    select id from job
    where tenant_id = $1 and state in ('queued', 'running') and due_at <= clock_timestamp() and kind = any($2)
    order by sort_order, created_at, id limit 1 for update skip locked)
returning tenant_id, id, kind, args, attempts, fence
"""
"""Take the tenant's oldest due job; one whose lease has ended is due again, and before younger ones."""

RENEW = """
update job set due_at = clock_timestamp() + $4::interval
where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'
returning cancel_asked
"""
REPORT = """
update job set progress_done = $4, progress_total = $5, note = $6
where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'
returning cancel_asked
"""
AGAIN = """
update job set state = 'queued', worker = null, attempts = attempts - $4,
               due_at = clock_timestamp() + $5::interval, error = $6
where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'
"""
END = """
update job set state = $4, error = $5, unique_key = null, finished_at = clock_timestamp()
where tenant_id = $1 and id = $2 and fence = $3 and state = 'running'
"""
ABANDON = "update job set due_at = clock_timestamp() where worker = $1 and state = 'running'"

INSERT = """
insert into job (tenant_id, id, kind, args, unique_key, sort_order, state, attempts, fence, due_at,
                 cancel_asked, progress_done, progress_total, note, error, created_at)
values ($1, $2, $3, $4, $5, $6, 'queued', 0, 0, coalesce($7, clock_timestamp()), false, 0, 0, '', '', $8)
on conflict (tenant_id, kind, unique_key) do nothing
returning id
"""
LOCK = """
select fence = $3 and state = 'running' as ours, cancel_asked from job
where tenant_id = $1 and id = $2 for update
"""
DONE = """
update job set state = 'done', error = '', unique_key = null, finished_at = clock_timestamp(),
               progress_done = greatest(progress_done, progress_total)
where tenant_id = $1 and id = $2 and fence = $3
"""
CANCEL = """
update job set cancel_asked = true,
               state = case state when 'queued' then 'cancelled' else state end,
               unique_key = case state when 'queued' then null else unique_key end,
               finished_at = case state when 'queued' then clock_timestamp() else finished_at end
where tenant_id = $1 and id = $2 and state in ('queued', 'running')
returning state
"""
RETRY = """
update job set state = 'queued', attempts = 0, cancel_asked = false, worker = null, error = '', note = '',
               due_at = clock_timestamp(), started_at = null, finished_at = null,
               set_aside_at = null, progress_done = 0, progress_total = 0
where tenant_id = $1 and id = $2 and state in ('failed', 'parked', 'cancelled')
  and not exists (select 1 from job other
                  where other.tenant_id = $1 and other.kind = job.kind and other.args = job.args
                    and other.state in ('queued', 'running'))
returning fence
"""
"""Queue an ended job again; not while another is queued or running for the same thing."""

SET_ASIDE = """
update job set set_aside_at = clock_timestamp()
where tenant_id = $1 and id = $2 and state in ('failed', 'parked') and set_aside_at is null
returning state
"""

_SHOWN = """
select id, kind, state, attempts, progress_done as done, progress_total as total, note, error, cancel_asked,
       created_at, started_at, finished_at
from job where tenant_id = $1
"""
STATUS = _SHOWN + " and id = $2"
OPEN = (
    _SHOWN
    + """ and state in ('queued', 'running')
order by state desc, sort_order, created_at, id limit 200"""
)
ENDED = (
    _SHOWN
    + """ and (state in ('done', 'cancelled') or set_aside_at is not null)
order by finished_at desc, id limit 50"""
)
TROUBLED = (
    _SHOWN
    + """ and state in ('parked', 'failed') and set_aside_at is null
order by finished_at desc, id limit 200"""
)

COUNTS = """
select tenant_id, count(*) filter (where state = 'queued') as queued,
       count(*) filter (where state = 'running') as running,
       count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'parked') as parked,
       extract(epoch from clock_timestamp() - min(due_at) filter (where state = 'queued'))::int as waiting
from job where state in ('queued', 'running', 'failed', 'parked') and set_aside_at is null
group by tenant_id
"""
"""Numbers only, of every tenant; `waiting` are the seconds the longest due job has been waiting."""

FORGET_JOBS = """
delete from job where tenant_id = $1 and ((state in ('done', 'cancelled') and finished_at < $2)
                                          or (state in ('failed', 'parked') and finished_at < $3))
"""
FORGET_TICKS = "delete from tick where tenant_id = $1 and state <> 'waiting' and due_at < $2"
