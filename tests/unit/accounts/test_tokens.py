"""Tokens have enough entropy, are stored as digests, and bind forms to browser and session."""

from jiceng.accounts.signing_in.tokens import csrf_token, digest, new_token, same


def test_a_token_has_256_bits_and_differs_each_time() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 for token in tokens)


def test_the_digest_is_sha256_and_not_the_token() -> None:
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_form_token_is_bound_to_cookie_and_session() -> None:
    token = csrf_token("cookie", "session")
    assert same(token, csrf_token("cookie", "session"))
    assert not same(token, csrf_token("cookie", "other session"))
    assert not same(token, csrf_token("other cookie", "session"))
    assert not same(token, csrf_token("cookie", ""))
