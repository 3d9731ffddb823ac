"""The auditors' page says every event, object and detail in words, in both languages."""

import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from jiceng.console.audit.codes import CODES, HISTORY, SETTINGS
from jiceng.console.audit.listing import words
from jiceng.console.audit.titles import Titles, things
from jiceng.console.audit.vocabulary import DETAILS, DOORS, OBJECTS
from jiceng.console.frame.wording import english
from jiceng.kernel.audit.events import FIELDS, WORDS

REPOSITORY = Path(__file__).parents[3]


def test_every_word_of_the_log_has_its_english() -> None:
    said = {*(zh for zh, _ in WORDS.values()), *DOORS.values(), *OBJECTS.values(), *DETAILS.values()}
    said |= set(things().values())
    said |= {*CODES.values(), *SETTINGS.values(), HISTORY}
    assert sorted(said - set(english())) == []


def test_every_thing_an_entry_is_about_has_a_name() -> None:
    told = re.compile(r"(?:record|record_now)\(\s*Event\.\w+,\s*\(\s*\"(\w+)\"")
    sources = [*REPOSITORY.glob("platform/jiceng/**/*.py"), *REPOSITORY.glob("plugins/**/*.py")]
    about = {name for path in sources for name in told.findall(path.read_text(encoding="utf-8"))}
    assert len(about) > 25
    assert sorted(about - set(things())) == []


def test_every_detail_has_a_word() -> None:
    assert set(DETAILS) == set(FIELDS)


def test_an_event_of_another_version_is_shown_by_its_own_name() -> None:
    assert words("signed_in") == "登录"
    assert words("signed_by_proxy") == "signed_by_proxy"


def test_codes_and_settings_are_said_in_words_and_an_unknown_one_as_it_is() -> None:
    called = Titles({"points": "党员积分"}, {"points": "积分"}, {("points", "claim"): "认领记录"})
    assert called.of("kind", "claim", {"scheme": "points"}) == "认领记录"
    assert called.of("state", "handed_in", {}) == "已提交"
    assert called.of("kind", "of_tomorrow", {}) == "of_tomorrow"
    assert called.of("count", "done", {}) == "done"
    assert called.thing("setting", "second_person") == "双人审批"
    assert called.thing("setting", "history.points") == "往期结果认哪一种"
    assert called.thing("plugin", "points") == "积分"
    assert called.thing("member", "M1") == "M1"


def test_every_act_and_state_of_a_life_has_its_word() -> None:
    codes = {
        one.value
        for name in (
            "jiceng.publication.flow.states",
            "jiceng_classification.plans.states",
            "jiceng_double_strong_six_good.declarations.states",
            "jiceng_double_strong_six_good.help.states",
            "jiceng_points.claims.life",
            "jiceng_project_ledger.states",
        )
        for kind in vars(import_module(name)).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__name__ in {"Act", "State"}
        for one in kind
    }
    assert len(codes) > 40
    assert sorted(codes - set(CODES)) == []
