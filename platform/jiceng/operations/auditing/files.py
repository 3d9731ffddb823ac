"""The nightly count of a tenant's files: what was left behind goes, what was lost is told."""

import structlog

from jiceng.kernel.errors import Refusal
from jiceng.kernel.files import Swept, sweep

log = structlog.get_logger(__name__)


async def keep_files() -> Swept:
    """Sweep the current tenant's folder.

    Raises:
        Refusal: bytes of a file that is known are gone; the first one is named by its id.
    """
    swept = await sweep()
    log.info("files swept", removed=swept.removed, missing=len(swept.missing))
    if swept.missing:
        raise Refusal(
            f"有 {len(swept.missing)} 个文件的内容丢失，如 {swept.missing[0]}",
            "文件",
            "请检查数据目录的 files 文件夹，从备份恢复",
            what_en=f"the bytes of {len(swept.missing)} files are missing",
        )
    return swept
