"""The stylesheet: no picture is made small by the rule of another."""

import re
from pathlib import Path

from jiceng import console

STYLES = Path(console.__file__).parent / "static" / "console.css"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def test_only_the_picture_of_a_code_has_its_width_by_where_it_stands() -> None:
    text = re.sub(r"/\*.*?\*/", "", STYLES.read_text("utf-8"), flags=re.DOTALL)
    wide = {
        one.strip()
        for selectors, said in RULE.findall(text)
        for one in selectors.split(",")
        if one.strip().endswith("svg") and re.search(r"(?:^|;)width:", said)
    }
    assert wide == {".scan svg", ".cards svg"}
