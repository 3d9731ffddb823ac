"""The home checklist (上线清单): what a tenant still misses, in the order of the work, with links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from jiceng.accounts.access import Permission, may
from jiceng.console.frame.figures import figure
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch_row
from jiceng.roster.queries import counts as roster_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng.accounts.schemas import SignedIn

State = Literal["done", "now", "open"]

_COUNTS = """
SELECT (SELECT count(*) FROM scheme WHERE tenant_id = $1) AS schemes,
       (SELECT count(*) FROM fact WHERE tenant_id = $1) AS facts,
       (SELECT count(*) FROM run WHERE tenant_id = $1) AS runs,
       (SELECT count(*) FROM run WHERE tenant_id = $1 AND state = 'done') AS finished,
       (SELECT count(*) FROM account WHERE tenant_id = $1 AND state = 'active') AS accounts,
       (SELECT count(*) FROM account WHERE tenant_id = $1 AND state = 'invited') AS invited
"""


class Counts(msgspec.Struct, frozen=True):
    """How much of everything the tenant has."""

    organizations: int
    members: int
    schemes: int
    facts: int
    runs: int
    finished: int
    accounts: int
    invited: int


class Step(msgspec.Struct, frozen=True):
    """One line: `why` is a msgid filled with `values`; `path` and `action` lead to the work."""

    title: str
    why: str
    values: Mapping[str, int]
    path: str
    action: str
    state: State
    allowed: bool

    @property
    def figures(self) -> dict[str, str]:
        """The values as the ledger writes numbers: 11,871."""
        return {name: figure(value) for name, value in self.values.items()}


class _Wanted(msgspec.Struct, frozen=True):
    title: str
    path: str
    action: str
    permission: Permission
    have: str
    want: int
    done: str
    missing: str


WANTED = (
    _Wanted(
        "导入组织与党员名册",
        "import",
        "去导入",
        Permission.IMPORT_ROSTER,
        "organizations",
        1,
        "%(organizations)s 个组织、%(members)s 名党员",
        "用自己的 Excel 就行，列名对得上即可",
    ),
    _Wanted(
        "邀请同事",
        "accounts",
        "去邀请",
        Permission.MANAGE_ACCOUNTS,
        "accounts",
        2,
        "%(accounts)s 个账号在用，%(invited)s 个等待接受邀请",
        "一个人录入、另一个人复核，至少要两个账号",
    ),
    _Wanted(
        "启用一个评价方案",
        "schemes",
        "看方案",
        Permission.MANAGE_SCHEMES,
        "schemes",
        1,
        "已启用 %(schemes)s 个方案",
        "可直接采用现成的预设",
    ),
    _Wanted(
        "录入评价要用的事实",
        "schemes",
        "看要哪些",
        Permission.ENTER_FACTS,
        "facts",
        1,
        "已有 %(facts)s 条事实",
        "方案页写明要哪些事实、用什么表",
    ),
    _Wanted(
        "做第一次评定",
        "runs",
        "去评定",
        Permission.OPEN_RUN,
        "finished",
        1,
        "已完成 %(finished)s 次评定",
        "结果都是拟定，公示确认后才生效",
    ),
)


async def counts() -> Counts:
    """Count what the current tenant has; the roster as of today."""
    roster = await roster_counts(today())
    rest = dict(await fetch_row(_COUNTS, current_tenant()))
    return Counts(organizations=roster.organizations, members=roster.members, **rest)


def checklist(have: Counts, user: SignedIn) -> list[Step]:
    """The steps in order; the first one not done is `now`, those after it are `open`."""
    values = msgspec.structs.asdict(have)
    steps = []
    reached = False
    for wanted in WANTED:
        done = values[wanted.have] >= wanted.want
        state: State = "done" if done else "open" if reached else "now"
        reached = reached or not done
        why = wanted.done if done else wanted.missing
        allowed = may(user, wanted.permission)
        steps.append(
            Step(wanted.title, why, values if done else {}, wanted.path, wanted.action, state, allowed)
        )
    return steps
