"""docs/roles.md, made from the one table of access.py: `python -m jiceng.accounts.managing.roles_page`.

Prints the page; a test compares it with the file.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from jiceng.accounts.access import ROLE_NAMES, ROLES, SEPARATED, SEPARATED_ROLES, WHOLE, Permission, Role
from jiceng.accounts.fields import MEMBER_FIELDS
from jiceng.accounts.labels import CLEARANCE, LABEL_NAMES
from jiceng.accounts.managing.granting import NARROW
from jiceng.accounts.scope import KIND_NAMES
from jiceng.accounts.signing_in.persons import ALWAYS_PROVE
from jiceng.accounts.signing_in.sessions import absolute_limit, idle_limit

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
ROLE_ENGLISH: dict[Role, str] = {
    Role.OPERATOR: "operator",
    Role.TENANT_ADMIN: "tenant administrator",
    Role.CLERK: "department clerk",
    Role.REVIEWER: "reviewer",
    Role.SECRETARY: "branch secretary",
    Role.MEMBER: "member",
    Role.DECLARER: "enterprise declarer",
    Role.RATER: "rater",
    Role.SUPERVISOR: "supervisor",
    Role.VIEWER: "viewer",
    Role.AUDITOR: "auditor",
    Role.SYSTEM_ADMIN: "system administrator",
    Role.SECURITY_ADMIN: "security administrator",
    Role.AUDIT_ADMIN: "audit administrator",
    Role.UNASSIGNED: "no role yet",
}
PERMISSION_WORDS: dict[Permission, tuple[str, str]] = {
    Permission.OWN_SESSION: ("自己的登录、密码、动态口令", "own sessions, password, second factor"),
    Permission.VIEW_HOME: ("工作台", "home page"),
    Permission.VIEW_ROSTER: ("看组织和人员", "see organizations and members"),
    Permission.IMPORT_ROSTER: ("导入名册", "import rosters"),
    Permission.VIEW_SCHEMES: ("看方案", "see schemes"),
    Permission.MANAGE_SCHEMES: ("启用、修改、发布方案", "adopt, change, publish schemes"),
    Permission.VIEW_FACTS: ("看事实", "see facts"),
    Permission.ENTER_FACTS: ("录入、更正事实", "enter and correct facts"),
    Permission.TAKE_PART: ("参加：认领、填报、申报", "take part: claim, fill in, declare"),
    Permission.CHECK_WORK: ("核验、评审别人提交的", "check and review what others handed in"),
    Permission.MANAGE_BALLOTS: ("组织票决：建立、开放、计票", "run ballots: draft, open, count"),
    Permission.TYPE_BALLOTS: ("录入纸质票", "type paper ballots"),
    Permission.VIEW_RUNS: ("看评定", "see runs"),
    Permission.OPEN_RUN: ("发起、比较、取消评定", "open, compare, cancel runs"),
    Permission.VIEW_RESULTS: ("看结果和得分说明", "see results and explanations"),
    Permission.MANAGE_PERIODS: ("管理周期和工作日历", "manage periods and the calendar"),
    Permission.DECIDE_RULINGS: ("作出裁定", "decide rulings"),
    Permission.PUBLISH_RESULTS: ("审核、公示、确认结果", "review, give notice, confirm results"),
    Permission.SECOND_SIGN: ("作为第二人批准或驳回", "approve or reject as second person"),
    Permission.VIEW_RECORDS: ("看原始记录", "see the record console"),
    Permission.VIEW_ACCOUNTS: ("看账号", "see accounts"),
    Permission.MANAGE_ACCOUNTS: ("建立、停用账号", "make and disable accounts"),
    Permission.GRANT_ROLES: ("授权：角色和数据范围", "grant roles and scopes"),
    Permission.SECURE_ACCOUNTS: (
        "解锁、结束登录、重设密码、安全设置",
        "unlock, end sessions, reset, security settings",
    ),
    Permission.MANAGE_TOKENS: ("管理接口令牌", "manage API tokens"),
    Permission.VIEW_AUDIT: ("看审计日志", "read the audit log"),
    Permission.MANAGE_JOBS: ("处置后台任务", "look after jobs"),
    Permission.OVERSEE_TENANTS: ("看各单位概况", "oversee tenants"),
}


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([*_head(), *_matrix(), *_roles(), *_scopes(), *_fields(), *_labels(), ""])


def _head() -> list[str]:
    return [
        "# 角色和权限 · Roles and permissions",
        "",
        "Made from `platform/jiceng/accounts/access.py` by `python -m jiceng.accounts.managing.roles_page`.",
        "Do not edit; a test compares. ● may · ○ only accounts that see the whole roster · △ not while the",
        "tenant has three administrators (三员分立), except for themselves.",
        "",
    ]


def _matrix() -> list[str]:
    header = "| 权限 Permission | " + " | ".join(ROLE_NAMES[role] for role in ROLES) + " |"
    lines = [header, "|---|" + ":-:|" * len(ROLES)]
    for permission, (chinese, english) in PERMISSION_WORDS.items():
        cells = " | ".join(_cell(role, permission) for role in ROLES)
        lines.append(f"| {chinese} {english} (`{permission.value}`) | {cells} |")
    return lines


def _cell(role: Role, permission: Permission) -> str:
    if permission not in ROLES[role]:
        return ""
    mark = "○" if permission in WHOLE else "●"
    return mark + ("△" if permission in SEPARATED and role not in SEPARATED_ROLES else "")


def _roles() -> list[str]:
    lines = [
        "",
        "| 角色 Role | 英文 | 闲置 idle | 最长 longest | 动态口令 second factor | 起始范围 first scope |",
        "|---|---|--:|--:|---|---|",
    ]
    for role in ROLES:
        idle, longest = idle_limit(role) // _MINUTE, absolute_limit(role) // _HOUR
        proves = (
            "必须 required"
            if role in ALWAYS_PROVE
            else "按设置 as set"
            if role is Role.TENANT_ADMIN
            else "自愿 optional"
        )
        scope = KIND_NAMES["self" if role in NARROW else "all"]
        lines.append(
            f"| {ROLE_NAMES[role]} `{role.value}` | {ROLE_ENGLISH[role]} | {idle} min | {longest} h"
            f" | {proves} | {scope} |"
        )
    return lines


def _scopes() -> list[str]:
    english = {
        "all": "everything",
        "subtree": "an organization and those below it",
        "own": "an organization alone",
        "self": "the own person alone",
    }
    return [
        "",
        "数据范围 Data scopes: "
        + " · ".join(f"{zh} {english[kind]} (`{kind}`)" for kind, zh in KIND_NAMES.items())
        + ".",
        "What lies outside a scope is answered like what does not exist.",
    ]


def _fields() -> list[str]:
    roles = [role for role in ROLES if any(role in field.read for field in MEMBER_FIELDS.values())]
    lines = [
        "",
        "## 党员记录的字段 · Fields of a member's record",
        "",
        "看 reads · 录 enters by import. A role that is not listed reads none; jobs see all.",
        "",
        "| 字段 Field | " + " | ".join(ROLE_NAMES[role] for role in roles) + " |",
        "|---|" + ":-:|" * len(roles),
    ]
    for name, field in MEMBER_FIELDS.items():
        cells = (("看" * (role in field.read)) + ("录" * (role in field.enter)) for role in roles)
        lines.append(f"| {field.zh} {field.en} (`{name}`) | " + " | ".join(cells) + " |")
    return lines


def _labels() -> list[str]:
    return [
        "",
        "## 敏感级 · Security labels",
        "",
        "A record or file labelled higher than the role is cleared for is treated like what does not exist.",
        "",
        "| 敏感级 Label | 能看的角色 Roles that read it |",
        "|---|---|",
        *(
            f"| {name} `{label.name.lower()}` | "
            + "、".join(ROLE_NAMES[role] for role in ROLES if CLEARANCE[role] >= label)
            + " |"
            for label, name in LABEL_NAMES.items()
        ),
    ]


def main() -> None:
    """Print the page."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
