"""Integration: projects are read within the data scope."""

from __future__ import annotations

from typing import Any

from jiceng.kernel.database import tenant_scope
from jiceng_project_ledger.library import queries


async def test_a_tenant_without_projects_has_an_empty_library(two_tenants: Any) -> None:
    with tenant_scope(two_tenants[0]):
        assert await queries.projects() == []
