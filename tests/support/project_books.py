"""Workbooks of projects for tests: one whole project, changed cell by cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng_project_ledger.sheets import columns

DAY = date(2026, 11, 1)
WHOLE: dict[str, list[dict[str, Any]]] = {
    columns.PROJECTS: [
        {
            "number": "P1",
            "year": 2026,
            "title": "红色物业",
            "kind": "主体项目",
            "organization": "O2",
            "responsible": "D001",
            "goal": "矛盾不出小区",
            "benchmark": "某街道",
            "benchmark_measure": "化解率",
            "benchmark_unit": "%",
            "start_figure": Decimal(80),
            "benchmark_figure": Decimal(98),
            "budget": Decimal(30000),
            "starts": date(2026, 1, 5),
            "deadline": date(2026, 9, 30),
            "state": "已销号",
            "submitted": date(2025, 12, 1),
            "approved": date(2025, 12, 20),
            "began": date(2026, 1, 5),
            "asked": date(2026, 9, 12),
            "ended": date(2026, 10, 9),
            "decided_by": "周部长",
            "reason": "同意",
        }
    ],
    columns.STEPS: [
        {
            "number": "P1",
            "phase": "准备",
            "name": "摸底",
            "starts": date(2026, 1, 5),
            "ends": date(2026, 3, 31),
            "weight": 40,
            "done": date(2026, 3, 20),
        },
        {
            "number": "P1",
            "phase": "实施",
            "name": "建议事厅",
            "starts": date(2026, 4, 1),
            "ends": date(2026, 9, 30),
            "weight": 60,
            "done": date(2026, 9, 10),
        },
    ],
    columns.REPORTS: [
        {
            "number": "P1",
            "month": date(2026, month, 1),
            "percent": 10 * month,
            "work": f"{month} 月走访",
            "figure": Decimal(80 + month),
            "handed_in_on": date(2026, month + 1, 3 if month != 4 else 12),
            "state": "已接收",
        }
        for month in range(1, 9)
    ],
    columns.COSTS: [
        {
            "number": "P1",
            "name": "议事厅改造",
            "amount": Decimal(30000),
            "supplier_一": "甲公司",
            "quote_一": Decimal(28000),
            "supplier_二": "乙公司",
            "quote_二": Decimal("29000.50"),
            "supplier_三": "丙公司",
            "quote_三": Decimal(30000),
            "chosen": "一",
            "opened": date(2026, 2, 1),
            "awarded": date(2026, 2, 15),
            "decided_by": "周部长",
            "contract": "HT-1",
            "signed": date(2026, 2, 20),
            "paid": Decimal(28000),
            "paid_on": date(2026, 8, 1),
            "voucher": "付1",
        }
    ],
    columns.FINDINGS: [
        {
            "number": "P1",
            "supervisor": "D003",
            "sort": "质量",
            "found": date(2026, 5, 4),
            "matter": "台账不全",
            "deadline": date(2026, 5, 20),
            "state": "已销号",
            "answered": date(2026, 5, 25),
        }
    ],
    columns.ACCEPTANCES: [
        {
            "number": "P1",
            "held": date(2026, 9, 20),
            "verdict": "通过",
            "opinion": "成果齐全",
            "group": "D002、D003、D004",
            "recorded_by": "周部长",
            "satisfaction": Decimal("92.5"),
        }
    ],
    columns.RATINGS: [
        {"number": "P1", "year": 2026, "kind": "半年初评", "rater": who, "score": Decimal(score)}
        for who, score in (("甲", 80), ("乙", 85), ("丙", 91))
    ],
    columns.VERDICTS: [
        {
            "number": "P1",
            "year": 2026,
            "kind": "半年初评",
            "reason": "同意",
            "confirmed_by": "周部长",
            "day": date(2026, 7, 18),
        }
    ],
    columns.DISPATCHES: [
        {
            "number": "P1",
            "quarter": date(2026, 4, 1),
            "colour": "黄灯",
            "why": "摸底超期 3 天",
            "made_on": date(2026, 4, 9),
            "instruction": "月底前补上",
            "answer_due": date(2026, 4, 20),
            "instructed_by": "周部长",
            "answer": "已补上",
            "answered_on": date(2026, 4, 18),
        }
    ],
}


def project_book(changed: dict[str, dict[str, Any]] | None = None, *, without: str = "") -> bytes:
    """The whole project as a workbook; `changed` replaces values in the first row of a sheet."""
    sheets = []
    for name, fields in columns.SHEETS.items():
        if name == without:
            continue
        rows = [dict(row) for row in WHOLE[name]]
        rows[0] |= (changed or {}).get(name, {})
        sheets.append(SheetOut(name, fields, [[row.get(one.field) for one in fields] for row in rows]))
    return write_workbook(sheets, made=DAY)
