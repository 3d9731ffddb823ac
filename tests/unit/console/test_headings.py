"""A page has one first heading, the frame's; what a table of columns lists stands under heads."""

import re

from jiceng.console.frame.pages import template_folders

PAGES = {
    path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
    for folder in template_folders()
    for path in sorted(folder.rglob("*.html"))
}


def test_a_page_in_the_frame_has_no_first_heading_of_its_own() -> None:
    framed = {name: text for name, text in PAGES.items() if '{% extends "frame.html" %}' in text}
    assert len(framed) > 100
    assert [name for name, text in framed.items() if "<h1" in text] == []


def test_the_columns_of_a_workbook_stand_in_a_table_with_heads() -> None:
    listing = {name: text for name, text in PAGES.items() if 'id="h-s">{{ _("工作表的列") }}' in text}
    assert {"points/import.html", "project_ledger/import.html"} <= set(listing)
    for name, text in listing.items():
        table = text.split('id="h-s"')[1].split("</table>")[0]
        assert re.findall(r'<th scope="col">{{ _\("(\w+)"\) }}</th>', table) == ["工作表", "列"], name
        assert '<th scope="row"' in table, name


def test_every_table_has_heads_that_say_what_they_are_heads_of() -> None:
    tables = [
        (name, table) for name, text in PAGES.items() for table in re.findall(r"(?s)<table.*?</table>", text)
    ]
    assert len(tables) > 150
    assert [name for name, table in tables if "<thead" not in table and '<th scope="row"' not in table] == []
    heads = [(name, head) for name, table in tables for head in re.findall(r"<th\b[^>]*>", table)]
    assert [(name, head) for name, head in heads if 'scope="' not in head] == []
