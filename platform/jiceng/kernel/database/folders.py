"""Where migrations lie: migrations/ beside platform/ in a checkout, jiceng/_migrations in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def migrations_folder(slice_name: str) -> str:
    """Return the folder of one slice's migrations, for its piccolo_app.py."""
    installed = _PACKAGE / "_migrations"
    root = installed if installed.is_dir() else _PACKAGE.parent.parent / "migrations"
    return str(root / slice_name)
