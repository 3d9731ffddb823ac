"""减负自检: each forbidden kind of item is found with rule, item and words; honest items are left alone."""

import pytest
from tests.support.rulebook_texts import book

from jiceng_sdk.rulebook import examine
from jiceng_sdk.rulebook.burden import Finding, burden, refused

CLEAN_FACTS = 'target = { kind = "number", min = 0, max = 100 }\n'
QUIET = (
    book()
    .replace(CLEAN_FACTS, "")
    .replace('monthly = { kind = "number", each = "month", default = 0, min = 0, max = 10 }\n', "")
)
QUIET = QUIET.replace(
    'base = { points = "mark" }',
    'base = { points = "if(late, 0, mark)" }\nmeetings = { from = "meeting", points = 1 }',
).replace('["base"', '["base", "meetings"')


def _findings(text: str) -> tuple[Finding, ...]:
    analysis = examine(text).analysis
    assert analysis is not None
    return burden(analysis)


def _with(item: str, fact: str = 'e = { kind = "event" }') -> str:
    return (
        QUIET.replace("[items]", f'[facts.extra]\nkind = "flag"\nsource = "roster"\n[items]\na = {item}')
        .replace("[facts]\n", f"[facts]\n{fact}\n")
        .replace('["base"', '["base", "a"')
    )


REFUSED = {
    '{ title = "每日打卡", from = "e", points = 1 }': ("check_in", "打卡"),
    '{ title = "App 登录", from = "e", points = 1 }': ("login", "登录"),
    '{ title = "在线学习时长", from = "e", points = 1 }': ("online_time", "在线学习时长"),
    '{ title = "点赞评论", from = "e", points = 1 }': ("likes", "点赞"),
    '{ title = "转发文章", from = "e", points = 1 }': ("likes", "转发"),
    '{ title = "积分排名加分", from = "e", points = 1 }': ("points_ranking", "积分排名"),
    '{ title = "巡查轨迹", from = "e", points = 1 }': ("tracks", "轨迹"),
}


@pytest.mark.parametrize("item", REFUSED)
def test_a_forbidden_item_is_refused_by_its_rule(item: str) -> None:
    findings = _findings(_with(item))
    assert [(one.rule, one.words, one.path, one.severity) for one in findings] == [
        (*REFUSED[item], "items.a", "refuse")
    ]
    assert refused(findings)


def test_a_finding_says_what_by_which_document_and_what_to_do() -> None:
    (finding,) = _findings(_with('{ title = "点赞", from = "e", points = 1 }'))
    assert finding.zh == (
        "项目“点赞”涉及“以点赞、转发等为指标”（点赞），不能发布；"
        "依据《关于防治“指尖上的形式主义”的若干意见》（中央网络安全和信息化委员会）。"
        "请去掉这一项，不以点赞、转发、收藏计分"
    )
    assert finding.en == (
        "item “点赞” touches “likes, reposts and the like as a measure” (点赞), cannot be published; "
        "see the opinions against “formalism at the fingertips” (Central Cyberspace Affairs Commission). "
        "Leave this item out: no points for likes, reposts, favourites"
    )


def test_what_an_item_reads_counts_as_well() -> None:
    fact = 'login = { kind = "event", title = "使用记录", fields = { seconds = "number" } }'
    findings = _findings(_with('{ title = "学习", from = "login", points = "seconds" }', fact))
    assert [(one.rule, one.words) for one in findings] == [("login", "login"), ("online_time", "seconds")]


def test_photos_are_only_doubtful() -> None:
    findings = _findings(_with('{ title = "活动照片", from = "e", points = 1 }'))
    assert [(one.rule, one.severity) for one in findings] == [("photos", "warn")]
    assert not refused(findings)


ALLOWED = ("志愿服务时长", "会议签到情况", "讲党课", "学习班", "参加组织生活", "镇内排名加分", "阵地使用率")


@pytest.mark.parametrize("title", ALLOWED)
def test_honest_items_are_left_alone(title: str) -> None:
    assert _findings(_with(f'{{ title = "{title}", from = "e", points = 1 }}')) == ()


def test_asking_twice_and_asking_for_nothing_are_doubtful() -> None:
    facts = (
        'a1 = { kind = "number", title = "党员数", source = "roster" }\n'
        'a2 = { kind = "number", title = "党员 数" }\nidle = { kind = "flag", title = "备用" }'
    )
    findings = _findings(_with('{ points = "a1 + a2" }', facts))
    assert [(one.rule, one.path, one.severity) for one in findings] == [
        ("twice", "facts.a2", "warn"),
        ("unused", "facts.idle", "warn"),
    ]


def test_a_rank_of_persons_is_not_shown() -> None:
    text = QUIET + '[outputs]\nplace = { title = "名次", value = "cohort_rank(score)" }\n'
    assert [(one.rule, one.path, one.severity) for one in _findings(text)] == [
        ("points_ranking", "outputs.place", "refuse")
    ]
    assert _findings(text.replace('subject = "member"', 'subject = "organization"')) == ()
