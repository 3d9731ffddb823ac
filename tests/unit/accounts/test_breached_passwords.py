"""A list of breached passwords in the data directory: read as published, refused under both policies."""

import hashlib
from pathlib import Path

import pytest

from jiceng.accounts.signing_in.breached import FILE, breached_in
from jiceng.accounts.signing_in.policy import PolicyName, faults_of

LEAKED, HASHED, OTHER = "ShanShui-2019-XiHu", "Chun Tian 1998 Lai Le", "Qiu Tian 1998 Lai Le"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    digest = hashlib.sha1(HASHED.encode(), usedforsecurity=False).hexdigest().upper()
    (tmp_path / FILE).write_text(f"{LEAKED}\r\n{digest}:4711\n\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("policy", ["asvs", "mlps3"])
def test_listed_passwords_are_refused_and_others_are_not(folder: Path, policy: PolicyName) -> None:
    known = breached_in(folder)
    assert len(known) == 2
    for password in (LEAKED, HASHED):
        assert faults_of(password, policy) == ()
        assert faults_of(password, policy, (), known) == ("这个密码在已经泄露的密码名单里",)
    assert faults_of(OTHER, policy, (), known) == ()


def test_a_changed_list_is_read_again_and_none_refuses_nothing(folder: Path, tmp_path: Path) -> None:
    assert OTHER not in breached_in(folder)
    (folder / FILE).write_text(f"{OTHER}\n{LEAKED}\n{HASHED}\n", encoding="utf-8")
    assert OTHER in breached_in(folder)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert len(breached_in(empty)) == 0
