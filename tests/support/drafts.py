"""Reading the pages of a draft: its faults, where its parts are, what a form holds; enabling a scheme."""

import re

import httpx
from tests.support.web import Browser

HERE = "/t/donghu/schemes"
DAY = {"from_day": "2027-01-01", "reason": "部务会议定"}


async def enabled(admin: Browser, preset: str = "") -> str:
    """Enable the points scheme: the address of its first draft."""
    await admin.get(HERE)
    answer = await admin.post(f"{HERE}/enable", {"key": "points", "preset": preset})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def errors(answer: httpx.Response) -> list[str]:
    """The faults listed on the page of a draft."""
    found = re.search(r'<div class="tip bad" role="alert">(.*?)</ul>', answer.text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []


def part(answer: httpx.Response, title: str) -> str:
    """The address of the form of a part on the page of its draft."""
    found = re.search(rf'<a href="([^"]+)">(?:<b>)?{re.escape(title)}<', answer.text)
    assert found is not None, title
    return found[1]


def typed(answer: httpx.Response) -> dict[str, str]:
    """What the form of a part holds, as the browser would send it."""
    text = answer.text[answer.text.index('id="part"') :]
    form = dict(re.findall(r'<input(?: type="hidden")?[^>]*? name="([^"]+)" value="([^"]*)"', text))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)".*?>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    form |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL))
    boxes = re.findall(r'<input type="checkbox"[^>]*? name="([^"]+)" value="1"(?! checked)', text)
    form = {key: value for key, value in form.items() if key not in boxes}
    marks = {"&lt;": "<", "&gt;": ">", "&#39;": "'", "&#34;": '"', "&amp;": "&"}
    for mark, sign in marks.items():
        form = {key: value.replace(mark, sign) for key, value in form.items()}
    return form
