"""tenant.toml: unknown keys with the nearest, every fault with its line; folders and lists of tenants."""

import datetime as dt
from pathlib import Path

import pytest

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng.operations.onboarding.sources import LIST_COLUMNS, find_sources
from jiceng.operations.onboarding.tenant_file import read_tenant_file
from jiceng.operations.schemas import Admin, SchemeChoice, SettingChoice, TenantFile
from jiceng_sdk.faults import Faults

GOOD = """
name = "东湖区"
kind = "district"
parent = "linjiang"
plugins = ["points"]
[admin]
login = "donghu"
name = "管理员"
[schemes.points]
from = 2026-01-01
preset = "three_required"
[settings.password_policy]
from = "2026-01-01"
value = "mlps3"
"""


def faults(text: str) -> list[str]:
    with pytest.raises(Faults) as caught:
        read_tenant_file(text, "tenant.toml")
    return [str(fault).rpartition("（")[0] for fault in caught.value.faults]


def test_a_whole_file() -> None:
    assert read_tenant_file(GOOD, "tenant.toml") == TenantFile(
        "东湖区",
        "district",
        "linjiang",
        ("points",),
        Admin("donghu", "管理员"),
        {"points": SchemeChoice("2026-01-01", "three_required")},
        {"password_policy": SettingChoice("2026-01-01", "mlps3")},
    )


def test_every_fault_is_told_with_its_line() -> None:
    text = GOOD.replace("plugins", "plugin").replace('"district"', '"区"').replace('login = "donghu"\n', "")
    assert faults(text) == [
        (
            "tenant.toml:3 kind：错误：“区”不是 city（市）、district（区县）、enterprise（企业）、"
            "province（省）、town（乡镇） 之一，是否指“district”？"
        ),
        "tenant.toml:5 plugin：错误：没有“plugin”这一项，是否指“plugins”？",
        "tenant.toml:6 admin：错误：缺少“login”",
    ]


def test_a_day_that_is_none() -> None:
    assert faults(GOOD.replace('from = "2026-01-01"', 'from = "明年"')) == [
        "tenant.toml:13 settings.password_policy.from：错误：“明年”不是日期，应写成 2026-01-01"
    ]


def test_a_text_that_is_no_toml() -> None:
    assert faults('name = "东湖区\n')[0].startswith("tenant.toml:1 ")


def folder(place: Path, slug: str, text: str) -> Path:
    made = place / slug
    made.mkdir()
    (made / "tenant.toml").write_text(text, "utf-8")
    return made


def test_superiors_come_first_whatever_their_names(tmp_path: Path) -> None:
    folder(tmp_path, "a", 'name = "村"\nkind = "town"\nparent = "b"\n')
    folder(tmp_path, "b", 'name = "区"\nkind = "district"\nparent = "c"\n')
    folder(tmp_path, "c", 'name = "省"\nkind = "province"\n')
    assert [source.slug for source in find_sources(tmp_path)] == ["c", "b", "a"]


def test_a_circle_of_superiors_is_a_fault_of_each(tmp_path: Path) -> None:
    folder(tmp_path, "a", 'name = "甲"\nkind = "district"\nparent = "b"\n')
    folder(tmp_path, "b", 'name = "乙"\nkind = "district"\nparent = "a"\n')
    assert [source.faults for source in find_sources(tmp_path)] == [("上级关系绕成了圈：a、b",)] * 2


def test_facts_of_a_scheme_that_is_not_on_are_a_fault(tmp_path: Path) -> None:
    made = folder(tmp_path, "donghu", GOOD)
    (made / "facts").mkdir()
    (made / "facts" / "point.xlsx").write_bytes(b"x")
    (made / "facts" / "notes.docx").write_bytes(b"x")
    assert find_sources(made)[0].faults == (
        "facts/notes.docx：facts/ 里只放 .xlsx 文件",
        "facts/point.xlsx：tenant.toml 没有启用方案“point”，是否指“points”？",
    )


def test_data_at_a_place_where_nobody_reads_them_are_a_fault(tmp_path: Path) -> None:
    made = folder(tmp_path, "donghu", GOOD)
    for name in ("Roster.XLSX", "roster.csv", "fact/points.xlsx", "facts/2026/points.xlsx", "东湖区名册.et"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(b"x")
    for name in ("demo.toml", "~$roster.xlsx", "说明.docx"):
        (made / name).write_bytes(b"x")
    found = find_sources(made)[0].faults
    assert [fault.partition("：")[0] for fault in found] == [
        "Roster.XLSX",
        "fact/points.xlsx",
        "facts/2026/points.xlsx",
        "roster.csv",
        "东湖区名册.et",
    ]
    assert found[3] == (
        "roster.csv：不会读这个文件；名册应叫 roster.xlsx（.xls、.csv 先另存为 .xlsx），事实放在 facts/，"
        "本单位规则放在 rulebooks/；改好名字和位置，或移走"
    )


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        find_sources(tmp_path)
    assert caught.value.in_words().startswith("这里没有租户：要么是有 tenant.toml 的文件夹")


def test_a_list_of_tenants_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = [
        ("donghu", "东湖区", "区县", "linjiang", "points", "dh", None),
        ("linjiang", "临江省", "省", None, None, None, None),
        ("xishan", "西山区", "州", None, None, None, None),
    ]
    path = tmp_path / "districts.xlsx"
    path.write_bytes(write_workbook([SheetOut("租户", LIST_COLUMNS, rows)], made=dt.date(2026, 1, 1)))
    found = find_sources(path)
    assert [source.slug for source in found] == ["linjiang", "xishan", "donghu"]
    assert found[2].file == TenantFile("东湖区", "district", "linjiang", ("points",), Admin("dh", "管理员"))
    assert found[1].faults[0].startswith("租户!C4 层级「州」：不在可选范围内")
