"""The smallest good file of every kind that is kept, and ways to spoil one."""

import io
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator, Mapping

import openpyxl


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(extra: bytes = b"") -> bytes:
    """One white pixel; `extra` are further chunks before the end."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff"))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixel + chunk(b"IEND", b"")


def jpeg(comment: bytes = b"") -> bytes:
    """The segments of a JPEG with some scan data in it (escaped bytes and a restart marker among them)."""

    def segment(marker: int, data: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data

    said = segment(0xFE, comment) if comment else b""
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + said
    return start + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd3\x56" + b"\xff\xd9"


def pdf(body: bytes = b"") -> bytes:
    """A document without pages; `body` stands among its objects."""
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        + body
        + b"trailer\n<</Root 1 0 R/Size 3>>\nstartxref\n9\n%%EOF\n"
    )


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx_parts() -> dict[str, bytes | str]:
    """The parts of a Word file with one line."""
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": "<document><p>学习记录</p></document>",
    }


def docx(**further: bytes | str) -> bytes:
    return archive({**docx_parts(), **further})


def xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book["Sheet"]["A1"] = "签到表"
    book.save(out)
    return out.getvalue()


GOOD: dict[str, bytes] = {
    "a.pdf": pdf(),
    "a.png": png(),
    "a.jpg": jpeg(),
    "a.JPEG": jpeg(b"comment"),
    "a.docx": docx(),
    "a.xlsx": xlsx(),
    "a.txt": "会议记录：a < b，b > c\r\n第二行\t制表".encode(),
    "b.txt": "会议记录".encode("gb18030"),
    "a.csv": "\ufeff编号,姓名\r\n1,周砚秋\r\n".encode(),
}


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    """The content as a network brings it."""
    for at in range(0, len(content), size):
        yield content[at : at + size]
