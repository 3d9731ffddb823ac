"""A port that is taken is said in words that name the port and the setting."""

import socket

import pytest

from jiceng.app import bind
from jiceng.kernel.errors import Unavailable


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable) as refused:
            bind("127.0.0.1", port)
    assert str(refused.value).splitlines()[0] == (
        f"不能在 127.0.0.1:{port} 提供服务：端口已被占用（JICENG_PORT={port}）。"
        "请停掉占用它的程序，或者设置环境变量 JICENG_PORT 换一个端口"
    )


def test_a_foreign_address_is_no_mystery_either() -> None:
    with pytest.raises(Unavailable) as refused:
        bind("203.0.113.7", 8000)
    assert str(refused.value).splitlines()[0] == (
        "不能在 203.0.113.7:8000 提供服务：这台机器没有这个地址（JICENG_HOST=203.0.113.7）。"
        "请把环境变量 JICENG_HOST 改成这台机器的地址"
    )


def test_a_free_port_is_bound() -> None:
    with bind("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0
