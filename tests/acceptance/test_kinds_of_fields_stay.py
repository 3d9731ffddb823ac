"""Story: a field keeps its kind once facts came; told when rules are published, not at the next import."""

import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points

from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.schemes.editing.publishing import Order, publish, revise
from jiceng.schemes.queries import versions

_AS_FLAG = """
update fact_kind
set layout = replace(layout, '"name":"worth","kind":"number"', '"name":"worth","kind":"flag"')
where tenant_id = $1 and scheme = 'points' and name = 'claim'
"""


async def test_rules_that_change_the_kind_of_a_field_with_facts_are_not_published(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    assert app
    with tenant_scope(two_tenants[0]):
        people = await small_town()
        await with_points()
        await claimed(next(iter(people.values())), 1)
        await execute(_AS_FLAG, current_tenant())
        assert await fetch_value("select count(*) from fact_kind where layout like '%\"flag\"%'") == 1
        with pytest.raises(Invalid) as refused:
            await publish(await revise("points", None), Order("2027-01-01", "议定"), None)
        assert "已经按“是否”收过事实，不能改成“数”；请另加一个不同名的字段" in str(refused.value.faults[0])
        assert len(await versions("points")) == 1
