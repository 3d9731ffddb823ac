"""Where files lie: <data folder>/files/<tenant>/<id>; while they are written: …/<tenant>/arriving/<id>."""

from pathlib import Path
from uuid import UUID

from jiceng.kernel.database import current_tenant
from jiceng.kernel.settings import Settings


class _Chosen:
    """The folder of this process: one, set when it starts."""

    folder: Path | None = None
    scanner = ""


def keep_files_in(settings: Settings) -> None:
    """Keep files below the settings' data folder from now on; at the start of a process."""
    _Chosen.folder = settings.data_dir / "files"
    _Chosen.scanner = settings.scan_command


def scan_command() -> str:
    """The command that looks for viruses; empty when there is none."""
    return _Chosen.scanner


def data_folder() -> Path:
    """The data folder of the installation.

    Raises:
        RuntimeError: before `keep_files_in`.
    """
    if _Chosen.folder is None:
        raise RuntimeError("the file store is not open: keep_files_in(settings) first")
    return _Chosen.folder.parent


def tenant_folder() -> Path:
    """The current tenant's folder; raises as `data_folder`."""
    return data_folder() / "files" / str(current_tenant())


def arriving_folder() -> Path:
    """Where the current tenant's files are written until they are whole and known."""
    return tenant_folder() / "arriving"


def place_of(file: UUID) -> Path:
    """Where the current tenant's file lies."""
    return tenant_folder() / str(file)
