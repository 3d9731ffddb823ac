"""Runs several commands of `jiceng` in one process: most of the time of a short one is spent importing.

Usage: python -m tests.support.commands_in_a_row COMMANDS. COMMANDS is a JSON array of arrays of words; for
each command one line is printed, {"words": …, "code": …, "out": …, "err": …}.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from jiceng import cli


def run(words: list[str]) -> dict[str, Any]:
    """Run one command as the shell would and tell what it said."""
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["jiceng", *words]
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
    return {"words": words, "code": code or 0, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    for each in json.loads(sys.argv[1]):
        print(json.dumps(run(each)), flush=True)  # noqa: T201 - that is its answer
