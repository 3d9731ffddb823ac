"""The file store: files of a tenant, told by their content, bounded, proven when they are read."""

from jiceng.kernel.files.folders import keep_files_in
from jiceng.kernel.files.kinds import OFFERED
from jiceng.kernel.files.store import FileInfo, content, remove, store, stored, stored_about, used
from jiceng.kernel.files.sweeping import Swept, sweep
from jiceng.kernel.files.writing import LARGEST

__all__ = [
    "LARGEST",
    "OFFERED",
    "FileInfo",
    "Swept",
    "content",
    "keep_files_in",
    "remove",
    "store",
    "stored",
    "stored_about",
    "sweep",
    "used",
]
