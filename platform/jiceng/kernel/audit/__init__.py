"""The audit log: every act in its own transaction, chained so that a change shows, ids and counts only."""

from jiceng.kernel.audit.actor import Actor, acting, actor_here, source_address
from jiceng.kernel.audit.chain import Entry, Finding, Head
from jiceng.kernel.audit.events import WORDS, Event
from jiceng.kernel.audit.log import record, record_here, record_now
from jiceng.kernel.audit.verifying import entries, head, purge, verify_chain

__all__ = [
    "WORDS",
    "Actor",
    "Entry",
    "Event",
    "Finding",
    "Head",
    "acting",
    "actor_here",
    "entries",
    "head",
    "purge",
    "record",
    "record_here",
    "record_now",
    "source_address",
    "verify_chain",
]
