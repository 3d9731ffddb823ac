"""Rate limits that hold over all processes: counted in PostgreSQL."""

from jiceng.kernel.limits.counting import Limit, TooMany, allow

__all__ = ["Limit", "TooMany", "allow"]
