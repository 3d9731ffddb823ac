"""A tenant's table cannot be declared in a way that leaves the tenant out."""

import pytest
from piccolo.columns import Varchar
from piccolo.constraints import Unique

from jiceng.kernel.database import NoTenant, TenantKey, TenantTable, current_tenant, tenant_scope
from jiceng.kernel.database.policies import TENANT_TEST, wanted_policies
from jiceng.kernel.database.routines import Routine, Trigger
from jiceng.kernel.database.tables import Grants


class Branch(TenantTable, tablename="test_branch"):
    name = Varchar()
    once = Unique(["tenant_id", "name"])


class Desk(TenantTable, tablename="test_desk"):
    branch = TenantKey(Branch, null=True)


def test_a_tenant_table_has_the_tenant_and_an_id_without_saying_so() -> None:
    assert [column._meta.name for column in Branch._meta.columns] == ["tenant_id", "id", "name"]
    assert Branch._meta.constraints[0]._meta.name == "test_branch_once"


def test_a_tenant_key_is_a_uuid_column_without_references_but_a_foreign_key_for_piccolo() -> None:
    assert Desk.branch.ddl == '"branch" UUID'
    assert Desk._meta.foreign_key_columns[0]._foreign_key_meta.resolved_references is Branch


@pytest.mark.parametrize("column", [Varchar(unique=True), Varchar(index=True)], ids=["unique", "index"])
def test_unique_or_indexed_columns_without_the_tenant_are_refused(column: Varchar) -> None:
    with pytest.raises(TypeError, match="leave tenant_id out"):
        type("Bad", (TenantTable,), {"name": column})


def test_a_unique_constraint_without_the_tenant_in_front_is_refused() -> None:
    with pytest.raises(TypeError, match="must start with 'tenant_id'"):
        type("Bad", (TenantTable,), {"name": Varchar(), "once": Unique(["name"])})


def test_a_tenant_table_outside_the_protected_schema_is_refused() -> None:
    with pytest.raises(TypeError, match="schema public"):
        type("Bad", (TenantTable,), {"name": Varchar()}, schema="hidden")


def test_the_policy_reads_exactly_as_the_design_says() -> None:
    assert TENANT_TEST == "tenant_id = nullif(current_setting('app.tenant_id', true), '')::int"
    assert [policy.role for policy in wanted_policies("job", Grants(relay=("SELECT",)))] == [
        "public",
        "jiceng_relay",
    ]


@pytest.mark.parametrize(
    "grants", [Grants(relay=("SELECT",)), Grants(operator=("SELECT",)), Grants(auditor=("SELECT",))]
)
def test_no_other_table_may_be_opened_to_a_role_that_sees_every_tenant(grants: Grants) -> None:
    with pytest.raises(ValueError, match="across tenants"):
        wanted_policies("member", grants)


def test_outside_every_tenant_asking_for_it_raises() -> None:
    with pytest.raises(NoTenant):
        current_tenant()
    with tenant_scope(7):
        assert current_tenant() == 7
    with pytest.raises(NoTenant):
        current_tenant()


@pytest.mark.parametrize("wrong", [0, -1, True, "1"])
def test_only_a_positive_integer_is_a_tenant(wrong: int) -> None:
    with pytest.raises(ValueError, match="positive integer"), tenant_scope(wrong):
        pass


def test_a_trigger_that_waits_for_commit_is_a_constraint_trigger() -> None:
    balanced = Routine(name="test_balanced", body="begin return null; end")
    waits = Trigger(name="balanced", routine=balanced, changes=("INSERT",), deferred=True)
    assert waits.statement("test_branch") == (
        'drop trigger if exists balanced on "test_branch"; '
        'create constraint trigger balanced after INSERT on "test_branch" '
        "deferrable initially deferred for each row execute function test_balanced()"
    )
    assert waits.bits == 5
    with pytest.raises(ValueError, match="only changed rows"):
        Trigger(name="balanced", routine=balanced, changes=("TRUNCATE",), each="statement", deferred=True)
