"""What the pages of costs send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

import msgspec
from litestar.datastructures import UploadFile  # noqa: TC002 - Litestar looks it up

from jiceng.api.typed import id_of, needed_day, read_count, refuse
from jiceng_project_ledger.costs.buying import Asked, Offer
from jiceng_project_ledger.costs.rules import Route, Thresholds
from jiceng_project_ledger.costs.spending import Paid, Signed
from jiceng_project_ledger.money import read_yuan, yuan
from jiceng_project_ledger.uploads import uploaded


class LineForm(msgspec.Struct, frozen=True):
    """A line of the budget; the reason when it is changed or dropped."""

    name: str = ""
    amount: str = ""
    reason: str = ""

    def said(self) -> tuple[str, int]:
        """Name and amount in fen; raises Invalid for what cannot be read."""
        faults: list[str] = []
        amount = read_yuan(self.amount, "预算金额", faults)
        refuse(faults, "预算明细")
        return self.name, amount


class InquiryForm(msgspec.Struct, frozen=True):
    """A round of quotes or a tender."""

    route: str = ""
    notice: str = ""
    opened: str = ""
    closes: str = ""
    reason: str = ""

    def asked(self) -> Asked:
        """The round; raises Invalid for what cannot be read."""
        faults: list[str] = []
        opened = needed_day(self.opened, "发出日期", faults)
        closes = needed_day(self.closes, "截止日期", faults)
        if self.route not in {Route.QUOTES, Route.TENDER}:
            faults.append("请选比价或招标")
        refuse(faults, "询价（招标）")
        route = Route(self.route)
        return Asked(route=route, notice=self.notice, opened=opened, closes=closes, reason=self.reason)


class QuoteForm(msgspec.Struct, frozen=True):
    """A quote with its file; `replaces` is the id of the quote it corrects."""

    supplier: str = ""
    amount: str = ""
    received: str = ""
    valid_until: str = ""
    replaces: str = ""
    reason: str = ""
    file: UploadFile | None = None

    def said(self) -> Offer:
        """The quote; raises Invalid for what cannot be read."""
        faults: list[str] = []
        amount = read_yuan(self.amount, "报价", faults)
        received = needed_day(self.received, "收到日期", faults)
        until = needed_day(self.valid_until, "有效期", faults)
        refuse(faults, "报价")
        name, pieces = uploaded(self.file)
        return Offer(
            supplier=self.supplier,
            amount=amount,
            received=received,
            valid_until=until,
            pieces=pieces,
            file_name=name,
            replaces=id_of(self.replaces, "没有这份报价") if self.replaces else None,
            reason=self.reason,
        )


class AwardForm(msgspec.Struct, frozen=True):
    """The quote that is chosen, and why."""

    quote: str = ""
    reason: str = ""


class ContractForm(msgspec.Struct, frozen=True):
    """A contract with its file."""

    number: str = ""
    amount: str = ""
    signed: str = ""
    reason: str = ""
    file: UploadFile | None = None

    def said(self) -> Signed:
        """The contract; raises Invalid for what cannot be read."""
        faults: list[str] = []
        amount = read_yuan(self.amount, "合同价", faults)
        signed = needed_day(self.signed, "签订日期", faults)
        refuse(faults, "合同")
        name, pieces = uploaded(self.file)
        number, reason = self.number, self.reason
        return Signed(
            number=number, amount=amount, signed=signed, reason=reason, pieces=pieces, file_name=name
        )


class PaymentForm(msgspec.Struct, frozen=True):
    """A payment."""

    amount: str = ""
    paid: str = ""
    voucher: str = ""

    def said(self) -> Paid:
        """The payment; raises Invalid for what cannot be read."""
        faults: list[str] = []
        amount = read_yuan(self.amount, "支出金额", faults)
        paid = needed_day(self.paid, "支付日期", faults)
        refuse(faults, "实际支出")
        return Paid(amount=amount, paid=paid, voucher=self.voucher)


class ReasonForm(msgspec.Struct, frozen=True):
    """Why."""

    reason: str = ""


class RulesForm(msgspec.Struct, frozen=True):
    """The tenant's thresholds in yuan."""

    quotes_from: str = ""
    tender_above: str = ""
    quotes: str = ""
    window_days: str = ""

    def said(self) -> Thresholds:
        """The thresholds; raises Invalid for what cannot be read."""
        faults: list[str] = []
        low = read_yuan(self.quotes_from, "比价起点", faults)
        high = read_yuan(self.tender_above, "招标起点", faults)
        quotes = read_count(self.quotes, "报价家数", faults)
        days = read_count(self.window_days, "拆分采购的核对天数", faults)
        refuse(faults, "费用规则")
        return Thresholds(quotes_from=low, tender_above=high, quotes=quotes, window_days=days)


def filled(kept: Thresholds) -> RulesForm:
    """Thresholds as the form shows them."""
    low, high = (f"{yuan(fen):.2f}" for fen in (kept.quotes_from, kept.tender_above))
    return RulesForm(low, high, str(kept.quotes), str(kept.window_days))
