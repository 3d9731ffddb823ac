"""What a plan says about the files of one tenant: what stops it, and what is not as one may expect."""

from collections.abc import Sequence

from jiceng.kernel.spreadsheets import CellFault
from jiceng.operations.onboarding.returning import Marker
from jiceng.operations.schemas import TenantSource
from jiceng.roster.schemas import Preview

SHOWN = 20
"""So many faults of one workbook stand in the plan; all of them in the marked copy."""


class Told:
    """Collects for one tenant, file by file, while its plan is made.

    `reasons`: what stops it. `warnings`: what can be brought in and is not read, or not evaluated.
    """

    def __init__(self, source: TenantSource, reasons: list[str], marker: Marker | None) -> None:
        self.source = source
        self.reasons = reasons
        self.warnings: list[str] = []
        self._marker = marker

    def of(self, path: str, faults: Sequence[CellFault]) -> None:
        """The faults of a workbook; hints stop nothing."""
        wrong = [fault for fault in faults if not fault.hint]
        if wrong and self._marker is not None:
            self._marker(self.source, path, wrong)
        self.reasons += [f"{path}：{fault}" for fault in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            self.reasons.append(f"{path}：另有 {len(wrong) - SHOWN} 处错误；{_ALL}")

    def of_roster(self, path: str, preview: Preview) -> None:
        """The faults of a roster, and the sheets and columns nobody knows: they are not read."""
        self.of(path, preview.errors)
        for what, titles in (("工作表", preview.left_out), ("列", preview.unread)):
            if titles:
                self.warnings.append(f"{path}：没有读的{what}：{'、'.join(titles)}")


_ALL = "plan 加上 --marked 文件夹，得到标好全部错误的同一份文件"
