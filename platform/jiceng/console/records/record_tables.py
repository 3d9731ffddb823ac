"""Which tables the record console shows, under which heading: this list is all there is, and read-only.

Every table here is owned by a service, so nothing is writable. Accounts, sessions, settings with secrets and
large binary frames are left out on purpose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from piccolo.columns import Bytea
from piccolo.table import Table, create_table_class
from piccolo_admin.endpoints import TableConfig

from jiceng.accounts.access import ROLES, Permission
from jiceng.accounts.fields import MEMBER_FIELDS, readable_by_all
from jiceng.evaluation.tables import Result, Ruling, Run
from jiceng.facts.tables import Fact, FactBatch, FactKind
from jiceng.kernel.database import engine
from jiceng.kernel.jobs.tables import JobRow, TickRow
from jiceng.publication.tables import Publication, PublicationMove, Verdict
from jiceng.roster import tables as roster
from jiceng.schemes.periods.tables import CalendarDay, CalendarYear, PeriodChange
from jiceng.schemes.tables import Period, RulebookVersion, Scheme

if TYPE_CHECKING:
    from piccolo.columns import Column

HIDDEN = frozenset({"tenant_id"})
ABOUT_MEMBERS = (roster.Member, roster.MemberState)
_VEILED = frozenset({("fact", "numbers"), ("fact", "words")})
"""What facts hold: pages and exports of facts show it, with the veil over ballots of too few voters."""
_KEPT_BACK = frozenset(MEMBER_FIELDS) - readable_by_all(
    role for role in ROLES if Permission.VIEW_RECORDS in ROLES[role]
)

SHOWN: dict[str, tuple[type[Table], ...]] = {
    "名册": (roster.Organization, roster.OrganizationState, roster.Member, roster.Unit, roster.UnitState),
    "方案与事实": (Scheme, RulebookVersion, Period, FactKind, FactBatch, Fact),
    "评定": (Run, Result, Ruling),
    "复核与公示": (Publication, PublicationMove, Verdict),
    "周期与日历": (PeriodChange, CalendarYear, CalendarDay),
    "后台任务": (JobRow, TickRow),
}


TITLES = {
    "scheme": "方案",
    "rulebook_version": "方案版本",
    "period": "评定周期",
    "fact_kind": "事实种类",
    "fact_batch": "导入批次",
    "workbook": "所属导入",
    "takes_back": "撤销的导入",
    "fact": "事实",
    "run": "评定",
    "result": "评定结果",
    "id": "内部标识",
    "number": "编号",
    "key": "标识",
    "title": "名称",
    "name": "名称",
    "kind": "种类",
    "state": "状态",
    "status": "结论",
    "subject": "对象",
    "score": "得分",
    "grade": "等级",
    "outputs": "附带结果",
    "organization": "党组织",
    "place": "名单次序",
    "plugin": "插件",
    "preset": "预设",
    "enabled": "已启用",
    "book": "方案内容",
    "digest": "校验值",
    "in_force_from": "生效日期",
    "reason": "原因",
    "by": "经办账号",
    "created_at": "建立时间",
    "first_day": "开始日期",
    "last_day": "结束日期",
    "layout": "字段布局",
    "source": "来源",
    "rows": "行数",
    "at": "时间",
    "seq": "流水号",
    "occurred": "发生日期",
    "numbers": "数值",
    "words": "文字",
    "corrects": "更正第几号",
    "withdrawn": "已撤回",
    "entered_by": "录入账号",
    "accepted_by": "核验账号",
    "batch": "批次",
    "rulebook": "方案版本",
    "engine": "引擎版本",
    "roster_at": "名册日期",
    "watermark": "事实截至号",
    "previous": "历次结果",
    "inputs_digest": "输入校验值",
    "subjects": "对象数",
    "opened_by": "发起账号",
    "opened_at": "发起时间",
    "finished_at": "完成时间",
    "milliseconds": "用时（毫秒）",
    "history": "往期结果取哪一种",
    "rulings": "裁定",
    "sources": "所读的其他方案",
    "supersedes": "取代的评定",
    "final_at": "定稿时间",
    "ruling": "裁定",
    "part": "规则的哪一处",
    "within": "组别",
    "points": "分数",
    "rank": "并列中的先后",
    "places": "名额",
    "publication": "复核与公示",
    "grades": "公示的等次",
    "document": "文号",
    "working_days": "工作日数",
    "office": "受理单位",
    "phone": "电话",
    "masked": "隐去姓名",
    "publication_move": "复核公示的办理",
    "before": "原状态",
    "after": "现状态",
    "verdict": "具名确认",
    "confirmation": "确认",
    "confirmed": "已确认",
    "period_change": "周期开关",
    "calendar_year": "日历年份",
    "calendar_day": "日历例外",
    "act": "操作",
    "year": "年份",
    "day": "日期",
    "working": "上班",
    "note": "说明",
    "job": "后台任务",
    "tick": "定时",
    "args": "参数（只有编号）",
    "unique_key": "不重复键",
    "sort_order": "次序",
    "attempts": "试过几次",
    "fence": "认领号",
    "worker": "进程",
    "due_at": "到期时间",
    "cancel_asked": "已要求取消",
    "progress_done": "已完成",
    "progress_total": "总量",
    "error": "错误",
    "started_at": "开始时间",
    "schedule": "定时任务",
    "zone": "时区",
}
"""Names the tables do not give in Chinese themselves."""


def shown_tables() -> list[TableConfig]:
    """One configuration for each table shown."""
    return [
        TableConfig(view_of(table), menu_group=group, link_column=None)
        for group, tables in SHOWN.items()
        for table in tables
    ]


def view_of(table: type[Table]) -> type[Table]:
    """The table without `tenant_id`, binary and sealed columns, and fields of members not for all who see it.

    The console is one for all roles, so what one of them may not read is not selected at all (control 15).
    Row-level security limits the rows; the column is left out because it says nothing to anybody, and because
    a create form would send it as null.
    """
    sealed = {place.name for place in getattr(table, "_sealed", ())}
    members: dict[str, Column] = {
        column._meta.name: column
        for column in table._meta.columns
        if column._meta.name not in HIDDEN
        and not isinstance(column, Bytea)
        and column._meta.name not in sealed
        and (table._meta.tablename, column._meta.name) not in _VEILED
        and not (table in ABOUT_MEMBERS and column._meta.name in _KEPT_BACK)
    }
    return create_table_class(
        table.__name__,
        bases=(Table,),
        class_kwargs={
            "tablename": table._meta.tablename,
            "help_text": table._meta.help_text,
            "db": engine,
        },
        class_members=members,
    )


def titles() -> dict[str, str]:
    """Names as piccolo-admin writes them ('organization state', 'birth year') → the Chinese on the screen."""
    found: dict[str, str] = {}
    for tables in SHOWN.values():
        for table in tables:
            meta = table._meta
            found[_written(meta.tablename)] = TITLES.get(meta.tablename) or meta.help_text or meta.tablename
            for column in meta.columns:
                said = TITLES.get(column._meta.name) or column._meta.help_text
                if said and not said.isascii():
                    found.setdefault(_written(column._meta.name), said)
    return found


def _written(name: str) -> str:
    return name.replace("_", " ")
