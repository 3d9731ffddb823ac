"""Jiceng 基层: the service that runs a tenant's appraisal."""

import gc

# By default Python looks for cycles after 700 new objects: in a process of a million a seventh of its time.
gc.set_threshold(50_000, 10, 10)
