"""Projects on the roster, so that they are rated like organizations and members."""

from jiceng.roster.projects.service import change, enter, enter_all, leave

__all__ = ["change", "enter", "enter_all", "leave"]
