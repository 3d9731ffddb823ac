"""What the demo prints of coverage."""

from jiceng.demo import Covered, coverage_words
from jiceng.roster.schemas import Counts
from jiceng.tenancy.schemas import TenantInfo


def counted(should_have: int, covered: int) -> Counts:
    return Counts(organizations=614, members=11_945, units=488, should_have=should_have, covered=covered)


def test_coverage_is_told_with_last_years_and_the_rise_in_points() -> None:
    tenant = TenantInfo(1, "chengxi", "澄溪区委组织部", "district", None, "active")
    assert coverage_words(Covered(tenant, counted(308, 216), counted(302, 94))) == (
        "澄溪区委组织部  非公企业组织覆盖率 216/308 = 70.13 %，上年末 94/302 = 31.13 %，变化 +39.00 个百分点"
    )
    assert coverage_words(Covered(tenant, counted(4, 3), counted(0, 0))) == (
        "澄溪区委组织部  非公企业组织覆盖率 3/4 = 75.00 %"
    )
