"""What others see of a tenant."""

import msgspec

AUDIT_MONTHS = "audit_retention_months"
"""How many months audit entries are kept (36 unless set; never below 6)."""
FILE_QUOTA = "file_quota_mb"
"""How many MiB a tenant's files may take up (2048 unless set)."""
LOCKOUT_MINUTES = "lockout_minutes"
"""How many minutes five wrong passwords or codes lock an account (15 unless set; never fewer, control 3)."""
BOUNDS = {AUDIT_MONTHS: (6, 1200), FILE_QUOTA: (1, 16_777_216), LOCKOUT_MINUTES: (15, 1440)}
"""Settings that are whole numbers, the least and the most each may be."""
SEPARATION = "three_administrators"
ADMINS_PROVE = "second_factor_for_admins"
FLAGS = frozenset({SEPARATION, ADMINS_PROVE})
"""Settings that are true or false."""
POLICY = "password_policy"
CHOICES = {POLICY: ("asvs", "mlps3")}
"""Settings that are one of a few words."""
TIME_ZONE = "time_zone"
"""An IANA name, Asia/Shanghai unless set."""


WHOLE = {
    "province": "全省",
    "city": "全市",
    "district": "全区",
    "town": "全镇",
    "enterprise": "全企业",
}
"""What people call all of a tenant together, by its kind."""
WHOLE_BY_NAME = {"自治区": "全区", "县": "全县", "旗": "全旗", "乡": "全乡", "街道": "全街道", "市": "全市"}
"""The same where the tenant's name says it more exactly: a district-level 县, a town-level 街道."""


class TenantInfo(msgspec.Struct, frozen=True):
    """A row of the registry; `kind` is one of province, city, district, town, enterprise; `parent` an id."""

    id: int
    slug: str
    name: str
    kind: str
    parent: int | None
    state: str

    @property
    def whole(self) -> str:
        """What people here call all of it together: 全县, 全街道, 全企业."""
        if self.kind == "enterprise":
            return WHOLE[self.kind]
        ends = (word for end, word in WHOLE_BY_NAME.items() if self.name.endswith(end))
        return next(ends, WHOLE[self.kind])

    @property
    def active(self) -> bool:
        """Whether its people may sign in."""
        return self.state == "active"
