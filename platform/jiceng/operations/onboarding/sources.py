"""Where tenants are read from: one folder, a folder of folders, or a list in a spreadsheet."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jiceng.api.hooks import Sheet
from jiceng.api.workflows import workflows
from jiceng.facts.ballots import carrying
from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import Column, Table, read_table, read_workbook
from jiceng.operations.onboarding.tenant_file import read_tenant_file
from jiceng.operations.schemas import KIND_WORDS, Admin, TenantFile, TenantKind, TenantSource
from jiceng_sdk.faults import Faults, nearest
from jiceng_sdk.rulebook.reading import text_of

TENANT_FILE = "tenant.toml"
DEMO_FILE = "demo.toml"
_HIDDEN = (".", "~")
ROSTER = "roster.xlsx"
EARLIER = "rosters"
"""The folder of earlier rosters, each named by the day it describes: what was so before `roster.xlsx`."""
_DATA = (".xlsx", ".xls", ".xlsm", ".csv", ".tsv", ".ods", ".et", ".toml")
"""Endings of files that hold data: one that is not read is a fault, never passed over."""
_NOT_READ = (
    f"不会读这个文件；名册应叫 {ROSTER}（.xls、.csv 先另存为 .xlsx），事实放在 facts/，"
    "本单位规则放在 rulebooks/；改好名字和位置，或移走"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.xlsx")
LIST_COLUMNS = (
    Column("slug", "标识", aliases=("租户标识",), required=True, must=True, longest=40),
    Column("name", "名称", aliases=("单位名称",), required=True, must=True),
    Column(
        "kind",
        "层级",
        kind="choice",
        aliases=("类别",),
        required=True,
        must=True,
        options=tuple(KIND_WORDS.values()),
        synonyms={"区": "区县", "县": "区县", "乡镇": "乡镇街道", "街道": "乡镇街道"},
    ),
    Column("parent", "上级标识", aliases=("上级",)),
    Column("plugins", "插件"),
    Column("login", "管理员账号"),
    Column("admin", "管理员姓名"),
)


def find_sources(source: Path) -> list[TenantSource]:
    """Every tenant of the source, superiors first; faults of each are kept with it.

    Raises `Refusal` when the source itself is not one.
    """
    if source.is_file() and source.suffix.lower() == ".xlsx":
        return _superiors_first(_listed(source))
    if (source / TENANT_FILE).is_file():
        return [_folder(source)]
    folders = sorted(filter(_of_a_tenant, source.iterdir())) if source.is_dir() else []
    if not any((folder / TENANT_FILE).is_file() for folder in folders):
        raise Refusal(
            f"这里没有租户：要么是有 {TENANT_FILE} 的文件夹，要么是这种文件夹的上一层，要么是 .xlsx 清单",
            where=str(source),
            todo_zh="请核对路径",
        )
    return _superiors_first([_folder(folder) for folder in folders])


def earlier_rosters(source: TenantSource) -> list[str]:
    """The paths of the earlier rosters of a source, the oldest first."""
    return sorted(path for path in source.digests if path.startswith(f"{EARLIER}/"))


def absolute(source: Path) -> Path:
    """The source's full path: a plan may be applied from another folder."""
    return source.resolve()


def _of_a_tenant(folder: Path) -> bool:
    """Whether it is, or was meant to be, a tenant's: one that holds data is never passed over in silence."""
    return folder.is_dir() and any((folder / name).exists() for name in (TENANT_FILE, ROSTER, "facts"))


def _folder(folder: Path) -> TenantSource:
    folder = folder.resolve()
    place = f"{folder.name}/{TENANT_FILE}"
    if not (folder / TENANT_FILE).is_file():
        return TenantSource(folder.name, place, None, folder, {}, (f"{place}：文件夹里没有这个文件",))
    paths = [folder / TENANT_FILE, folder / ROSTER]
    paths += [
        path
        for kind in ("facts", "rulebooks", EARLIER, *sheets_by_plugin())
        for path in folder.glob(f"{kind}/*")
    ]
    files = sorted(path for path in paths if path.is_file() and not path.name.startswith(_HIDDEN))
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    left = tuple(_left_out(folder, files))
    try:
        read = read_tenant_file(text_of(folder / TENANT_FILE), place)
    except Faults as error:
        return TenantSource(folder.name, place, None, folder, digests, tuple(map(str, error.faults)))
    return TenantSource(folder.name, place, read, folder, digests, (*_file_faults(read, digests), *left))


def _left_out(folder: Path, read: Iterable[Path]) -> Iterable[str]:
    """Files with data that are not at a place where they are read: told, so that nobody believes them in."""
    known = {*read, folder / DEMO_FILE}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _DATA and path not in known and not path.name.startswith(_HIDDEN):
            yield f"{path.relative_to(folder).as_posix()}：{_NOT_READ}"


