"""Which Chinese font this machine has: a PDF without one would show boxes, so it is not made."""

from __future__ import annotations

from functools import cache

import typst

from jiceng.kernel.errors import Refusal

FAMILIES = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "SimSun",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
"""Fonts with Chinese characters, the one wanted most first."""
TO_INSTALL = "fonts-noto-cjk"


class NoFont(Refusal):
    """No Chinese font: says what to install, and that the Word file is there meanwhile."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "这台服务器没有中文字体，不能生成 PDF",
            where="PDF",
            todo_zh=f"请管理员在服务器上安装 {TO_INSTALL} 后重启服务；现在可以先用 Word 文件",
            what_en="this server has no Chinese font, so no PDF can be made",
            todo_en=f"install {TO_INSTALL} on the server and restart; the Word file serves meanwhile",
        )


@cache
def fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once per process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def font_here() -> str:
    """The family a PDF is set in here; "" when the machine has no Chinese font."""
    there = set(fonts().families())
    return next((family for family in FAMILIES if family in there), "")
