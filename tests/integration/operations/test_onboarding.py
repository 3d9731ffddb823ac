"""plan, apply, plan: exit codes, staleness, one tenant's failure, resuming."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console
from tests.support.roster_books import PEOPLE, roster_book
from tests.support.tenant_folders import tenant_folder, write_claims
from tests.support.told import told_since

from jiceng.facts.queries import count
from jiceng.facts.service import import_workbook
from jiceng.kernel import clock
from jiceng.kernel.database import fetch, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, Refusal
from jiceng.kernel.settings import Settings
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng.operations import commands
from jiceng.operations.onboarding import applying
from jiceng.operations.onboarding.applying import apply
from jiceng.operations.onboarding.plan_file import read_plan, write_plan
from jiceng.operations.onboarding.planning import plan
from jiceng.operations.onboarding.sources import LIST_COLUMNS
from jiceng.operations.schemas import Applied, Plan
from jiceng.operations.service import onboard
from jiceng.roster import queries
from jiceng.schemes.queries import in_force
from jiceng.schemes.service import wanted_book
from jiceng.tenancy.queries import by_slug, enabled_plugins
from jiceng.tenancy.service import change_tenant
from jiceng_sdk.rulebook import to_toml

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    with clock.showing(dt.datetime(2026, 10, 1, 4, tzinfo=dt.UTC)):
        yield


@pytest.fixture
def two(tmp_path: Path) -> Path:
    tenant_folder(tmp_path, "linjiang", "临江省", "province")
    tenant_folder(tmp_path, "donghu", "东湖区", "district", "linjiang")
    return tmp_path


def actions(made: Plan) -> list[tuple[str, str]]:
    return [(tenant.slug, tenant.action) for tenant in made.tenants]


async def scoped(slug: str) -> int:
    tenant = await by_slug(slug)
    assert tenant is not None
    return tenant.id


async def test_a_plan_says_what_will_be_done_and_changes_nothing(two: Path) -> None:
    made = await plan(two)
    assert made.exit_code == 2
    assert actions(made) == [("linjiang", "create"), ("donghu", "create")]
    assert [step.words for step in made.tenants[1].steps] == [
        "登记租户「东湖区」（区县，上级 linjiang）",
        "启用插件 points",
        "邀请管理员 donghu-admin（一次性链接）",
        "方案 points（标准规则）自 2026-01-01 起生效",
        "导入名册（2026-03-01）：组织新增 3、更改 0；党员新增 3、更改 0",
        "导入 facts/points.xlsx 的事实",
    ]
    assert await by_slug("donghu") is None


async def test_after_apply_there_is_nothing_to_do(two: Path) -> None:
    results = await apply(await plan(two))
    assert [(result.slug, result.fault) for result in results] == [("linjiang", ""), ("donghu", "")]
    assert results[1].invitation.startswith("/t/donghu/invitation/")
    again = await plan(two)
    assert (again.exit_code, actions(again)) == (0, [("linjiang", "none"), ("donghu", "none")])
    donghu = await by_slug("donghu")
    assert donghu is not None
    assert (donghu.name, donghu.kind, donghu.parent) == ("东湖区", "district", await scoped("linjiang"))
    with tenant_scope(donghu.id):
        assert await enabled_plugins() == {"points"}
        assert (await queries.counts(dt.date(2026, 10, 1))).members == 3
        assert await count("points", "claim") == 3
        assert await in_force("points", dt.date(2026, 1, 1)) is not None
        topics = await fetch("select topic, amount from tenant_summary where tenant_id = $1", donghu.id)
    assert {row["topic"]: row["amount"] for row in topics} == {"organizations": 3, "members": 3, "units": 0}
    assert await told_since(donghu.id, 0) >= {
        *("tenant_created", "plugin_switched", "invited", "rulebook_published"),
        *("roster_imported", "facts_imported", "tenant_onboarded"),
    }


async def test_only_what_changed_is_done(two: Path) -> None:
    await onboard(two)
    people = (*PEOPLE, ("M4", "罗昭宁", "农村", "预备", "Z1", "20260501"))
    cover = (("租户", "donghu"), ("名册日期", "2026-06-01"))
    (two / "donghu" / "roster.xlsx").write_bytes(roster_book(members=people, cover=cover))
    write_claims(two / "donghu", ("M1", "M2", "M3", "M4"))
    made = await plan(two)
    assert actions(made) == [("linjiang", "none"), ("donghu", "change")]
    assert [step.words for step in made.tenants[1].steps] == [
        "导入名册（2026-06-01）：党员新增 1、更改 0",
        "导入 facts/points.xlsx 的事实",
    ]
    assert [result.fault for result in await apply(made)] == [""]
    with tenant_scope(await scoped("donghu")):
        assert await count("points", "claim") == 4
    assert (await plan(two)).exit_code == 0


async def test_an_earlier_roster_tells_what_was_so_before(two: Path) -> None:
    head = ("单位编号", "单位名称", "单位类型", "职工人数", "应建组织", "组织覆盖", "党组织编号")
    firm = ("U1", "东湖纺织", "非公企业", 60, "是")
    folder = two / "donghu" / "rosters"
    folder.mkdir()
    cover = (("租户", "donghu"), ("名册日期", "2025-12-31"))
    before = roster_book(members=None, cover=cover, 单位=(head, (*firm, "无党员", "Z0")))
    (folder / "2025-12-31.xlsx").write_bytes(before)
    now = roster_book(单位=(head, (*firm, "单独组建", "Z1")))
    (two / "donghu" / "roster.xlsx").write_bytes(now)
    await onboard(two)
    with tenant_scope(await scoped("donghu")):
        then = await queries.counts(dt.date(2025, 12, 31))
        later = await queries.counts(dt.date(2026, 10, 1))
    assert (then.should_have, then.covered, later.should_have, later.covered) == (1, 0, 1, 1)
    assert (await plan(two)).exit_code == 0
    (folder / "2025.xlsx").write_bytes(before)
    assert (await plan(two)).tenants[1].reasons == (
        "rosters/2025.xlsx：rosters/ 里只放以名册日期命名的名册，如 2025-12-31.xlsx",
    )


async def test_a_file_saved_anew_with_the_same_contents_is_only_recorded(two: Path) -> None:
    await onboard(two)
    roster = two / "donghu" / "roster.xlsx"
    roster.write_bytes(roster_book(cover=(("租户", "donghu"), ("名册日期", "2026-03-01"), ("制表", "周"))))
    made = await plan(two)
    assert [step.words for step in made.tenants[1].steps] == ["记下文件的新摘要（内容没有变化）：roster.xlsx"]
    await apply(made)
    assert (await plan(two)).exit_code == 0


async def test_faults_are_told_with_their_cells_and_stop_only_their_tenant(two: Path) -> None:
    people = (*PEOPLE, ("M1", "罗昭宁", "农村", "正式", "Z9", "20200701"))
    (two / "donghu" / "roster.xlsx").write_bytes(roster_book(members=people, cover=(("租户", "donghu"),)))
    write_claims(two / "donghu", ("M1", "M9"))
    made = await plan(two)
    assert made.exit_code == 1
    assert actions(made) == [("linjiang", "create"), ("donghu", "refuse")]
    assert made.tenants[1].reasons[0].startswith("roster.xlsx：党员!A5 党员编号「M1」：与 A2 重复")
    assert (
        made.tenants[1].reasons[1].startswith("roster.xlsx：党员!E5 所在组织编号「Z9」：名册里没有这个组织")
    )
    assert made.tenants[1].reasons[2].startswith("facts/points.xlsx：认领!A3 编号")
    with pytest.raises(Invalid):
        await onboard(two)
    assert await by_slug("linjiang") is None
    await apply(made)
    assert await by_slug("linjiang") is not None
    assert await by_slug("donghu") is None


async def test_unknown_plugins_schemes_and_superiors_are_refused_with_the_nearest(tmp_path: Path) -> None:
    folder = tenant_folder(tmp_path, "donghu", "东湖区", "district", "linjiang")
    text = (folder / "tenant.toml").read_text("utf-8")
    (folder / "tenant.toml").write_text(text.replace('["points"]', '["point"]'), "utf-8")
    assert (await plan(tmp_path)).tenants[0].reasons == (
        "没有上级租户“linjiang”；请先接入上级",
        "没有安装插件“point”，是否指“points”？",
    )


async def test_the_roster_of_another_tenant_is_refused(two: Path) -> None:
    (two / "donghu" / "roster.xlsx").write_bytes((two / "linjiang" / "roster.xlsx").read_bytes())
    told = (await plan(two)).tenants[1].reasons
    assert told[0].startswith("这是「linjiang」的名册，不是「东湖区」的（donghu/roster.xlsx，封面!B1）")


async def test_a_stale_plan_is_refused_before_anything_is_done(two: Path) -> None:
    made = await plan(two)
    write_claims(two / "donghu", ("M1",))
    with pytest.raises(Conflict) as caught:
        await apply(made)
    assert caught.value.what_zh == "计划已过时：donghu 的文件变了（facts/points.xlsx）"
    assert await by_slug("linjiang") is None


async def test_a_plan_is_stale_when_the_database_changed_since(two: Path) -> None:
    made = await plan(two)
    await onboard(two)
    with pytest.raises(Conflict) as caught:
        await apply(msgspec.structs.replace(made, made_at="an earlier one"))
    assert caught.value.what_zh == "计划已过时：linjiang 在数据库里变了；donghu 在数据库里变了"


async def test_each_tenant_is_told_as_soon_as_it_is_done(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await plan(two)
    told: list[Applied] = []

    async def cut_off(scheme: str, data: bytes, name: str) -> Any:
        if name.startswith("donghu"):
            raise KeyboardInterrupt
        return await import_workbook(scheme, data, name)

    monkeypatch.setattr(applying, "import_workbook", cut_off)
    with pytest.raises(KeyboardInterrupt):
        await apply(made, told.append)
    assert [(result.slug, result.invitation.startswith("/t/linjiang/invitation/")) for result in told] == [
        ("linjiang", True)
    ]


async def test_names_that_cannot_be_kept_are_refused_in_the_plan(two: Path) -> None:
    (two / "donghu").rename(two / "Dong_hu")
    file = two / "Dong_hu" / "tenant.toml"
    text = file.read_text("utf-8").replace("donghu-admin", " ").replace("管理员", "长" * 65)
    file.write_text(text, "utf-8")
    (refused,) = [tenant for tenant in (await plan(two)).tenants if tenant.slug == "Dong_hu"]
    assert refused.action == "refuse"
    assert refused.reasons == (
        "标识“Dong_hu”只能由小写字母、数字和连字符组成，以字母开头，不超过 40 个字符",
        "账号不能为空，最多 64 个字符",
        "姓名不能为空，最多 64 个字符",
    )


async def test_settings_that_every_request_would_trip_over_are_refused_in_the_plan(two: Path) -> None:
    wrong = {
        "three_administrators": '"yes"',
        "second_factor_for_admins": "1",
        "password_policy": '"mlps"',
        "time_zone": '"Asia/Chongqin"',
        "audit_retention_months": "3",
    }
    with (two / "donghu" / "tenant.toml").open("a", encoding="utf-8") as file:
        for name, value in wrong.items():
            file.write(f'\n[settings.{name}]\nfrom = "2026-01-01"\nvalue = {value}\n')
    made = {one.slug: one for one in (await plan(two)).tenants}
    assert made["donghu"].action == "refuse"
    assert made["donghu"].reasons == (
        "设置“three_administrators”应为 true 或 false",
        "设置“second_factor_for_admins”应为 true 或 false",
        "设置“password_policy”应为 asvs、mlps3 之一",
        "设置“time_zone”应为时区的名称，如 Asia/Shanghai",
        "设置“audit_retention_months”应为 6 至 1200 的整数",
    )


async def test_a_folder_with_data_and_without_its_tenant_file_is_refused_not_passed_over(two: Path) -> None:
    (two / "donghu" / "tenant.toml").unlink()
    (two / "notes").mkdir()
    made = await plan(two)
    assert made.exit_code == 1
    assert [(tenant.slug, tenant.action, tenant.reasons) for tenant in made.tenants if tenant.reasons] == [
        ("donghu", "refuse", ("donghu/tenant.toml：文件夹里没有这个文件",))
    ]


async def test_one_failing_tenant_is_rolled_back_alone_and_the_same_plan_finishes_it(
    two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await plan(two)

    async def full_disk(scheme: str, data: bytes, name: str) -> Any:
        if name.startswith("linjiang"):
            raise OSError(28, "No space left on device")
        return await import_workbook(scheme, data, name)

    monkeypatch.setattr(applying, "import_workbook", full_disk)
    results = await apply(made)
    assert [(result.slug, bool(result.fault)) for result in results] == [
        ("linjiang", True),
        ("donghu", False),
    ]
    assert results[0].fault.startswith("磁盘满了；这个租户什么都没有写入，其余租户不受影响")
    linjiang = await scoped("linjiang")
    with tenant_scope(linjiang):
        assert await queries.organizations(dt.date(2026, 10, 1)) == []
        assert await fetch_value("select count(*) from account where tenant_id = $1", linjiang) == 0
    monkeypatch.undo()
    results = await apply(made)
    assert [(r.slug, r.done[0], r.fault) for r in results] == [
        ("linjiang", "登记租户「临江省」（省）", ""),
        ("donghu", "这份计划已经做完", ""),
    ]
    assert (await plan(two)).exit_code == 0


async def test_a_plugin_taken_out_of_the_file_is_turned_off(two: Path) -> None:
    await onboard(two)
    file = two / "donghu" / "tenant.toml"
    text = file.read_text("utf-8").replace('plugins = ["points"]\n', "").partition("[schemes")[0]
    file.write_text(text, "utf-8")
    (two / "donghu" / "facts" / "points.xlsx").unlink()
    made = await plan(two)
    assert [step.words for step in made.tenants[1].steps] == ["停用插件 points"]
    await apply(made)
    with tenant_scope(await scoped("donghu")):
        assert await enabled_plugins() == frozenset()


async def test_a_tenants_own_rulebook_is_put_in_force_and_a_faulty_one_is_refused_with_its_line(
    two: Path,
) -> None:
    await onboard(two)
    own = two / "donghu" / "rulebooks" / "points.toml"
    own.parent.mkdir()
    text = to_toml(wanted_book("points", "three_required"))
    own.write_text(text.replace("cap = 30", "cpa = 30"), "utf-8")
    refused = (await plan(two)).tenants[1]
    assert refused.action == "refuse"
    assert "没有“cpa”这一项，是否指“cap”？" in refused.reasons[0]
    own.write_text(text, "gbk")
    others, refused = (await plan(two)).tenants
    assert (others.action, refused.action) == ("none", "refuse")
    assert "规则文件读不了，请另存为 UTF-8" in refused.reasons[0]
    own.write_text(text, "utf-8-sig")
    made = await plan(two)
    assert [step.words for step in made.tenants[1].steps] == ["方案 points（本单位规则）自 2026-01-01 起生效"]
    assert [result.fault for result in await apply(made)] == [""]
    with tenant_scope(await scoped("donghu")):
        version = await in_force("points", dt.date(2026, 1, 1))
    assert version is not None
    assert version.number == 2
    assert (await plan(two)).exit_code == 0


async def test_a_preset_that_does_not_exist_is_refused(two: Path) -> None:
    file = two / "donghu" / "tenant.toml"
    file.write_text(file.read_text("utf-8") + 'preset = "none_such"\n', "utf-8")
    assert (await plan(two)).tenants[1].reasons[0].startswith("没有这个预设（points：none_such）")


async def test_a_suspended_tenant_is_left_alone(two: Path) -> None:
    await onboard(two)
    await change_tenant("donghu", name="东湖区", kind="district", parent="linjiang", state="suspended")
    write_claims(two / "donghu", ("M1",))
    made = await plan(two)
    assert made.tenants[1].reasons == ("租户已停用，只能查看；请先恢复，再更改",)


async def test_a_list_of_tenants_creates_them_all(tmp_path: Path) -> None:
    rows = [
        ("donghu", "东湖区", "区县", "linjiang", "points", "dh", "周"),
        ("linjiang", "临江省", "省", None, None, None, None),
    ]
    path = tmp_path / "districts.xlsx"
    path.write_bytes(write_workbook([SheetOut("租户", LIST_COLUMNS, rows)], made=dt.date(2026, 1, 1)))
    done = await onboard(path)
    assert done.tenants == ("linjiang", "donghu")
    assert [(one.slug, bool(one.invitation)) for one in done.applied] == [
        ("linjiang", False),
        ("donghu", True),
    ]
    assert (await plan(path)).exit_code == 0


def test_a_plan_file_is_what_was_planned_or_is_refused(tmp_path: Path) -> None:
    made = Plan(str(tmp_path), "2026-10-01T04:00:00+00:00", ())
    write_plan(made, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == made
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(Refusal) as caught:
        read_plan(tmp_path / "other.json")
    assert caught.value.what_zh == "这不是 plan 写出的计划文件"


async def test_the_commands_print_in_chinese_and_return_the_exit_codes(
    two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stay(*_: object) -> None:
        """The fixture has connected already and will close."""

    monkeypatch.setattr(commands, "connect", stay)
    monkeypatch.setattr(commands, "close", stay)
    out = Console(file=io.StringIO(), width=200)
    settings = Settings(mode="production", hosts=("jiceng.example.cn", "10.1.2.3"))
    file = tmp_path / "plan.json"
    assert await commands.plan_command(settings, two, file, out) == 2
    assert await commands.apply_command(settings, file, out) == 0
    assert await commands.plan_command(settings, two, None, out) == 0
    assert await commands.status_command(settings, out) == 0
    assert await commands.plan_command(settings, tmp_path / "nothing", None, out) == 1
    assert isinstance(out.file, io.StringIO)
    said = out.file.getvalue()
    assert "新建 donghu 东湖区\n  + 登记租户「东湖区」（区县，上级 linjiang）" in said
    assert "完成 donghu 东湖区（" in said
    assert "管理员一次性链接（只显示这一次）：https://jiceng.example.cn/t/donghu/invitation/" in said
    assert "新建 0，更改 0，无变化 2，拒绝 0" in said
    assert "这里没有租户" in said
    assert "donghu 东湖区（区县，上级 linjiang） 组织 3，党员 3，单位 0\n  插件 points\n" in said
