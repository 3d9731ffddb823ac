"""The nightly care of an audit log: what expired goes, the rest is proven, its head is handed out."""

import structlog

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
