"""The demo's last words say how to sign in: they stand on the screen when it serves."""

from jiceng.demo import ways_in
from jiceng.kernel.settings import Settings
from jiceng.operations.schemas import Applied
from jiceng.operations.service import Onboarded

SETTINGS = Settings(port=8123)


def test_each_new_administrators_link_is_whole_and_comes_last() -> None:
    applied = (
        Applied("linjiang", "临江省", invitation="/t/linjiang/invitation/abc"),
        Applied("donghu", "东湖区"),
    )
    assert ways_in(Onboarded(("linjiang", "donghu"), applied), SETTINGS) == [
        "管理员一次性链接，打开后自己设密码 One-time links, choose a password:",
        "  临江省  http://127.0.0.1:8123/t/linjiang/invitation/abc",
        "控制台 Console: http://127.0.0.1:8123/   （Ctrl-C 结束）",
    ]


def test_without_a_new_link_it_says_how_to_get_one() -> None:
    _, way, _ = ways_in(Onboarded(("linjiang",), ()), SETTINGS)
    assert "jiceng tenants invite 单位标识 单位标识-admin" in way
