"""`jiceng scheme check PATH`: lines, verdicts, exit codes."""

from pathlib import Path

from tests.support.rulebook_texts import BANDS, book

from jiceng_sdk.rulebook.commands import check


class Lines:
    """A console that keeps what is printed."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def print(self, line: str, /, *, markup: bool, highlight: bool, soft_wrap: bool) -> None:
        assert not markup
        assert not highlight
        assert soft_wrap
        self.lines.append(line)


def test_a_clean_rulebook_passes(tmp_path: Path) -> None:
    file, console = tmp_path / "a.toml", Lines()
    file.write_text(book(items='m = { from = "meeting", points = "if(late, 0, monthly_)" }\n'
                         'monthly_ = { each = "month", points = "monthly", across = "sum" }\n'
                         't = { points = "target" }', of=', "m", "t"'), "utf-8")  # fmt: skip
    assert check([file], console) == 0
    assert console.lines == [f"{file}：可以使用", "检查了 1 份规则书，0 份有错误"]


def test_a_folder_is_searched_for_rulebooks_and_faults_have_lines(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(book(), "utf-8")
    (tmp_path / "bad.toml").write_text(book(decide=BANDS.replace("score < 60", "score < 50")), "utf-8")
    (tmp_path / "bad.cases.toml").write_text("cases", "utf-8")
    (tmp_path / "tenant.toml").write_text('name = "x"', "utf-8")
    (tmp_path / "broken.toml").write_text("=", "utf-8")
    console = Lines()
    assert check([tmp_path], console) == 1
    wrong = [line for line in console.lines if "错误：" in line]
    gap = (
        '有缺口，没有一行适用：score = 55。请补一行，或写 gaps = "ask" 留待裁定'
        '（no row fits: score = 55; add a row, or declare gaps = "ask"）'
    )
    syntax = "不是合格的 TOML：这一行写得不对（not valid TOML: Invalid statement）"
    assert wrong == [
        f"{tmp_path}/bad.toml:25 decide[0].rows：错误：{gap}",
        f"{tmp_path}/broken.toml:1 第 1 字：错误：{syntax}",
    ]
    assert console.lines[-1] == "检查了 3 份规则书，2 份有错误"


def test_a_burdensome_rulebook_can_be_computed_but_not_published(tmp_path: Path) -> None:
    file, console = tmp_path / "a.toml", Lines()
    file.write_text(
        book(items='likes = { title = "点赞", from = "meeting", points = 1 }', of=', "likes"'), "utf-8"
    )
    assert check([file], console) == 0
    assert console.lines[0].startswith(f"{file}:18 items.likes：减负自检不通过：项目“点赞”涉及")
    assert console.lines[-2].startswith(f"{file}：可以计算，但减负自检不通过，不能发布")


def test_nothing_to_check_is_said(tmp_path: Path) -> None:
    console = Lines()
    assert check([tmp_path], console) == 2
    assert console.lines == ["没有找到规则书（含 subject 或 [plugin] 的 .toml 文件）"]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    console = Lines()
    assert check([tmp_path / "none.toml"], console) == 1
    assert "文件打不开或不是 UTF-8" in console.lines[0]
