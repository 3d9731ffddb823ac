"""A clerk who never saw TOML writes two regulations in the forms; their worked cases come out right."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Watched
from tests.support.site import Site

from jiceng_sdk.cases import run_cases
from jiceng_sdk.cases.reporting import report_lines

pytestmark = pytest.mark.browser
REGULATIONS = Path(__file__).parents[1] / "regulations"
LONGEST = 60.0
PATIENCE = 8.0
STARS = {
    "innovation": "有党建创新项目", "overdue": "逾期未换届", "incomplete": "班子不健全",
    "inactive": "半年未开展党的活动", "lead_judged": "领导班子酌情扣分", "no_staff": "未配兼职党务干部",
    "poor_pioneer": "先锋创绩开展差", "no_pledges": "未开展承诺或志愿服务", "venue_state": "活动阵地",
    "rest": "其余五项合计含加分", "lead": "领导班子", "core": "骨干队伍", "venue": "活动阵地2",
}  # fmt: skip
"""What the published cases call a fact or item, and the name the forms made of its Chinese title."""
SECRETARIES = {
    "township": "乡镇", "year_end": "年终考评得分", "one_off": "一次性奖励", "admonished": "诫勉谈话限期整改",
    "monthly_min": "月报酬增减下限", "monthly_max": "月报酬增减上限", "recruitment": "招考加分",
}  # fmt: skip


class Clerk:
    """Somebody at the forms of one draft."""

    def __init__(self, watched: Watched, site: Site, shots: Path | None) -> None:
        self.watched, self.page, self.site, self.shots = watched, watched.page, site, shots
        self.page.set_default_timeout(6000)

    def enters(self) -> None:
        self.page.goto(self.site.at("login"))
        self.page.fill("#login", self.site.login)
        self.page.fill("#password", self.site.password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.site.at())

    def starts(self, title: str, subject: str, grades: str) -> None:
        self.page.goto(self.site.at("schemes"))
        self.page.get_by_label("办法名称").fill(title)
        self.page.locator("#subject").select_option(label=subject)
        self.page.get_by_label("等次，从好到差").fill(grades)
        self.page.get_by_role("button", name="新建方案").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def adds(self, button: str, **fields: str) -> None:
        """Press the button that adds a part, fill in the form, save."""
        self.page.get_by_role("link", name=button, exact=True).click()
        self.fills(**fields)
        self.saves()

    def fills(self, **fields: str) -> None:
        """Fields by the key of their id (`__` is a hyphen); choices that change the form first."""
        self.page.wait_for_selector("#part")
        for key in ("kind", "scale", "how"):
            if key in fields:
                self.chooses(key, fields.pop(key))
        for key, value in fields.items():
            box = self.page.locator(f"[id='{key.replace('__', '-')}']")
            if not box.is_visible():
                self.page.get_by_text("更多设置").click()
            if box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(label=value)
            else:
                box.fill(value)

    def chooses(self, key: str, label: str) -> None:
        """A choice after which the form shows other fields."""
        box = self.page.locator(f"#{key}")
        if box.evaluate("box => box.selectedOptions[0].textContent") != label:
            self.redraws(lambda: box.select_option(label=label))

    def adds_row(self, table: str) -> None:
        self.redraws(self.page.get_by_role("button", name=f"加一行：{table}").click)

    def redraws(self, act: Callable[[], object]) -> None:
        """Wait until htmx has put the new form in its place."""
        self.page.evaluate(
            "() => { window.settled = false; document.body.addEventListener("
            "'htmx:afterSettle', () => { window.settled = true }, {once: true}) }"
        )
        act()
        until = time.monotonic() + PATIENCE
        while not self.page.evaluate("() => window.settled"):
            assert time.monotonic() < until, "the form was not drawn anew"
            self.page.wait_for_timeout(20)

    def writes_rows(self, table: str, label: str, rows: list[dict[str, str]], there: int = 1) -> None:
        for n, row in enumerate(rows):
            if n >= there:
                self.adds_row(label)
            for column, value in row.items():
                self.page.fill(f"#{table}-{n}-{column}", value)

    def saves(self) -> None:
        self.page.get_by_role("button", name="保存", exact=True).last.click()
        expect(self.page.get_by_role("heading", name="决定次序")).to_be_visible()

    def looks(self, name: str) -> None:
        self.watched.fits(name, self.shots)

    def publishes(self, tmp_path: Path, regulation: str, names: dict[str, str]) -> Path:
        """Publish; the rulebook as a file beside the regulation's worked cases in the clerk's names."""
        expect(self.page.get_by_text("规则完整，可以发布")).to_be_visible()
        self.page.get_by_label("发布理由").fill("部务会议定")
        self.page.get_by_role("button", name="发布第 1 版").click()
        expect(self.page.get_by_text("第 1 版已发布")).to_be_visible()
        self.looks(f"history-{regulation}")
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name="下载").click()
        waiting.value.save_as(tmp_path / f"{regulation}.toml")
        return worked_cases(tmp_path, regulation, names)


def worked_cases(folder: Path, regulation: str, names: dict[str, str]) -> Path:
    """The published cases with the names that the forms made of the titles."""
    text = (REGULATIONS / f"{regulation}.cases.toml").read_text(encoding="utf-8")
    for name, title in names.items():
        text = re.sub(rf"\b{name}\b", f'"{title}"', text)
    path = folder / f"{regulation}.cases.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def clerk(watched: Watched, site: Site, shots: Path | None) -> Clerk:
    clerk = Clerk(watched, site, shots)
    clerk.enters()
    return clerk


def all_pass(path: Path, at_least: int) -> None:
    """Every worked case of the regulation, evaluated with what the clerk wrote."""
    report = run_cases([path])
    assert report.fine, "\n".join(report_lines(report))
    assert report.passed >= at_least


def test_regulation_11_stars_for_branches(clerk: Clerk, tmp_path: Path) -> None:
    begun = time.monotonic()
    clerk.starts("大路分局党支部五星创评办法", "组织", "五星、四星、三星、二星、一星")
    flags = ["有党建创新项目", "逾期未换届", "班子不健全", "半年未开展党的活动", "未配兼职党务干部",
             "先锋创绩开展差", "未开展承诺或志愿服务"]  # fmt: skip
    clerk.page.get_by_role("link", name="添加资料").click()
    for title in flags:
        clerk.fills(title=title, kind="是或否")
        clerk.page.get_by_role("button", name="保存并再添一个").click()
        expect(clerk.page.locator("#title")).to_have_value("")
    clerk.fills(title="领导班子酌情扣分", kind="一个数", min="0", max="15", default="0")
    clerk.saves()
    clerk.adds(
        "添加资料", title="活动阵地", kind="从几个选项中选", options="达标、无设备、无场所", absent="达标"
    )
    clerk.adds("添加资料", title="其余五项合计（含加分）", kind="一个数", min="0", max="110", default="0")
    items(clerk)
    decisions(clerk)
    clerk.looks("draft-11")
    path = clerk.publishes(tmp_path, "11-wuxing-110", STARS)
    all_pass(path, 21)
    assert time.monotonic() - begun < LONGEST


def items(clerk: Clerk) -> None:
    """Four items, and the total up to 110."""
    page = clerk.page
    page.get_by_role("link", name="添加项目", exact=True).click()
    clerk.fills(
        title="领导班子", clause="指标一 15 分", scale="逐条加减分", start="15 - 领导班子酌情扣分", floor="0"
    )
    rows = [{"when": when, "points": "-5"} for when in ("逾期未换届", "班子不健全", "半年未开展党的活动")]
    clerk.writes_rows("checks", "加减分", rows)
    clerk.looks("item-11")
    clerk.saves()
    page.get_by_role("link", name="添加项目", exact=True).click()
    clerk.fills(title="骨干队伍", clause="指标二 10 分", scale="逐条加减分", start="10")
    clerk.writes_rows("checks", "加减分", [
        {"when": "未配兼职党务干部", "points": "-3"}, {"when": "先锋创绩开展差", "points": "-2"},
        {"when": "未开展承诺或志愿服务", "points": "-3"}])  # fmt: skip
    clerk.saves()
    page.get_by_role("link", name="添加项目", exact=True).click()
    clerk.fills(**{"title": "活动阵地", "clause": "指标三 10 分", "scale": "按选项给分", "from": "活动阵地"})
    marks = [("达标", "10"), ("无设备", "5"), ("无场所", "0")]
    clerk.writes_rows("choice", "各选项的分", [{"key": option, "value": mark} for option, mark in marks])
    clerk.saves()
    clerk.adds(
        "添加项目", title="工作制度、保障机制、工作业绩、群众评价、加分项目", points="其余五项合计含加分"
    )
    total = page.get_by_label("总分封顶")
    total.fill("110")
    clerk.redraws(lambda: total.press("Tab"))


def decisions(clerk: Clerk) -> None:
    """Bands with a gap left to a ruling, and guide shares."""
    page = clerk.page
    page.get_by_role("link", name="分数线", exact=True).click()
    clerk.fills(title="按分定星", gaps="留待裁定")
    conditions = ["总分 >= 90 且 有党建创新项目", "80 <= 总分 < 90", "70 <= 总分 < 80", "60 <= 总分 < 70"]
    conditions.append("总分 ＜ 60")
    clerk.writes_rows("rows", "各等次的条件", [{"when": when} for when in conditions], there=5)
    clerk.looks("bands-11")
    clerk.saves()
    page.get_by_role("link", name="名额", exact=True).click()
    clerk.fills(title="名额指导比例", hard="只提示，不改等次（指导比例）")
    shares = [("五星", "10"), ("四星", "30"), ("三星", "40")]
    clerk.writes_rows("share", "各等次的百分比", [{"key": grade, "value": part} for grade, part in shares])
    clerk.saves()


def test_regulation_33_three_classes_of_secretaries(clerk: Clerk, tmp_path: Path) -> None:
    begun = time.monotonic()
    clerk.starts("崇义县村党组织书记分类管理", "党员", "一类、二类、三类")
    clerk.adds("添加资料", title="乡镇", kind="从几个选项中选", source="名册里已有")
    clerk.adds("添加资料", title="年终考评得分", kind="一个数", min="0", max="100")
    clerk.adds("添加项目", title="年终考评", points="年终考评得分")
    clerk.page.get_by_role("link", name="名额", exact=True).click()
    clerk.fills(title="按 3:5:2 分类", how="全部按比例分，如 3:5:2", within="乡镇")
    shares = [("一类", "3"), ("二类", "5"), ("三类", "2")]
    clerk.writes_rows("ratio", "各等次的份数", [{"key": grade, "value": part} for grade, part in shares])
    clerk.looks("quota-33")
    clerk.saves()
    admonished = "诫勉谈话限期整改"
    for title, value, unit in (
        ("一次性奖励", "如果（等次 = “一类”，1000，0）", "元"),
        ("诫勉谈话、限期整改", "等次 == '三类' 或 等次 < 上期等次", ""),
        ("月报酬增减（下限）", f"如果({admonished}, -100, 如果(等次 == '一类', 100, 0))", "元/月"),
        ("月报酬增减（上限）", f"如果({admonished}, -50, 如果(等次 == '一类', 100, 0))", "元/月"),
        ("招考加分", "2 * 出现期数(等次 == '一类') - 2 * 出现期数(等次 == '三类')", "分"),
    ):
        clerk.adds("添加用处", title=title, value=value, unit=unit)
    clerk.looks("draft-33")
    path = clerk.publishes(tmp_path, "33-chongyi-3-5-2", SECRETARIES)
    all_pass(path, 12)
    assert time.monotonic() - begun < LONGEST


def test_a_fault_is_shown_at_its_field_and_what_was_typed_stays(clerk: Clerk) -> None:
    page: Page = clerk.page
    clerk.starts("值班办法", "党员", "好、差")
    page.get_by_role("link", name="添加项目", exact=True).click()
    clerk.fills(title="值班", points="天数 * 2", cap="十分")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.locator("#cap-fault")).to_contain_text("十分")
    expect(page.locator("#points")).to_have_value("天数 * 2")
    clerk.looks("fault")
    page.get_by_role("link", name="回到草稿").click()
    expect(page.get_by_text("处要先改正，才能发布")).to_be_visible()
    clerk.looks("draft-faulty")
