"""`python -m jiceng.operations.demo_data tenants/`: write the demo tenants' workbooks."""

import sys
from pathlib import Path

from jiceng.operations.demo_data.generate import write


def main(arguments: list[str]) -> int:
    """Write into the folder named by the only argument; 1 when it is missing."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("用法：python -m jiceng.operations.demo_data 已有的文件夹（例如 tenants/）\n")
        return 1
    for path in write(Path(arguments[0])):
        sys.stdout.write(f"{path}  {path.stat().st_size:,} B\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
