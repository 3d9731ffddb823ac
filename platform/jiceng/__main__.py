"""`jiceng` and `python -m jiceng`: the command line; Ctrl-C and SIGTERM leave nothing behind."""

import signal
from typing import NoReturn


class Stopped(BaseException):
    """SIGTERM came: what was begun ends in order, servers of our own too."""


def _stop(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a second one ends at once
    raise Stopped


def main() -> None:
    """Import the commands and run one; the process ends as the signal would have ended it.

    Importing takes a second: Ctrl-C meanwhile just ends it, without a traceback.
    """
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from jiceng import cli  # noqa: PLC0415 - what is imported takes the time

    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, _stop)
    try:
        cli.main()
    except Stopped:
        signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    main()
