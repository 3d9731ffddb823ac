"""plan.json: the plan as a file a person can read and keep; `apply` does exactly what it says."""

from pathlib import Path

import msgspec

from jiceng.kernel.errors import Refusal
from jiceng.operations.schemas import Plan

_FORMAT = 1


def write_plan(plan: Plan, path: Path) -> None:
    """Write the plan; raises `Refusal` when the file cannot be written."""
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n")
    except OSError as error:
        raise Refusal(
            f"计划写不进文件（{error.strerror}）", where=str(path), todo_zh="请换一个可写的位置"
        ) from error


def read_plan(path: Path) -> Plan:
    """Read a plan; raises `Refusal` when it is none."""
    try:
        plan = msgspec.json.decode(path.read_bytes(), type=Plan)
    except OSError as error:
        raise Refusal(f"计划打不开（{error.strerror}）", where=str(path), todo_zh="请核对路径") from error
    except msgspec.DecodeError as error:
        raise Refusal("这不是 plan 写出的计划文件", where=str(path), todo_zh="请重新运行 plan") from error
    if plan.format != _FORMAT:
        raise Refusal("计划是另一个版本写的", where=str(path), todo_zh="请重新运行 plan")
    return plan
