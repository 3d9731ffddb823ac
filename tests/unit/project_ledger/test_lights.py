"""Lights of projects: which rule gives which colour, and the sentence that says so."""

from decimal import Decimal

import pytest

from jiceng_project_ledger.followup.lights import Colour, Limits, Progress, light

LIMITS = Limits()


@pytest.mark.parametrize(
    ("known", "colour", "sentence"),
    [
        (
            Progress(planned=Decimal(30), done=Decimal(30)),
            Colour.GREEN,
            "进度应到 30%，实际 30%，没有超期、缺报和未整改问题达到黄灯线",
        ),
        (
            Progress(planned=Decimal(30), done=Decimal("25.5")),
            Colour.GREEN,
            "进度应到 30%，实际 25.5%，没有超期、缺报和未整改问题达到黄灯线",
        ),
        (
            Progress(planned=Decimal(30), done=Decimal(25)),
            Colour.YELLOW,
            "进度应到 30%，实际 25%，落后 5%，达到黄灯线 5%",
        ),
        (
            Progress(planned=Decimal(30), done=Decimal(10)),
            Colour.RED,
            "进度应到 30%，实际 10%，落后 20%，达到红灯线 20%",
        ),
        (Progress(late_step="摸底", days_late=1), Colour.YELLOW, "步骤“摸底”已超期 1 天，达到黄灯线 1 天"),
        (Progress(late_step="摸底", days_late=30), Colour.RED, "步骤“摸底”已超期 30 天，达到红灯线 30 天"),
        (Progress(missed=1), Colour.YELLOW, "近三个月有 1 次月汇报过期未报，达到黄灯线 1 次"),
        (Progress(missed=2), Colour.RED, "近三个月有 2 次月汇报过期未报，达到红灯线 2 次"),
        (Progress(findings=2), Colour.YELLOW, "有 2 个监督问题没有整改，达到黄灯线 1 个"),
        (Progress(findings=3), Colour.RED, "有 3 个监督问题没有整改，达到红灯线 3 个"),
    ],
)
def test_each_rule_gives_its_colour_and_says_so(known: Progress, colour: Colour, sentence: str) -> None:
    found = light(known, LIMITS)
    assert (found.colour, found.zh) == (colour, sentence)


def test_the_worst_rule_counts_and_every_rule_is_told_worst_first() -> None:
    found = light(Progress(days_late=3, late_step="摸底", missed=2), LIMITS)
    assert found.colour is Colour.RED
    assert [one.colour for one in found.reasons] == [Colour.RED, Colour.YELLOW]
    assert found.zh.startswith("近三个月有 2 次")


def test_a_percent_sign_in_the_name_of_a_step_stays_as_it_is() -> None:
    assert "步骤“完成 50%（%(s)s）”" in light(Progress(days_late=2, late_step="完成 50%（%(s)s）"), LIMITS).zh


def test_a_tenant_draws_its_own_lines() -> None:
    lax = Limits(yellow_days=10, red_days=60)
    assert light(Progress(days_late=9), lax).colour is Colour.GREEN
    assert light(Progress(days_late=10), lax).colour is Colour.YELLOW


def test_lines_that_cannot_be_are_told() -> None:
    assert LIMITS.faults() == []
    assert Limits(yellow_days=40).faults() == ["步骤超期天数：黄灯应大于 0 且不大于红灯，红灯不大于 1000"]
    assert len(Limits(yellow_behind=0, red_missed=0).faults()) == 2