CORE_SHEETS = {"ballots": {"counted": Sheet("counted", "已计票的票决", carrying.examine, carrying.bring_in)}}
"""Workbooks of the core beside roster and facts; every tenant's folder may hold them."""


def sheets_by_plugin() -> dict[str, dict[str, Sheet]]:
    """The workbooks of core and installed plugins, by folder and name, in the order to bring them in."""
    return CORE_SHEETS | {
        workflow.plugin: {sheet.name: sheet for sheet in workflow.sheets}
        for workflow in workflows().values()
        if workflow.sheets
    }


def _file_faults(read: TenantFile, paths: Iterable[str]) -> Iterable[str]:
    sheets = sheets_by_plugin()
    for path in paths:
        kind, _, name = path.rpartition("/")
        scheme, _, ending = name.rpartition(".")
        if kind in sheets:
            yield from _sheet_faults(read, path, sheets[kind])
        elif kind == EARLIER:
            if not _DAY.fullmatch(name):
                yield f"{path}：{EARLIER}/ 里只放以名册日期命名的名册，如 2025-12-31.xlsx"
        elif kind and ending != {"facts": "xlsx", "rulebooks": "toml"}[kind]:
            yield f"{path}：{kind}/ 里只放 .{'xlsx' if kind == 'facts' else 'toml'} 文件"
        elif kind and scheme not in read.schemes:
            near = nearest(scheme, read.schemes)
            asked = f"，是否指“{near}”？" if near else f"；请加上 [schemes.{scheme}]，或移走这个文件"
            yield f"{path}：{TENANT_FILE} 没有启用方案“{scheme}”{asked}"
        elif kind == "rulebooks" and read.schemes[scheme].preset:
            yield f"{path}：方案“{scheme}”既有预设又有自己的规则文件，请只留一个"


def _sheet_faults(read: TenantFile, path: str, known: Mapping[str, Sheet]) -> Iterable[str]:
    plugin, _, file = path.rpartition("/")
    name, _, ending = file.rpartition(".")
    if plugin not in CORE_SHEETS and plugin not in read.plugins:
        yield f"{path}：{TENANT_FILE} 的 plugins 里没有“{plugin}”；请加上它，或移走这个文件"
    elif ending != "xlsx" or name not in known:
        yield f"{path}：{plugin}/ 里只放 " + "、".join(
            f"{each}.xlsx（{known[each].title}）" for each in known
        )


def _listed(source: Path) -> list[TenantSource]:
    book = read_workbook(source.read_bytes(), source.name)
    table = read_table(book.sheets[0], LIST_COLUMNS)
    by_line: dict[int, list[str]] = {}
    for fault in table.faults:
        if not fault.address:
            raise Refusal(fault.what, where=f"{source.name}!{fault.sheet}", todo_zh=fault.todo)
        if not fault.hint:
            line = int(fault.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            by_line.setdefault(line, []).append(str(fault))
    return [_row(source.name, table, index, by_line) for index in range(len(table.lines))]


def _row(name: str, table: Table, index: int, faults: dict[int, list[str]]) -> TenantSource:
    cells = {field: str(values[index] or "") for field, values in table.values.items()}
    line = table.lines[index] + 1
    place = f"{name} 第 {line} 行"
    if line in faults:
        return TenantSource(cells["slug"] or place, place, None, faults=tuple(faults[line]))
    kind: TenantKind = next(kind for kind, word in KIND_WORDS.items() if word == cells["kind"])
    plugins = tuple(part.strip() for part in cells["plugins"].replace("，", "、").split("、") if part.strip())
    admin = Admin(cells["login"], cells["admin"] or "管理员") if cells["login"] else None
    read = TenantFile(cells["name"], kind, cells["parent"], plugins, admin)
    return TenantSource(cells["slug"], place, read)


def _superiors_first(sources: Sequence[TenantSource]) -> list[TenantSource]:
    """In the order to create them; whoever is in a circle or has the slug of another comes with a fault."""
    waiting: dict[str, TenantSource] = {}
    ordered: list[TenantSource] = []
    for source in sources:
        if source.slug in waiting:
            ordered.append(_faulty(source, f"标识“{source.slug}”在清单里出现了两次"))
        else:
            waiting[source.slug] = source
    while waiting:
        ready = [s for s in waiting.values() if s.file is None or s.file.parent not in waiting]
        if not ready:
            ordered += [_faulty(s, "上级关系绕成了圈：" + "、".join(waiting)) for s in waiting.values()]
            break
        for source in ready:
            ordered.append(waiting.pop(source.slug))
    return ordered


def _faulty(source: TenantSource, fault: str) -> TenantSource:
    faults = (*source.faults, fault)
    return TenantSource(source.slug, source.place, None, source.folder, source.digests, faults)
