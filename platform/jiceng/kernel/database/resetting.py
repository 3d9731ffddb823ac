"""A pooled connection that ends its work and forgets the session in one round trip."""

from __future__ import annotations

from typing import Any

import asyncpg

COMMIT = "CLOSE ALL; COMMIT"
"""A failed transaction's COMMIT is answered with ROLLBACK and no error; a command before it is refused."""


class ResettingConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """asyncpg sends its reset when a connection goes back to the pool, as a round trip of its own.

    Here it goes with the COMMIT or ROLLBACK, word for word the same;
    one that ended otherwise is reset as ever.
    """

    __slots__ = ("_forgotten",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - asyncpg's own
        super().__init__(*args, **kwargs)
        self._forgotten = False

    async def end(self, last: str, within: float | None = None) -> None:
        """Run `last` (COMMIT or ROLLBACK), then what makes the session like new; only the pool may follow."""
        await self.execute(f"{last}; {super().get_reset_query()}", timeout=within)
        self._forgotten = True

    def get_reset_query(self) -> str:
        """What is still to be sent when the connection goes back."""
        forgotten, self._forgotten = self._forgotten, False
        return "" if forgotten else str(super().get_reset_query())
