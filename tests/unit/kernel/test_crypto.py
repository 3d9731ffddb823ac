"""The two suites: what is sealed opens only unchanged and in its place; signatures hold; names stay."""

from pathlib import Path

import pytest
from gmalg import SM2
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.ciphers.devices import KeyFiles, device, suite, use_device
from jiceng.kernel.ciphers.signatures import IDENTITY, new_pair, public_of, sign, verified
from jiceng.kernel.ciphers.suites import SUITES, Undecipherable, digest, mac, new_key, seal, unseal
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings, read_settings

CIPHERS = ["aes-256-gcm", "sm4-gcm"]
SIGNATURES = ["ed25519", "sm2-sm3"]


@pytest.mark.parametrize("algorithm", CIPHERS)
@given(plain=st.binary(max_size=300), place=st.integers(0, 400))
def test_one_changed_bit_anywhere_and_it_does_not_open(algorithm: str, plain: bytes, place: int) -> None:
    key = new_key(algorithm)
    sealed = seal(algorithm, key, plain, b"1|member.phone|7")
    assert unseal(algorithm, key, sealed, b"1|member.phone|7") == plain
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= 1
    for wrong in (
        (algorithm, key, bytes(changed), b"1|member.phone|7"),
        (algorithm, key, sealed, b"1|member.phone|8"),
        (algorithm, key, sealed, b"2|member.phone|7"),
        (algorithm, new_key(algorithm), sealed, b"1|member.phone|7"),
        (algorithm, key, sealed[: len(sealed) - 1], b"1|member.phone|7"),
        (algorithm, key, b"", b"1|member.phone|7"),
    ):
        with pytest.raises(Undecipherable):
            unseal(*wrong)


def test_sm4_and_sm3_are_those_of_the_standards() -> None:
    # GB/T 32905 appendix A; RFC 8998 A.1 (SM4-GCM)
    assert digest("sm3")(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    sealed = bytes.fromhex(
        "00001234567800000000abcd"
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([one]) * 8 for one in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    assert unseal("sm4-gcm", key, sealed, bound) == plain


def test_the_macs_differ_by_algorithm_and_key() -> None:
    made = {mac(name, key, b"x") for name in ("hmac-sha256", "hmac-sm3") for key in (b"a", b"b")}
    assert len(made) == 4
    with pytest.raises(KeyError):
        mac("md5", b"", b"")


@pytest.mark.parametrize("algorithm", SIGNATURES)
def test_a_signature_is_of_this_text_by_this_key(algorithm: str) -> None:
    private, public = new_pair(algorithm)
    assert public_of(algorithm, private) == public
    signature = sign(algorithm, private, b"head")
    assert verified(algorithm, public, b"head", signature)
    assert not verified(algorithm, public, b"heads", signature)
    assert not verified(algorithm, new_pair(algorithm)[1], b"head", signature)
    assert not verified(algorithm, public, b"head", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not verified(algorithm, public, b"head", b"")
    assert not verified(algorithm, b"", b"head", signature)
    assert not verified("rsa", public, b"head", signature)


def test_sm2_is_that_of_the_standard() -> None:
    # GM/T 0003.5-2012 appendix A: its key, identity, text and signature on the recommended curve
    private = bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
    public = bytes.fromhex(
        "04"
        "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    signature = bytes.fromhex(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    assert IDENTITY == b"1234567812345678"
    assert public_of("sm2-sm3", private) == public
    assert verified("sm2-sm3", public, b"message digest", signature)
    assert SM2(private).can_decrypt


def test_key_files_are_private_renewed_and_read_for_both_suites(tmp_path: Path) -> None:
    intl, gm = KeyFiles(tmp_path / "keys", SUITES["intl"]), KeyFiles(tmp_path / "keys", SUITES["gm"])
    first = intl.wrapping_key
    assert first == intl.wrapping_key == "intl-wrap-1"
    wrapped = intl.wrap(b"data key", b"1|data_key|1")
    assert gm.unwrap(first, wrapped, b"1|data_key|1") == b"data key"
    assert intl.renew() == intl.wrapping_key == "intl-wrap-2"
    assert intl.unwrap(first, wrapped, b"1|data_key|1") == b"data key"
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    key_id, algorithm, public = gm.signing_key
    assert (key_id, algorithm) == ("gm-sign-1", "sm2-sm3")
    assert verified(algorithm, public, b"head", gm.sign(b"head"))
    (tmp_path / "keys" / "intl-wrap-1.key").unlink()
    with pytest.raises(Refusal, match="缺少密钥文件"):
        intl.unwrap(first, wrapped, b"1|data_key|1")


class Token:
    """A device whose keys never leave it, as a PKCS#11 or SDF adapter looks from here."""

    wrapping_key = "token-slot-7"

    def __init__(self, using: object) -> None:
        self._suite = using
        self._secret, self._pair = new_key("sm4-gcm"), new_pair("sm2-sm3")

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        return seal("sm4-gcm", self._secret, data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        assert key_id == self.wrapping_key
        return unseal("sm4-gcm", self._secret, wrapped, bound)

    @property
    def signing_key(self) -> tuple[str, str, bytes]:
        return "token-sign", "sm2-sm3", self._pair[1]

    def sign(self, data: bytes) -> bytes:
        return sign("sm2-sm3", self._pair[0], data)


def test_a_device_takes_the_place_of_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = Settings(data_dir=tmp_path)
    monkeypatch.setattr("jiceng.kernel.crypto.token_for_tests", Token, raising=False)
    use_device(Settings(data_dir=tmp_path, crypto="gm", key_device="jiceng.kernel.crypto:token_for_tests"))
    try:
        assert (device().wrapping_key, suite().cipher) == ("token-slot-7", "sm4-gcm")
        assert device().unwrap("token-slot-7", device().wrap(b"k", b"b"), b"b") == b"k"
        assert list(tmp_path.iterdir()) == []
        for wrong in ("nothing", "jiceng.kernel.crypto:nobody", "no.such:thing"):
            with pytest.raises(Refusal, match="密码设备"):
                use_device(Settings(key_device=wrong))
    finally:
        use_device(before)


def test_the_settings_choose_suite_keys_and_device() -> None:
    read = read_settings({"JICENG_CRYPTO": "gm", "JICENG_KEYS": "/keys", "JICENG_KEY_DEVICE": "a:b"})
    assert (read.crypto, read.keys, read.key_device) == ("gm", Path("/keys"), "a:b")
    assert read_settings({}).crypto == "intl"
    with pytest.raises(Refusal, match="JICENG_CRYPTO=sm"):
        read_settings({"JICENG_CRYPTO": "sm"})
