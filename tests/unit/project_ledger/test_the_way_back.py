"""Every page of the ledger leads back the same way: the ledger, the project, what lies between."""

import re
from pathlib import Path

import jiceng_project_ledger

TEMPLATES = Path(jiceng_project_ledger.__file__).parent / "templates" / "project_ledger"
WAY = re.compile(r"\{% block crumbs %\}(.*?)\{% endblock %\}", re.DOTALL)


def test_the_way_back_of_every_page_is_one_macro() -> None:
    ways = {
        path.name: found[1] for path in TEMPLATES.glob("*.html") if (found := WAY.search(path.read_text()))
    }
    assert len(ways) > 25
    own = {name for name, way in ways.items() if not re.fullmatch(r"\{\{ crumb\(.*\) \}\}", way, re.DOTALL)}
    assert own == {"library.html"}, "the ledger itself, where every way ends"
