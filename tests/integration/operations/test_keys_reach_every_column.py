"""Renewed keys reach texts and files, the core's and the plugins' (control 31): whatever tables declare."""

from datetime import date

import pytest
from tests.support.roster_books import roster_book

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring, renew
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.operations.keys.places import convert_all, left_over, places
from jiceng.roster.service import _upload, keep_upload

BOOK = roster_book()
NEED = next(place for place in places() if place.table == "points_need")
_ADD_NEED = """
insert into points_need (tenant_id, id, number, what, contact, source, state, received, reason, erase_on)
values ($1, $2, 1, '修路灯', $3, 'form', 'new', $4, '', $5)
"""
_CONTENT = "select content from roster_upload where tenant_id = $1 and id = $2"
_CONTACT = "select contact from points_need where tenant_id = $1 and id = $2"


async def head(sql: str, row: object) -> str:
    """How the stored value begins: algorithm and number of its key."""
    stored = await fetch_value(sql, current_tenant(), row)
    text = stored if isinstance(stored, str) else bytes(stored[:24]).decode("latin-1")
    return ":".join(text.split(":")[:2])


async def test_a_plugins_words_and_a_waiting_file_move_to_the_new_key(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        upload, need = await keep_upload(BOOK, "名册.xlsx", None), new_id()
        contact = (await keyring()).seal(NEED, need, "13800138000")
        await execute(_ADD_NEED, current_tenant(), need, contact, now(), date(2027, 1, 1))
        number = await renew()
        for sql, row in ((_CONTENT, upload), (_CONTACT, need)):
            assert await head(sql, row) == "aes-256-gcm:1"
        assert (await left_over(), await convert_all(), await left_over()) == (2, 2, 0)
        for sql, row in ((_CONTENT, upload), (_CONTACT, need)):
            assert await head(sql, row) == f"aes-256-gcm:{number}"
        kept = await fetch_value(_CONTACT, current_tenant(), need)
        assert (await keyring()).open(NEED, need, kept) == "13800138000"
        assert await _upload(upload) == (BOOK, "名册.xlsx")


@pytest.mark.parametrize(
    "place", ["rating_entry.comment", "fact_note.text", "objection.answer", "member.id_number"]
)
def test_the_cores_columns_are_among_them(place: str) -> None:
    assert place in {each.place for each in places()}
    assert all(isinstance(each, Column) for each in places())
