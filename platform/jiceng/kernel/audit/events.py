"""What the audit log tells of: the closed list of events and of the details an entry may carry.

Details are identifiers, counts and yes/no. There is no kind for a name, a number of a person or free text.
"""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

Kind = Literal["count", "flag", "id", "day", "key", "route", "digest"]


class Event(StrEnum):
    """One kind of act; the value is what the log stores and the verifier reads for ever."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LOCKED = "sign_in_locked"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    AUTHENTICATION_KEPT = "authentication_kept"
    AUTHENTICATION_CHANGED = "authentication_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ACCOUNT_UNLOCKED = "account_unlocked"
    ROLE_CHANGED = "role_changed"
    TOTP_CHANGED = "totp_changed"
    TOKEN_MADE = "token_made"  # noqa: S105 - the name of an event
    TOKEN_ENDED = "token_ended"  # noqa: S105 - the name of an event
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_DECIDED = "approval_decided"
    PERMISSION_REFUSED = "permission_refused"
    WRITE_REFUSED = "write_refused"
    TENANT_CREATED = "tenant_created"
    TENANT_CHANGED = "tenant_changed"
    TENANT_ONBOARDED = "tenant_onboarded"
    PLUGIN_SWITCHED = "plugin_switched"
    SETTING_CHANGED = "setting_changed"
    ROSTER_IMPORTED = "roster_imported"
    ROSTER_IMPORT_UNDONE = "roster_import_undone"
    FACTS_IMPORTED = "facts_imported"
    FACTS_IMPORT_UNDONE = "facts_import_undone"
    FACT_CORRECTED = "fact_corrected"
    BALLOT_CHANGED = "ballot_changed"
    BALLOT_PLEDGED = "ballot_pledged"
    BALLOT_LINKS_MADE = "ballot_links_made"
    BALLOT_PAPERS_HANDED = "ballot_papers_handed"
    BALLOT_PAPERS_TYPED = "ballot_papers_typed"
    BALLOT_COUNTED = "ballot_counted"
    BALLOT_PROPOSAL_DECIDED = "ballot_proposal_decided"
    RULEBOOK_DRAFTED = "rulebook_drafted"
    RULEBOOK_PUBLISHED = "rulebook_published"
    PERIOD_CHANGED = "period_changed"
    CAMPAIGN_CHANGED = "campaign_changed"
    RATING_HANDED_IN = "rating_handed_in"
    RUN_OPENED = "run_opened"
    RUN_FINISHED = "run_finished"
    RUN_FAILED = "run_failed"
    RUN_REVIEWED = "run_reviewed"
    RULING_MADE = "ruling_made"
    RESULTS_MOVED = "results_moved"
    RESULTS_CONFIRMED = "results_confirmed"
    OBJECTION_NOTED = "objection_noted"
    OBJECTION_ANSWERED = "objection_answered"
    JOB_CHANGED = "job_changed"
    WORK_MOVED = "work_moved"
    MEMBERS_READ = "members_read"
    MEMBER_READ = "member_read"
    LABEL_CHANGED = "label_changed"
    PERSON_ERASED = "person_erased"
    FACTS_READ = "facts_read"
    RESULTS_READ = "results_read"
    RESULT_READ = "result_read"
    RECORDS_READ = "records_read"
    EXPORTED = "exported"
    EXPORT_REFUSED = "export_refused"
    FILE_STORED = "file_stored"
    FILE_READ = "file_read"
    FILE_REMOVED = "file_removed"
    AUDIT_READ = "audit_read"
    AUDIT_EXPORTED = "audit_exported"
    AUDIT_VERIFIED = "audit_verified"
    AUDIT_PURGED = "audit_purged"


WORDS: dict[Event, tuple[str, str]] = {
    Event.SIGNED_IN: ("登录", "signed in"),
    Event.SIGN_IN_FAILED: ("登录失败", "sign-in failed"),
    Event.SIGN_IN_LOCKED: ("登录被锁定", "sign-in locked"),
    Event.SIGNED_OUT: ("退出登录", "signed out"),
    Event.SESSION_ENDED: ("结束会话", "session ended"),
    Event.INVITED: ("发出邀请", "invited"),
    Event.INVITATION_ACCEPTED: ("接受邀请", "invitation accepted"),
    Event.PASSWORD_CHANGED: ("修改密码", "password changed"),
    Event.AUTHENTICATION_KEPT: ("登记登录数据", "authentication data registered"),
    Event.AUTHENTICATION_CHANGED: ("警报：登录数据被改动", "alarm: stored authentication data changed"),
    Event.ACCOUNT_DISABLED: ("停用账号", "account disabled"),
    Event.ACCOUNT_ENABLED: ("启用账号", "account enabled"),
    Event.ACCOUNT_UNLOCKED: ("解锁账号", "account unlocked"),
    Event.ROLE_CHANGED: ("调整角色", "role changed"),
    Event.TOTP_CHANGED: ("变更动态口令", "second factor changed"),
    Event.TOKEN_MADE: ("建立接口令牌", "API token made"),
    Event.TOKEN_ENDED: ("作废接口令牌", "API token ended"),
    Event.APPROVAL_ASKED: ("提交双人审批", "second person asked for"),
    Event.APPROVAL_DECIDED: ("办理双人审批", "decided as second person"),
    Event.PERMISSION_REFUSED: ("越权被拒绝", "permission refused"),
    Event.WRITE_REFUSED: ("写入被拒绝", "write refused: fields or a thing that are not theirs"),
    Event.TENANT_CREATED: ("登记单位", "tenant registered"),
    Event.TENANT_CHANGED: ("变更单位登记", "tenant's registration changed"),
    Event.TENANT_ONBOARDED: ("接入单位", "tenant onboarded"),
    Event.PLUGIN_SWITCHED: ("启停插件", "plugin switched"),
    Event.SETTING_CHANGED: ("更改设置", "setting changed"),
    Event.ROSTER_IMPORTED: ("导入名册", "roster imported"),
    Event.ROSTER_IMPORT_UNDONE: ("撤销名册导入", "roster import taken back"),
    Event.FACTS_IMPORTED: ("录入事实", "facts imported"),
    Event.FACTS_IMPORT_UNDONE: ("撤销事实导入", "facts import taken back"),
    Event.FACT_CORRECTED: ("更正事实", "fact corrected"),
    Event.BALLOT_CHANGED: ("办理票决", "ballot drafted, opened or closed"),
    Event.BALLOT_PLEDGED: ("登记公开承诺", "pledge recorded"),
    Event.BALLOT_LINKS_MADE: ("生成投票链接", "ballot links made"),
    Event.BALLOT_PAPERS_HANDED: ("发出纸质票", "paper ballots handed out"),
    Event.BALLOT_PAPERS_TYPED: ("录入纸质票", "paper ballots typed"),
    Event.BALLOT_COUNTED: ("计票", "ballot counted"),
    Event.BALLOT_PROPOSAL_DECIDED: ("处置未参与单位", "unit that took no part decided on"),
    Event.RULEBOOK_DRAFTED: ("起草规则", "rulebook drafted"),
    Event.RULEBOOK_PUBLISHED: ("发布规则", "rulebook published"),
    Event.PERIOD_CHANGED: ("变更周期", "period changed"),
    Event.CAMPAIGN_CHANGED: ("变更评定活动", "rating campaign changed"),
    Event.RATING_HANDED_IN: ("提交评分表", "rating sheet handed in"),
    Event.RUN_OPENED: ("发起评定", "run opened"),
    Event.RUN_FINISHED: ("评定完成", "run finished"),
    Event.RUN_FAILED: ("评定失败", "run failed"),
    Event.RUN_REVIEWED: ("审核评定", "run reviewed"),
    Event.RULING_MADE: ("作出裁定", "ruling made"),
    Event.RESULTS_MOVED: ("办理复核公示", "results moved on"),
    Event.RESULTS_CONFIRMED: ("确认结果", "results confirmed"),
    Event.OBJECTION_NOTED: ("登记异议", "objection noted"),
    Event.OBJECTION_ANSWERED: ("答复异议", "objection answered"),
    Event.JOB_CHANGED: ("处置任务", "job changed"),
    Event.WORK_MOVED: ("办理业务", "a plugin's work moved on"),
    Event.MEMBERS_READ: ("查看人员名单", "list of members read"),
    Event.MEMBER_READ: ("查看个人资料", "a member's page read"),
    Event.LABEL_CHANGED: ("变更敏感级", "security label changed"),
    Event.PERSON_ERASED: ("清除个人信息", "a person's data erased"),
    Event.FACTS_READ: ("查看对象的事实", "a subject's facts read"),
    Event.RESULTS_READ: ("查看结果名单", "list of results read"),
    Event.RESULT_READ: ("查看得分说明", "a result's explanation read"),
    Event.RECORDS_READ: ("查看记录表", "records read"),
    Event.EXPORTED: ("导出下载", "exported"),
    Event.EXPORT_REFUSED: ("警报：频繁导出被拒绝", "alarm: too many exports refused"),
    Event.FILE_STORED: ("存入文件", "file stored"),
    Event.FILE_READ: ("下载文件", "file read"),
    Event.FILE_REMOVED: ("删除文件", "file removed"),
    Event.AUDIT_READ: ("查看审计日志", "audit log read"),
    Event.AUDIT_EXPORTED: ("导出审计日志", "audit log exported"),
    Event.AUDIT_VERIFIED: ("校验审计日志", "audit log verified"),
    Event.AUDIT_PURGED: ("清除到期日志", "expired audit entries purged"),
}
"""Each event in Chinese and in English."""

FIELDS: dict[str, Kind] = {
    "account": "id",
    "count": "count",
    "day": "day",
    "digest": "digest",
    "first": "count",
    "format": "key",
    "kind": "key",
    "last": "count",
    "level": "count",
    "level_before": "count",
    "members": "count",
    "number": "count",
    "on": "flag",
    "organizations": "count",
    "page": "count",
    "plugin": "key",
    "role": "key",
    "role_before": "key",
    "route": "route",
    "rows": "count",
    "run": "id",
    "scheme": "key",
    "seq": "count",
    "session": "id",
    "size": "count",
    "skipped": "count",
    "state": "key",
    "units": "count",
    "version": "count",
}
"""Every detail an entry may carry, and what it is."""

Detail = int | bool | str | UUID | date
