"""Ctrl-C and SIGTERM end a command in order: nothing is left running, and no traceback is printed."""

import signal
import subprocess
import sys

import pytest

WORKING = """
import sys, time, types
import jiceng
def work():
    try:
        print("begun", flush=True)
        time.sleep(60)
    finally:
        print("put away", flush=True)
jiceng.cli = sys.modules["jiceng.cli"] = types.SimpleNamespace(main=work)
"""
IMPORTING = """
import sys, time
class Slow:
    @staticmethod
    def find_spec(name, *_):
        if name == "jiceng.cli":
            print("begun", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow)
"""


def ended(program: str, number: signal.Signals) -> tuple[int, str, str]:
    """The exit code, what was printed after it had begun, and the error stream."""
    command = [sys.executable, "-c", f"{program}\nfrom jiceng.__main__ import main\nmain()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
        return process.returncode, out, err


def test_sigterm_lets_a_command_put_away_what_it_began() -> None:
    assert ended(WORKING, signal.SIGTERM) == (-signal.SIGTERM, "put away\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_still_being_imported_ends_without_a_traceback(number: signal.Signals) -> None:
    assert ended(IMPORTING, number) == (-number, "", "")
