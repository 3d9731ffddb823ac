"""A rulebook shown in forms and read back is the same rulebook; what is typed survives the browser."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from jiceng.schemes.editing.fields import SECTIONS, specs_of
from jiceng.schemes.editing.flat import sheet_of
from jiceng.schemes.editing.raw import raw_of
from jiceng.schemes.editing.sheet import draft_of
from jiceng.schemes.editing.spec import Spec
from jiceng_sdk.rulebook import read_file, read_rulebook, read_scheme
from jiceng_sdk.rulebook.reading import examine_raw

ROOT = Path(__file__).parents[4]
BOOKS = sorted(
    path for path in (ROOT / "tests/regulations").rglob("*.toml") if not path.name.endswith(".cases.toml")
)
SCHEMES = sorted((ROOT / "plugins").rglob("scheme.toml"))


def form_of(sheet: dict[str, Any]) -> dict[str, str]:
    """The fields a browser sends of a form that holds the sheet."""
    form: dict[str, str] = {}
    for key, value in sheet.items():
        if isinstance(value, list):
            for n, row in enumerate(value):
                form |= {f"{key}-{n}-{column}": str(text) for column, text in row.items()}
        else:
            form[key] = str(value)
    return form


@pytest.mark.parametrize("path", [*BOOKS, *SCHEMES], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_rulebook_survives_the_forms(path: Path) -> None:
    book = read_scheme(path).book if path in SCHEMES else read_file(path)
    draft = draft_of(book)
    through_the_browser = {
        section: [sheet_of(form_of(sheet), specs_of(section, str(sheet.get("do", "")))) for sheet in sheets]
        for section, sheets in draft.items()
    }
    assert through_the_browser == draft
    composed = raw_of(through_the_browser)
    assert composed.faults == []
    assert examine_raw(composed.raw, {}).book == book


def test_the_sixteen_regulations_but_the_ledger_are_there() -> None:
    assert len([path for path in BOOKS if path.parent.name == "regulations"]) == 15


TYPED = st.sampled_from(
    [
        "1",
        "-0.5",
        "十分",
        "总分 >= 60 且",
        "a、b",
        "a\nb\n",
        "'",
        "x" * 50,
        "是",
        "100%",
        "member",
        "[",
        "1e400",
        " 首 ",
    ]
)


def sheets(specs: tuple[Spec, ...]) -> st.SearchStrategy[dict[str, object]]:
    """Anything that can be typed into a form."""
    known = {
        spec.key: st.lists(sheets(spec.columns).filter(_typed), min_size=1, max_size=3)
        if spec.kind == "rows"
        else TYPED
        for spec in specs
    }
    return st.fixed_dictionaries({}, optional=known)


def _typed(row: dict[str, object]) -> bool:
    return any(key != "kind" for key in row)


@pytest.mark.parametrize("section", ["header", *(name for name in SECTIONS if name != "decide")])
@settings(max_examples=30, phases=[Phase.generate], deadline=None)
@given(data=st.data())
def test_whatever_is_typed_comes_back_exactly(section: str, data: st.DataObject) -> None:
    specs = specs_of(section)
    sheet = data.draw(sheets(specs))
    assert sheet_of(form_of(sheet), specs) == sheet


@pytest.mark.parametrize("section", ["header", *(name for name in SECTIONS if name != "decide")])
@settings(max_examples=30, phases=[Phase.generate], deadline=None)
@given(data=st.data())
def test_no_faulty_draft_makes_the_check_raise(section: str, data: st.DataObject) -> None:
    draft = {"header": [{"title": "办法", "subject": "member"}]}
    typed = data.draw(sheets(specs_of(section)))
    if section == "header":
        draft["header"] = [typed]  # type: ignore[list-item] # generated rows
    else:
        draft[section] = [{"id": "1", **typed}]  # type: ignore[dict-item] # generated rows
    composed = raw_of(draft)
    examine_raw(composed.raw, {})


def test_an_item_of_no_points_keeps_them_in_its_form() -> None:
    book = read_rulebook(
        'title = "登记"\nsubject = "member"\nperiod = "year"\n'
        '[items.seen]\ntitle = "已登记"\npoints = 0\n[groups.score]\ntitle = "总分"\nof = ["seen"]\n'
    )
    draft = draft_of(book)
    assert (draft["items"][0]["scale"], draft["items"][0]["points"]) == ("points", "0")
    assert examine_raw(raw_of(draft).raw, {}).book == book
