"""Which passwords the two policies accept, and what is said about the others."""

import pytest

from jiceng.accounts.signing_in.policy import PolicyName, faults_of


@pytest.mark.parametrize(
    ("password", "policy"),
    [
        ("correct horse battery", "asvs"),
        ("秋日登高望远山河壮阔如画卷", "asvs"),
        ("a sentence of many words is long enough to need no symbol at all, as ASVS wants", "asvs"),
        ("Tk7-wanh", "mlps3"),
    ],
)
def test_good_passwords_are_accepted(password: str, policy: PolicyName) -> None:
    assert faults_of(password, policy, ("zhouyanqiu", "周砚秋", "chengxi", "澄溪区")) == ()


@pytest.mark.parametrize(
    ("password", "policy", "said"),
    [
        ("short-one", "asvs", "密码至少 12 位，现在是 9 位"),
        ("Ab1", "mlps3", "密码至少 8 位，现在是 3 位"),
        ("wanhtkpq7", "mlps3", "大写字母、小写字母、数字、符号中至少要有三种"),
        ("春风十里不如你来我往啊", "mlps3", "大写字母、小写字母、数字、符号中至少要有三种"),
        ("x7" * 40, "asvs", "这个密码太常见，容易被猜到"),
        ("Password2026!", "asvs", "这个密码太常见，容易被猜到"),
        ("Password2026!", "mlps3", "这个密码太常见，容易被猜到"),
        ("aaaaaaaaaaaa", "asvs", "这个密码太常见，容易被猜到"),
        ("123412341234", "asvs", "这个密码太常见，容易被猜到"),
        ("1qaz2wsx3edc", "asvs", "这个密码太常见，容易被猜到"),
        ("qwertyuiopas", "asvs", "这个密码太常见，容易被猜到"),
        ("my Chengxi is fine", "asvs", "密码里不要用账号、姓名或单位（chengxi）"),
        ("周砚秋的长长长长密码在此", "asvs", "密码里不要用账号、姓名或单位（周砚秋）"),
        ("y" * 257, "asvs", "密码最多 256 位"),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(password: str, policy: PolicyName, said: str) -> None:
    assert said in faults_of(password, policy, ("chengxi", "周砚秋"))


def test_all_faults_are_told_at_once() -> None:
    assert faults_of("chengxi", "mlps3", ("chengxi",)) == (
        "密码至少 8 位，现在是 7 位",
        "大写字母、小写字母、数字、符号中至少要有三种",
        "密码里不要用账号、姓名或单位（chengxi）",
    )
