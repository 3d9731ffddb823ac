"""Tables of costs: nothing is ever edited; what changes is written anew as the next version. Money in fen."""

from piccolo.columns import UUID, BigInt, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique

from jiceng.api import now
from jiceng.api.database import APPEND_ONLY, Index, TenantKey, TenantTable
from jiceng_project_ledger.library.tables import LedgerProject
from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, LONGEST_TITLE


class LedgerCostLine(TenantTable, help_text="预算明细"):
    """One line of the budget in one version; the highest version of a line holds."""

    project = TenantKey(LedgerProject, help_text="项目")
    line = Integer(null=False, help_text="明细序号")
    version = Integer(null=False, help_text="版本")
    name = Varchar(length=LONGEST_TITLE, null=False, help_text="用途")
    amount = BigInt(null=False, help_text="预算（分）")
    dropped = Boolean(null=False, default=False, help_text="取消")
    reason = Text(null=False, default="", help_text="变更理由")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")

    versioned = Unique(["tenant_id", "project", "line", "version"])
    not_negative = Check("amount >= 0")
    reasoned = Check("version = 1 OR reason <> ''")
    _grants = APPEND_ONLY


class LedgerInquiry(TenantTable, help_text="询价或招标"):
    """A round in which quotes for a line are asked for until a day; a new round takes the old one's place."""

    project = TenantKey(LedgerProject, help_text="项目")
    line = Integer(null=False, help_text="明细序号")
    version = Integer(null=False, help_text="轮次")
    route = Varchar(length=6, null=False, help_text="方式")
    notice = Varchar(length=LONGEST_TITLE, null=False, default="", help_text="招标公告编号")
    opened = Date(null=False, help_text="发出日期")
    closes = Date(null=False, help_text="截止日期")
    reason = Text(null=False, default="", help_text="重新询价的理由")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")

    versioned = Unique(["tenant_id", "project", "line", "version"])
    route_known = Check("route IN ('quotes', 'tender')")
    in_order = Check("closes >= opened")
    noticed = Check("route <> 'tender' OR notice <> ''")
    reasoned = Check("version = 1 OR reason <> ''")
    _grants = APPEND_ONLY


class LedgerQuote(TenantTable, help_text="报价"):
    """What a supplier asks for a line; `replaces` the quote that was wrong; `withdrawn`: only that."""

    project = TenantKey(LedgerProject, help_text="项目")
    line = Integer(null=False, help_text="明细序号")
    inquiry = TenantKey(LedgerInquiry, null=True, help_text="询价或招标")
    supplier = Varchar(length=LONGEST_TITLE, null=False, help_text="供应商")
    amount = BigInt(null=False, help_text="报价（分）")
    received = Date(null=False, help_text="收到日期")
    valid_until = Date(null=False, help_text="有效期至")
    file = UUID(null=True, default=None, help_text="报价单")
    replaces = TenantKey("self", null=True, help_text="替代的报价")
    withdrawn = Boolean(null=False, default=False, help_text="作废")
    reason = Text(null=False, default="", help_text="更正或作废的理由")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")

    replaced_once = Unique(["tenant_id", "replaces"])
    positive = Check("amount > 0")
    valid = Check("valid_until >= received")
    reasoned = Check("(replaces IS NULL) = (reason = '')")
    _grants = APPEND_ONLY
    _indexes = (Index(("project", "line")),)


class LedgerAward(TenantTable, help_text="定标"):
    """Which quote was chosen for a line, by whom and why; `lowest` is what the cheapest one asked."""

    project = TenantKey(LedgerProject, help_text="项目")
    line = Integer(null=False, help_text="明细序号")
    version = Integer(null=False, help_text="版本")
    quote = TenantKey(LedgerQuote, help_text="报价")
    amount = BigInt(null=False, help_text="中标价（分）")
    lowest = BigInt(null=False, help_text="最低有效报价（分）")
    day = Date(null=False, help_text="定标日期")
    reason = Text(null=False, default="", help_text="理由")
    decided_by = Varchar(length=LONGEST_NAME, null=False, help_text="决定人")
    by = UUID(null=True, default=None, help_text="决定账号")
    at = Timestamptz(default=now, help_text="时间")

    versioned = Unique(["tenant_id", "project", "line", "version"])
    reasoned = Check("(amount = lowest AND version = 1) OR reason <> ''")
    _grants = APPEND_ONLY


class LedgerContract(TenantTable, help_text="合同"):
    """The contract of a line in one version; never dearer than its award."""

    project = TenantKey(LedgerProject, help_text="项目")
    line = Integer(null=False, help_text="明细序号")
    version = Integer(null=False, help_text="版本")
    award = TenantKey(LedgerAward, help_text="定标")
    number = Varchar(length=LONGEST_NAME, null=False, help_text="合同编号")
    amount = BigInt(null=False, help_text="合同价（分）")
    signed = Date(null=False, help_text="签订日期")
    file = UUID(null=True, default=None, help_text="合同文本")
    reason = Text(null=False, default="", help_text="变更理由")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")

    versioned = Unique(["tenant_id", "project", "line", "version"])
    positive = Check("amount > 0")
    reasoned = Check("version = 1 OR reason <> ''")
    _grants = APPEND_ONLY


class LedgerPayment(TenantTable, help_text="实际支出"):
    """Money paid for a line; a payment that `reverses` another takes it back, and only that."""

    project = TenantKey(LedgerProject, help_text="项目")
    seq = Integer(null=False, help_text="序号")
    line = Integer(null=False, help_text="明细序号")
    amount = BigInt(null=False, help_text="金额（分）")
    paid = Date(null=False, help_text="支付日期")
    voucher = Varchar(length=LONGEST_NAME, null=False, help_text="凭证号")
    reverses = TenantKey("self", null=True, help_text="冲销的支出")
    reason = Text(null=False, default="", help_text="冲销理由")
    by = UUID(null=True, default=None, help_text="填报账号")
    at = Timestamptz(default=now, help_text="时间")

    in_order = Unique(["tenant_id", "project", "seq"])
    reversed_once = Unique(["tenant_id", "reverses"])
    positive = Check("amount > 0")
    reasoned = Check("(reverses IS NULL) = (reason = '')")
    _grants = APPEND_ONLY
