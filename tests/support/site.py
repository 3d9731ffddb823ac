"""A served console for browser tests: a town with its real roster, facts and scheme, a worker, a port."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import uvicorn
from tests.support.database import apart

from jiceng.accounts.managing.invitations import accept_invitation
from jiceng.app import bind, create_app
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.jobs.supervisor import environment_of
from jiceng.operations.service import onboard
from jiceng.tenancy.queries import by_slug

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from jiceng.kernel.settings import Settings

    Prepare = Callable[[], Awaitable[None]]

TENANTS = Path(__file__).parents[2] / "tenants"
TOWN = "qingshi"
LOGIN = "qingshi-admin"
PASSWORD = "correct horse battery"
PATIENCE = 20.0


class Site(NamedTuple):
    """Where the console is, and who may enter the town."""

    address: str
    login: str
    password: str

    def at(self, path: str = "") -> str:
        """The address of a page of the town."""
        return f"{self.address}/t/{TOWN}/{path}"


def town_alone(folder: Path) -> Path:
    """A tenants' folder with the town only, without a superior."""
    shutil.copytree(TENANTS / TOWN, folder / TOWN)
    card = folder / TOWN / "tenant.toml"
    card.write_text(re.sub(r"(?m)^parent .*\n", "", card.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


async def bring_in(settings: Settings, folder: Path, prepare: Prepare | None = None) -> None:
    """Onboard the town, let its administrator accept the invitation, and what else is to be there."""
    await connect(settings)
    try:
        (done,) = (await onboard(town_alone(folder))).applied
        tenant = await by_slug(TOWN)
        assert tenant is not None
        with tenant_scope(tenant.id):
            await accept_invitation(done.invitation.rsplit("/", 1)[1], PASSWORD, policy="asvs")
            if prepare is not None:
                await prepare()
    finally:
        await close()


@contextmanager
def served(settings: Settings, folder: Path, prepare: Prepare | None = None) -> Iterator[Site]:
    """The console on a free loopback port, with one worker process, for the length of the block.

    `prepare` is done in the town before anybody may enter it.
    """
    apart(bring_in(settings, folder, prepare))
    worker = subprocess.Popen([sys.executable, "-m", "jiceng.worker"], env=environment_of(settings))
    listening = bind("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), access_log=False, log_level="warning", lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + PATIENCE
        while not server.started:
            assert thread.is_alive(), "the console did not start"
            assert time.monotonic() < until, "the console did not start in time"
            time.sleep(0.02)
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", LOGIN, PASSWORD)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        worker.terminate()
        worker.wait(PATIENCE)
        listening.close()
