"""Jiceng 基层: the service that runs a tenant's appraisal."""

import gc
import os

# By default Python looks for cycles after 700 new objects: in a process of a million a seventh of its time.
gc.set_threshold(50_000, 10, 10)

FREED_MEMORY = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:5000,muzzy_decay_ms:0", "MALLOC_ARENA_MAX": "1"}
"""How processes treat memory that was freed: what columns of Polars stood in stays for five seconds, not half
a second, and all threads share one heap. Fetching it anew takes a third of an evaluation of a million (0039).
"""
for _name, _value in FREED_MEMORY.items():  # Polars reads it once, when it is imported; processes inherit it
    os.environ.setdefault(_name, _value)
