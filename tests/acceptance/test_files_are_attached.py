"""Story: papers that support the facts are kept with a subject; only who may see it gets them back."""

import struct
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar
from tests.support.roster_books import roster_book
from tests.support.sample_files import docx, pdf, png
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.audit import entries
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.settings import Settings
from jiceng.roster.service import apply_roster, preview_roster
from jiceng.tenancy.service import set_setting

HTML = {"accept": "text/html", "sec-fetch-site": "same-origin"}
MB = 1024 * 1024


@pytest.fixture
async def subject(app: Litestar, two_tenants: tuple[int, int], settings: Settings, tmp_path: Path) -> str:
    """许文澜 of 东湖区; files go to a folder of this test."""
    del app
    keep_files_in(msgspec.structs.replace(settings, data_dir=tmp_path))
    with tenant_scope(two_tenants[0]):
        await apply_roster(await preview_roster(roster_book(), "名册.xlsx"))
        return str(
            await fetch_value("select id from member where tenant_id = $1 and number = 'M1'", two_tenants[0])
        )


async def attach(who: Browser, subject: str, name: str, content: bytes) -> httpx.Response:
    await who.get(f"/t/donghu/attachments/{subject}")
    return await who.client.post(
        f"/t/donghu/attachments/{subject}",
        data={"_csrf_token": who.token},
        files={"file": (name, content)},
        headers=HTML,
    )


async def kept(tenant: int) -> str:
    with tenant_scope(tenant):
        return str(await fetch_value("select id from stored_file where tenant_id = $1", tenant))


async def test_a_paper_is_attached_listed_downloaded_guarded_and_removed(
    app: Litestar, two_tenants: tuple[int, int], subject: str
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert f"/t/donghu/attachments/{subject}" in (await clerk.get(f"/t/donghu/facts/{subject}")).text
    answer = await attach(clerk, subject, "学习 记录\r\n.pdf", pdf())
    assert (answer.status_code, answer.headers["location"]) == (303, f"/t/donghu/attachments/{subject}")
    page = await clerk.get(f"/t/donghu/attachments/{subject}")
    assert "学习 记录.pdf" in page.text
    assert "共 1 个" in page.text
    file = await kept(two_tenants[0])
    given = await clerk.get(f"/t/donghu/files/{file}")
    assert (given.status_code, given.content) == (200, pdf())
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E5%AD%A6%E4%B9%A0%20%E8%AE%B0%E5%BD%95.pdf"
    )
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    await clerk.get(f"/t/donghu/attachments/{subject}")
    assert (await clerk.post(f"/t/donghu/files/{file}/remove")).status_code == 303
    assert "还没有附件" in (await clerk.get(f"/t/donghu/attachments/{subject}")).text
    assert (await clerk.get(f"/t/donghu/files/{file}")).status_code == 404
    with tenant_scope(two_tenants[0]):
        told = [(entry.event, entry.object_id) async for block in entries() for entry in block]
    assert [event for event in told if event[0].startswith("file_")] == [
        ("file_stored", file),
        ("file_read", file),
        ("file_removed", file),
    ]


async def test_a_foreign_file_is_answered_like_an_absent_one(
    app: Litestar, two_tenants: tuple[int, int], subject: str
) -> None:
    await attach(await signed_in_browser(app, two_tenants[0], "tenant_admin"), subject, "a.png", png())
    file = await kept(two_tenants[0])
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    answers = [await stranger.get(f"/t/xishan/files/{wanted}") for wanted in (file, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (answer.text.replace(str(answer.url.path), "PATH") for answer in answers)
    assert first == second
    assert (await stranger.get(f"/t/xishan/attachments/{subject}")).status_code == 404


async def test_who_may_only_look_cannot_add_or_remove(
    app: Litestar, two_tenants: tuple[int, int], subject: str
) -> None:
    await attach(await signed_in_browser(app, two_tenants[0], "tenant_admin"), subject, "a.docx", docx())
    file = await kept(two_tenants[0])
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    page = await viewer.get(f"/t/donghu/attachments/{subject}")
    assert ("a.docx" in page.text, "添加附件" in page.text, "/remove" in page.text) == (True, False, False)
    assert (await viewer.get(f"/t/donghu/files/{file}")).content == docx()
    assert (await attach(viewer, subject, "b.docx", docx())).status_code == 403
    assert (await viewer.post(f"/t/donghu/files/{file}/remove")).status_code == 403


async def test_what_is_refused_is_told_on_the_same_page(
    app: Litestar, two_tenants: tuple[int, int], subject: str
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    drawing = await attach(clerk, subject, "a.svg", b"<svg onload='alert(1)'/>")
    assert (drawing.status_code, "不能上传这种文件" in drawing.text) == (415, True)
    both = await attach(clerk, subject, "a.png", png() + b"<script>")
    assert (both.status_code, "不是完好的 .png 文件" in both.text) == (415, True)
    large = await attach(clerk, subject, "a.pdf", b"%PDF-1.7\n" + b"\0" * (20 * MB))
    assert (large.status_code, "超过 20 MB" in large.text) == (413, True)
    with tenant_scope(two_tenants[0]):
        await set_setting("file_quota_mb", 1, date(2026, 1, 1))
    noise = struct.pack(">I", 1) * (300 * 1024)
    stream = b"3 0 obj\n<<>>\nstream\n" + noise + b"\nendstream\nendobj\n"
    full = await attach(clerk, subject, "a.pdf", pdf(stream))
    assert (full.status_code, "放不下了（上限 1 MB）" in full.text) == (413, True)


async def test_a_gigabyte_is_refused_before_it_is_sent(
    app: Litestar, two_tenants: tuple[int, int], subject: str
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await clerk.get(f"/t/donghu/attachments/{subject}")
    sent = 0

    async def gigabyte() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1024):
            sent += 1
            yield b"\0" * MB

    unsaid = {**HTML, "content-type": "multipart/form-data; boundary=edge"}
    said = {**unsaid, "content-length": str(1024 * MB)}
    page = f"/t/donghu/attachments/{subject}"
    answer = await clerk.client.post(page, content=gigabyte(), headers=said)
    assert (answer.status_code, sent) == (413, 0)
    answer = await clerk.client.post(page, content=gigabyte(), headers=unsaid)
    assert answer.status_code == 413
    assert sent <= 32, "megabytes: no more is read than a file may have, and held by nobody after"
