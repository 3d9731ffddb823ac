"""Rate limits that hold over all processes: counted in PostgreSQL."""

from jiceng.kernel.limits.counting import Limit, TooMany, allow, refuse_used_up

__all__ = ["Limit", "TooMany", "allow", "refuse_used_up"]
