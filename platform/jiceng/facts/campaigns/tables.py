"""Tables of rating campaigns: the campaign, a sheet per subject and stage, what stands on it, late entry."""

from piccolo.columns import UUID, Array, Boolean, Date, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique

from jiceng.kernel.ciphers.columns import Column
from jiceng.kernel.database import APPEND_ONLY, Personal, TenantKey, TenantTable
from jiceng.schemes.tables import Period, RulebookVersion

PROOF = Column("rating_entry", "proof")
COMMENT = Column("rating_entry", "comment")
"""Words about those rated: encrypted."""
RATING_STAGES = "('self', 'superior', 'department')"


class Campaign(TenantTable):
    """One rating of a scheme's subjects for a period, by the rubric of one version of the rulebook.

    `stage` is the stage the campaign was moved to by hand; its dates may have brought it further.
    """

    scheme = Varchar(length=60, null=False)
    title = Varchar(length=120, null=False)
    period = TenantKey(Period, null=False)
    rulebook = TenantKey(RulebookVersion, null=False)
    lines = Array(base_column=Text(), null=False, default=list, help_text="names of the facts rated")
    proof = Boolean(null=False, default=False, help_text="whoever rates himself names proof for every line")
    stage = Varchar(length=10, null=False, default="self", help_text="self, superior, department, done")
    self_from = Date(null=False)
    self_until = Date(null=False)
    superior_until = Date(null=True, default=None, help_text="empty: the superior does not rate")
    department_until = Date(null=False)
    opened_by = UUID(null=True, default=None)
    opened_at = Timestamptz(null=False, default=TimestamptzNow())
    closed_at = Timestamptz(null=True, default=None)
    withdrawn = Integer(null=False, default=0, help_text="0, or counts the mistaken ones of a period")
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_by = UUID(null=True, default=None, help_text="account")
    withdrawn_why = Text(null=False, default="")

    one_standing_for_each_period = Unique(["tenant_id", "scheme", "period", "withdrawn"])
    stage_known = Check("stage IN ('self', 'superior', 'department', 'done')")
    in_order = Check(
        "self_from <= self_until AND self_until < department_until "
        "AND (superior_until IS NULL OR (self_until < superior_until AND superior_until < department_until))"
    )


class RatingSheet(TenantTable):
    """The sheet of one subject at one stage: a draft until it is handed in.

    Nobody hands in two stages of one subject: the reviewer is never the submitter.
    """

    campaign = TenantKey(Campaign, null=False)
    subject = UUID(null=False, default=None)
    stage = Varchar(length=10, null=False)
    handed_by = UUID(null=True, default=None, help_text="account")
    handed_at = Timestamptz(null=True, default=None)
    late = Boolean(null=False, default=False, help_text="handed in after the stage's last day")
    on_paper = Boolean(null=False, default=False, help_text="typed by somebody else from the unit's paper")

    one_for_each_stage = Unique(["tenant_id", "campaign", "subject", "stage"])
    another_for_each_stage = Unique(["tenant_id", "campaign", "subject", "handed_by"])
    sheet_stage_known = Check(f"stage IN {RATING_STAGES}")
    handed_by_somebody = Check("(handed_by IS NULL) = (handed_at IS NULL)")


class RatingEntry(TenantTable):
    """One line of a sheet as it was typed, right or wrong; `revision` counts its changes."""

    sheet = TenantKey(RatingSheet, null=False)
    line = Varchar(length=60, null=False)
    value = Text(null=False, default="")
    proof = Text(null=False, default="")
    comment = Text(null=False, default="")
    revision = Integer(null=False, default=1)
    by = UUID(null=True, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())

    one_for_each_line = Unique(["tenant_id", "sheet", "line"])
    _sealed = (PROOF, COMMENT)
    _personal = (
        Personal(
            "t.sheet in (select id from rating_sheet where tenant_id = $1 and subject = :member)",
            {"proof": "''", "comment": "''"},
        ),
    )


class CampaignReopening(TenantTable):
    """A stage opened again for the subjects of one organization, until a day, and why."""

    campaign = TenantKey(Campaign, null=False)
    organization = UUID(null=False, default=None)
    stage = Varchar(length=10, null=False)
    until = Date(null=False)
    reason = Text(null=False, default="")
    by = UUID(null=True, default=None, help_text="account")
    at = Timestamptz(null=False, default=TimestamptzNow())

    reopened_stage_known = Check(f"stage IN {RATING_STAGES}")
    _grants = APPEND_ONLY
