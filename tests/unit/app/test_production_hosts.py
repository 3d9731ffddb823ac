"""In production the names the service answers to must be stated before it listens."""

import pytest

from jiceng.app import refuse_any_host
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings


def test_production_without_hosts_is_refused_naming_the_setting() -> None:
    with pytest.raises(Refusal, match="JICENG_HOSTS"):
        refuse_any_host(Settings(mode="production"))


@pytest.mark.parametrize("settings", [Settings(), Settings(mode="production", hosts=("pingjia.example.cn",))])
def test_development_and_stated_hosts_start(settings: Settings) -> None:
    refuse_any_host(settings)
