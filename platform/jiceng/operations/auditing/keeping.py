"""The nightly care of an audit log, and of what people sign in with: proven; what was touched is told."""

import structlog

from jiceng.accounts.signing_in.anchoring import anchor_again, touched_accounts
from jiceng.accounts.signing_in.vouching import alarm
from jiceng.kernel.audit import Head, purge, verify_chain
from jiceng.kernel.audit.signing import signed_line
from jiceng.kernel.audit.verifying import USUAL_MONTHS
from jiceng.kernel.errors import Refusal
from jiceng.tenancy.queries import setting
from jiceng.tenancy.schemas import AUDIT_MONTHS

log = structlog.get_logger(__name__)


async def keep_log() -> Head:
    """Care for the current tenant's log; its head goes to the process's log, which is kept elsewhere.

    Raises:
        Refusal: the log was touched; the first place is named.
    """
    months = await setting(AUDIT_MONTHS)
    gone = await purge(USUAL_MONTHS if months is None else int(months))
    end, found = await verify_chain()
    log.info("audit head", signed=signed_line(str(end.tenant), end), purged=gone, findings=len(found))
    if found:
        raise Refusal(
            f"审计日志被改动过，共 {len(found)} 处，最早在第 {found[0].seq} 条",
            "审计日志",
            "请立即用 jiceng audit verify 查看，并与此前交出的链头、导出文件对照",
            what_en=f"the audit log was touched in {len(found)} places",
        )
    return end


async def prove_accounts() -> None:
    """Compare what people of the current tenant sign in with to its check values and to the log.

    Each change is an alarm; what holds and was told long ago is told again, before the log forgets it.

    Raises:
        Refusal: something was changed in the database past the service.
    """
    changed = await touched_accounts()
    for account in changed:
        await alarm(account)
    await anchor_again()
    if changed:
        raise Refusal(
            f"{len(changed)} 个账号保存的密码或动态口令被改动过",
            "账号",
            "请用 jiceng audit verify 查看是哪些账号；查明原因后重新邀请",
            what_en=f"stored authentication data of {len(changed)} accounts were changed in the database",
            todo_en="jiceng audit verify names them; invite them again once the cause is known",
        )
