"""Every word the plugin's code puts on a screen has its English."""

from jiceng.console.frame.wording import english
from jiceng_double_strong_six_good import vocabulary
from jiceng_double_strong_six_good.coverage.counting import ADVICE
from jiceng_double_strong_six_good.declarations import states as declarations
from jiceng_double_strong_six_good.declarations import web as declaration_pages
from jiceng_double_strong_six_good.declarations.content import QUESTIONS
from jiceng_double_strong_six_good.help import states as help_states
from jiceng_double_strong_six_good.help import web as help_pages
from jiceng_double_strong_six_good.instructors import web as instructor_pages
from jiceng_double_strong_six_good.limits import NUMBERS, UNTIL
from jiceng_double_strong_six_good.sheets import web as sheet_pages


def test_every_word_of_the_code_has_its_english() -> None:
    words = {
        *vocabulary.CRITERIA.values(),
        *vocabulary.PARTIES,
        *vocabulary.TIERS.values(),
        *vocabulary.COVERAGE,
        *vocabulary.RATED_KINDS,
        *ADVICE,
        *(title for title, _, _ in NUMBERS.values()),
        UNTIL,
        *(text for one in QUESTIONS for text in (one.title, one.help, *one.options)),
        *declarations.STATE_WORDS.values(),
        *declarations.ACT_WORDS.values(),
        *declaration_pages.FURTHER_WORDS.values(),
        *help_states.STATE_WORDS.values(),
        *help_states.ACT_WORDS.values(),
        *help_pages.FURTHER_WORDS.values(),
        *instructor_pages.ACT_WORDS.values(),
        *sheet_pages.TITLES.values(),
    }
    assert sorted(words - set(english())) == []
