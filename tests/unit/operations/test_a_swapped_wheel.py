"""A distribution whose bytes are not those of the lock is not installed (T62): pip's --require-hashes."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

NAME = "jiceng_sample-1.0-py3-none-any.whl"
FILES = {
    "jiceng_sample.py": "MARK = 1\n",
    "jiceng_sample-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: jiceng-sample\nVersion: 1.0\n",
    "jiceng_sample-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "jiceng_sample-1.0.dist-info/RECORD": "".join(
        f"{name},,\n" for name in ("jiceng_sample.py", "jiceng_sample-1.0.dist-info/METADATA")
    ),
}


@pytest.mark.parametrize("swapped", [False, True])
def test_only_the_bytes_that_were_locked_are_installed(tmp_path: Path, swapped: bool) -> None:
    wheel = tmp_path / NAME
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    lock, into = tmp_path / "lock.txt", tmp_path / "into"
    lock.write_text(f"jiceng-sample==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    if swapped:
        with zipfile.ZipFile(wheel, "a") as archive:
            archive.writestr("evil.py", "MARK = 2\n")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    wanted = ["--find-links", str(tmp_path), "--target", str(into), "--require-hashes", "-r", str(lock)]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    assert (done.returncode == 0, (into / "jiceng_sample.py").exists()) == (not swapped, not swapped)
    assert ("DO NOT MATCH THE HASHES" in done.stderr) is swapped
