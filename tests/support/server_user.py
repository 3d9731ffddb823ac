"""A process that uses the embedded servers: enters, prints what it found as JSON, leaves when its input ends.

Usage: python -m tests.support.server_user DATA [--nobody] [--file-limit BYTES]. With --nobody a root process
drops its rights after importing, so that it needs no interpreter that `nobody` can reach.
"""

import asyncio
import json
import os
import resource
import sys
from pathlib import Path

import asyncpg
from redis import Redis

from jiceng.kernel.servers import ServerFault, running
from jiceng.kernel.servers.accounts import server_account
from jiceng.kernel.servers.places import open_places
from jiceng.kernel.servers.processes import living_in
from jiceng.kernel.settings import Settings

NOBODY = 65534


async def _answer(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        value: int = await connection.fetchval("select 6 * 7")
        return value
    finally:
        await connection.close()


def server_pids(data_dir: Path) -> dict[str, list[int]]:
    """Return the pids of the servers of a data folder."""
    home = open_places(data_dir, server_account()).home
    return {name: sorted(p.pid for p in living_in(home / name)) for name in ("postgres", "valkey")}


def use(data_dir: Path) -> None:
    """Enter, show, wait, leave."""
    with running(Settings(data_dir=data_dir), durable=False) as settings:
        client = Redis.from_url(settings.redis_url)
        found = {
            "answer": asyncio.run(_answer(settings.superuser_url)),
            "ping": client.ping(),
            "user": os.geteuid(),
            "pids": server_pids(data_dir),
        }
        client.close()
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


def main(arguments: list[str]) -> int:
    """Return 0, or 3 after printing the fault in words."""
    asyncio.run(asyncio.sleep(0))
    if "--nobody" in arguments and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if "--file-limit" in arguments:
        size = int(arguments[arguments.index("--file-limit") + 1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        use(Path(arguments[0]))
    except ServerFault as fault:
        sys.stdout.write(json.dumps({"fault": str(fault)}) + "\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
