"""The night's work of follow-up, as the plugin's hooks offer it."""

from datetime import time

from jiceng.api.hooks import JobKind
from jiceng.api.jobs import Schedule
from jiceng_project_ledger.followup.reminding import NIGHT, night

JOBS = (JobKind(NIGHT, "项目催报提醒", night),)
SCHEDULES = (Schedule(name=NIGHT, kind=NIGHT, at=time(2, 10)),)
