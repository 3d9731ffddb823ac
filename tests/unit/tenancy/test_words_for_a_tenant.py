"""What people call all of a tenant together: by its kind, more exactly by its name."""

import pytest

from jiceng.tenancy.schemas import TenantInfo


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        ("province", "临江省", "全省"),
        ("province", "北疆自治区", "全区"),
        ("city", "云州市", "全市"),
        ("district", "城西区", "全区"),
        ("district", "东山县", "全县"),
        ("district", "白草旗", "全旗"),
        ("district", "青州市", "全市"),
        ("district", "东湖区委组织部", "全区"),
        ("town", "青石镇", "全镇"),
        ("town", "柳林乡", "全乡"),
        ("town", "滨河街道", "全街道"),
        ("enterprise", "恒远集团", "全企业"),
        ("enterprise", "新天地超市", "全企业"),
    ],
)
def test_all_of_a_tenant_together_is_called_by_its_kind_and_name(kind: str, name: str, called: str) -> None:
    assert TenantInfo(1, "x", name, kind, None, "active").whole == called
