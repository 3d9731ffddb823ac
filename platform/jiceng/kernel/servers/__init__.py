"""PostgreSQL and Valkey for a machine that has neither: started, shared, stopped."""

from jiceng.kernel.servers.faults import ServerFault
from jiceng.kernel.servers.running import running

__all__ = ["ServerFault", "running"]
