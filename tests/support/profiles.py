"""How Hypothesis runs laws: the same examples each time in `make test`, many random ones in `make soak`."""

from typing import Any

from hypothesis import HealthCheck, Phase

_COMMON: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),  # a trial is one seed: nothing to shrink
}
QUICK: dict[str, Any] = {**_COMMON, "derandomize": True}
LONG: dict[str, Any] = _COMMON
