"""The bill of materials (SBOM) in CycloneDX 1.6 JSON, made from the lock alone, offline, always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng.operations.supply.locked import Locked


def bill_of(distributions: Sequence[Locked], version: str) -> bytes:
    """The SBOM of this version of the service; no time in it, so that equal input gives equal bytes."""
    components = [_component(one) for one in distributions]
    listed = "\n".join(component["purl"] for component in components)
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, listed)}",
                "version": 1,
                "metadata": {
                    "component": {"type": "application", "name": "jiceng", "version": version},
                    "lifecycles": [{"phase": "build"}],
                },
                "components": components,
            }
        ),
        indent=2,
    )


def _component(one: Locked) -> dict[str, Any]:
    purl = f"pkg:pypi/{one.name}@{one.version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": one.name,
        "version": one.version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
    }
