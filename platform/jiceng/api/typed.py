"""What people type into a plugin's forms, read into values; all faults of a form are told at once."""

from jiceng.kernel.typed import (
    Typed,
    id_of,
    needed_choice,
    needed_count,
    needed_day,
    plain,
    read_choice,
    read_count,
    read_day,
    read_figure,
    read_month,
    read_year,
    refuse,
    rows,
    single,
)

__all__ = [
    "Typed",
    "id_of",
    "needed_choice",
    "needed_count",
    "needed_day",
    "plain",
    "read_choice",
    "read_count",
    "read_day",
    "read_figure",
    "read_month",
    "read_year",
    "refuse",
    "rows",
    "single",
]
