"""The command-line door of keys: `jiceng keys status`, `renew`, `convert`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.ciphers.devices import KeyFiles, device, suite
from jiceng.kernel.crypto.keyring import renew, rewrap
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.operations.keys.places import convert_all, left_over
from jiceng.tenancy.queries import all_tenants

if TYPE_CHECKING:
    from rich.console import Console

    from jiceng.kernel.settings import Settings


async def keys_command(settings: Settings, act: str, console: Console) -> int:
    """Tell of (`status`), renew (`renew`) or bring values to (`convert`) the current keys; 0 when all is so.

    `renew` makes a new wrapping key (where keys are files) and a new data key for every tenant; values move
    with `convert`, or by the nightly job, while the service runs. 1: values of older keys are left.
    """
    await connect(settings)
    try:
        using = device()
        if act == "renew" and isinstance(using, KeyFiles):
            using.renew()
        left = 0
        for tenant in await all_tenants():
            with tenant_scope(tenant.id):
                if act == "renew":
                    await renew()
                    await rewrap()
                moved = await convert_all() if act == "convert" else 0
                waiting = await left_over()
            left += waiting
            console.print(f"{tenant.slug} 已转换 {moved}，未转换 {waiting}", highlight=False)
        console.print(f"算法套件 {suite().name}，密钥加密密钥 {using.wrapping_key}", highlight=False)
    finally:
        await close()
    return 0 if left == 0 or act == "renew" else 1
