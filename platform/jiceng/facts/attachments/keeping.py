"""What may be done with attachments: hand one in, list a subject's, read one, remove one."""

from collections.abc import AsyncIterator
from uuid import UUID

from jiceng.accounts.labels import clearance_here, label_given
from jiceng.kernel import files
from jiceng.kernel.clock import today
from jiceng.kernel.errors import NotFound
from jiceng.kernel.files import FileInfo
from jiceng.roster.queries import subject_name
from jiceng.tenancy.queries import setting
from jiceng.tenancy.schemas import FILE_QUOTA

USUAL_QUOTA_MB = 2048
_MB = 1024 * 1024
_SUBJECT = "subject"


async def name_of(subject: UUID) -> str:
    """The subject's name; NotFound for one that does not exist or that may not be seen here."""
    name = await subject_name(subject, today())
    if name is None:
        raise NotFound("名册里没有这个对象")
    return name


async def attach(
    pieces: AsyncIterator[bytes], name: str, subject: UUID, *, by: UUID, sensitivity: int = 0
) -> FileInfo:
    """Keep a file about a subject under a label; raises as `files.store` and `label_given`, and NotFound."""
    await name_of(subject)
    label = label_given(sensitivity)
    return await files.store(
        pieces, name, about=(_SUBJECT, subject), by=by, sensitivity=label, quota=await quota()
    )


async def attachments(subject: UUID) -> list[FileInfo]:
    """A subject's files that may be read here, newest first."""
    await name_of(subject)
    return [file for file in await files.stored_about(subject) if file.sensitivity <= clearance_here()]


async def read(file: UUID) -> tuple[FileInfo, bytes]:
    """A file and its bytes; NotFound when it, or the subject it is about, may not be seen here."""
    await _visible(file)
    return await files.content(file)


async def remove(file: UUID) -> FileInfo:
    """Remove a file; NotFound as `read`."""
    await _visible(file)
    return await files.remove(file)


async def quota() -> int:
    """What the tenant's files may take up, in bytes."""
    set_to = await setting(FILE_QUOTA)
    return (USUAL_QUOTA_MB if set_to is None else int(set_to)) * _MB


async def _visible(file: UUID) -> None:
    info = await files.stored(file)
    subject = info.about_id if info.about_kind == _SUBJECT else None
    hidden = info.sensitivity > clearance_here()
    if hidden or subject is None or await subject_name(subject, today()) is None:
        raise NotFound("没有这个文件")
