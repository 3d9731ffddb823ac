"""Whatever leaves the service as a file is told to the audit log, or holds nobody (control 21)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOLD = re.compile(r"Event\.(EXPORTED|FILE_READ|AUDIT_EXPORTED)")
HANDING = re.compile(r"(kernel\.files\.handing_out|api\.files) import (\([^)]*|.*)\bhanded_out\b")
ONE_DOOR = ROOT / "platform/jiceng/kernel/files/handing_out.py"
HEADER = '"content-disposition"'
ELSEWHERE = {
    "platform/jiceng/api/files.py": "gives the door to plugins, whose own modules tell",
    "platform/jiceng/evaluation/results/web.py": "results/exporting.py tells of the rows taken out",
    "platform/jiceng/facts/attachments/web.py": "kernel/files/store.py tells of every file that is read",
    "platform/jiceng/facts/web.py": "an empty workbook to be filled in",
    "platform/jiceng/roster/web.py": "roster/service.py tells of the marked file; the template is empty",
    "platform/jiceng/schemes/editing/web.py": "schemes/editing/publishing.py tells of rulebooks taken out",
    "platform/jiceng/schemes/editing/centre_web.py": "publishing.py tells of rulebooks taken out",
    "platform/jiceng/console/records/record_pages.py": "record_export.py tells of every table",
    "plugins/double_strong_six_good/jiceng_double_strong_six_good/declarations/web.py": (
        "the file store tells of every file that is read"
    ),
    "plugins/points/jiceng_points/claims/web.py": "the file store tells of every file that is read",
    "plugins/project_ledger/jiceng_project_ledger/downloads.py": "the file store tells of every read",
    "plugins/project_ledger/jiceng_project_ledger/sheets/web.py": (
        "the file store tells of the workbook that is read to be marked; the template is empty"
    ),
}
"""Doors that hand out a file which another module tells of, or that is empty."""


def test_every_door_that_hands_out_a_file_tells_the_log() -> None:
    silent = set()
    for folder in ("platform/jiceng", "plugins"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            if HANDING.search(text) and not TOLD.search(text):
                silent.add(path.relative_to(ROOT).as_posix())
    assert silent == set(ELSEWHERE)


def test_files_leave_by_one_door() -> None:
    folders = (ROOT / "platform/jiceng", ROOT / "plugins")
    doors = {path for folder in folders for path in folder.rglob("*.py") if HEADER in path.read_text("utf-8")}
    assert doors == {ONE_DOOR}
