"""A data folder per test, copied from one that was initialised once: initdb costs more than all the rest."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.servers import own_folder

from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings


@pytest.fixture(scope="session")
def initialised() -> Iterator[Path]:
    with own_folder() as folder:
        with running(Settings(data_dir=folder), durable=False):
            pass
        yield folder


@pytest.fixture
def folder(initialised: Path) -> Iterator[Path]:
    with own_folder() as made:
        subprocess.run(["cp", "-a", str(initialised), str(made)], check=True)
        yield made


@pytest.fixture
def new_folder() -> Iterator[Path]:
    with own_folder() as made:
        yield made
