"""Every word the pages of jobs add has its English, and every kind of job of the worker has a name."""

from jiceng.api.workflows import job_titles
from jiceng.console.frame.wording import english
from jiceng.operations.jobs import KINDS, SCHEDULES
from jiceng.operations.web import STATES
from jiceng.worker import JOBS


def test_every_kind_of_job_has_a_name_and_every_schedule_a_handler() -> None:
    assert set(JOBS) <= {*KINDS, *job_titles()}
    assert {schedule.kind for schedule in SCHEDULES.values()} <= set(JOBS)


def test_every_word_has_its_english() -> None:
    assert {*KINDS.values(), *job_titles().values(), *(word for _, word in STATES.values())} <= set(english())
