"""What the demo prints of key figures, and what a tenant's folder tells it to do with results."""

from pathlib import Path

import pytest

from jiceng.api.asking import FiguresOf
from jiceng.api.hooks import Earlier, Figure
from jiceng.demo import Shown, figure_lines, story
from jiceng.kernel.errors import Refusal

COVERAGE = "非公企业组织覆盖率"


def test_a_figure_is_told_with_its_whole_last_years_and_the_rise_in_points() -> None:
    found = [
        FiguresOf(
            "双强六好",
            (
                Figure(title=COVERAGE, value=216, whole=308, before=Earlier("上年末", 94, 302)),
                Figure(title=COVERAGE, value=3, whole=4),
                Figure(title="实施中的项目", value=43, before=Earlier("上年", 50)),
                Figure(title="红灯项目", value=0, whole=0, before=Earlier("上年", 1, 2)),
            ),
        )
    ]
    assert figure_lines("澄溪区委组织部", found) == [
        "澄溪区委组织部  非公企业组织覆盖率 216/308 = 70.13 %，上年末 94/302 = 31.13 %，变化 +39.00 个百分点",
        "澄溪区委组织部  非公企业组织覆盖率 3/4 = 75.00 %",
        "澄溪区委组织部  实施中的项目 43，上年 50，变化 -7",
        "澄溪区委组织部  红灯项目 0",
    ]


def test_a_folder_says_which_years_take_effect_and_go_on_notice(tmp_path: Path) -> None:
    assert story(tmp_path, "qinghe") == {}
    (tmp_path / "qinghe").mkdir()
    (tmp_path / "qinghe" / "demo.toml").write_text("[star_rating]\nin_effect = [2025]\n", "utf-8")
    assert story(tmp_path, "qinghe") == {"star_rating": Shown(in_effect=(2025,))}
    (tmp_path / "qinghe" / "demo.toml").write_text("[points]\nacts = { praise = [2026] }\n", "utf-8")
    assert story(tmp_path, "qinghe") == {"points": Shown(acts={"praise": (2026,)})}


def test_a_story_that_cannot_be_read_is_refused_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text("[star_rating]\nin_efect = [2025]\n", "utf-8")
    with pytest.raises(Refusal, match=r"demo\.toml 读不懂"):
        story(tmp_path, "qinghe")
