"""Connections of the columnar driver (ADBC), kept for the next reader: opening one costs about 45 ms."""

from threading import Lock

from jiceng.kernel.database.driver import Connection, Driver

KEPT = 4
"""Idle connections kept; more may be open at once."""


def _driver() -> Driver:
    """The driver, loaded by the first reader: it brings Arrow, numpy and Polars, half of a start's cost."""
    import adbc_driver_postgresql.dbapi  # noqa: PLC0415 - see above

    return adbc_driver_postgresql.dbapi


class ColumnarConnections:
    """Idle connections of one URL; used from worker threads, one thread per connection at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[Connection] = []
        self._lock = Lock()

    def begin(self, tenant: int) -> Connection:
        """Return a connection inside a transaction of `tenant`; one the server has closed is replaced."""
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            try:
                _set_tenant(connection, tenant)
            except _driver().Error:
                connection.close()
            else:
                return connection
        # No autocommit: with it SET LOCAL is over before the query, which then finds 0 rows in silence.
        connection = _driver().connect(self._url, autocommit=False)
        _set_tenant(connection, tenant)
        return connection

    def give_back(self, connection: Connection) -> None:
        """End the transaction and keep the connection for the next reader."""
        connection.rollback()
        with self._lock:
            if len(self._idle) < KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def _set_tenant(connection: Connection, tenant: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.tenant_id = '{int(tenant)}'")
