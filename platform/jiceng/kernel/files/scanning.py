"""The virus scanner, when one is installed: a command that is asked about every file before it is kept."""

import asyncio
import shlex
from pathlib import Path

from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.errors import Refusal, Unavailable
from jiceng.kernel.files.folders import scan_command
from jiceng.kernel.privacy import environment_without_secrets

PATIENCE = 60.0


async def scan(path: Path, name: str) -> None:
    """Ask JICENG_SCAN_COMMAND (exit code 0 clean, 1 infected, as clamdscan); do nothing without one.

    Raises:
        Refusal: the scanner found something. Unavailable: it did not answer, and unscanned is not kept.
    """
    command = scan_command()
    if not command:
        return
    match await _ask([*shlex.split(command), str(path)]):
        case 0:  # clean
            return
        case 1:  # infected
            await record_now(Event.FILE_STORED, ("stored_file", None), success=False)
            raise Refusal(
                "病毒扫描程序报告这个文件有问题，没有保存",
                name,
                "请杀毒后再上传",
                415,
                what_en="the virus scanner found something in this file; it was not kept",
                todo_en="clean it and upload it again",
            )
        case _:
            raise Unavailable(
                "病毒扫描程序没有应答，文件没有保存",
                name,
                "请稍后再试；一直这样，请联系运维人员",
                what_en="the virus scanner does not answer",
                todo_en="check JICENG_SCAN_COMMAND",
            )


async def _ask(command: list[str]) -> int | None:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment_without_secrets(),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            return await process.wait()
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
