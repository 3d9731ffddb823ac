"""The forms of a page as a browser would send them, and whether the routes they go to know their fields."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from jiceng.accounts.access import route_handlers
from jiceng.kernel.forms import fields_of, unknown
from jiceng.kernel.rest import is_api

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.handlers.base import BaseRouteHandler

_KINDS = {"uuid": "[0-9a-f-]{36}", "int": "-?[0-9]+", "path": ".+"}
_CARRYING = {"input", "select", "textarea"}
_REST = r"""(?:[^>"']|"[^"]*"|'[^']*')*>"""
_SENDING = re.compile(
    rf"</form>|<(?:form|input|select|textarea|button)\b{_REST}|<[a-z]+\s(?=[^>]*hx-post){_REST}"
)
"""The tags a form is read from."""
_TOKEN = re.compile(r'value="[0-9a-f]{64}"')


class Sent(NamedTuple):
    """Where a form, or a button or field of it, sends to, and the names that go along with their values."""

    address: str
    fields: dict[str, str]


class FormsOf:
    """What the application's forms may carry."""

    def __init__(self, app: Litestar) -> None:
        self._known: list[tuple[re.Pattern[str], str, BaseRouteHandler]] = []
        for route, handler in route_handlers(app):
            if "POST" in getattr(handler, "http_methods", ()) and not is_api(route.path):
                self._known.append((re.compile(_expression(route.path)), route.path, handler))
        self._seen: set[tuple[str, tuple[str, ...]]] = set()
        self._read: set[str] = set()

    def knows(self, path: str, name: str) -> bool:
        """Whether the form of a route may carry a field."""
        handlers = [handler for _, of, handler in self._known if of == path]
        return any(not unknown([name], fields_of(handler, {}, {})) for handler in handlers)

    def faults(self, html: str) -> list[str]:
        """Fields of a page's forms that the route they go to does not know."""
        if "<form" not in html:
            return []
        faults = []
        tags = _TOKEN.sub("", "".join(_SENDING.findall(html)))
        if tags in self._read:
            return []
        self._read.add(tags)
        for sent in forms_in(tags):
            key = (sent.address, tuple(sorted(sent.fields)))
            if key not in self._seen:
                self._seen.add(key)
                faults += self._strange(sent)
        return faults

    def _strange(self, sent: Sent) -> list[str]:
        path = urlsplit(sent.address).path
        found = [(handler, match) for at, _, handler in self._known if (match := at.fullmatch(path))]
        if not found:
            return [f"a form goes to {path}, where nothing is posted"]
        handler, match = found[0]
        strange = unknown(sent.fields, fields_of(handler, match.groupdict(), sent.fields))
        return [f"a form for {path} carries {strange}"] if strange else []


def forms_in(html: str) -> list[Sent]:
    """Everything a page can post: each form, each button with an address of its own, each htmx element."""
    reader = _Reader()
    reader.feed(html)
    return reader.found()


class _Form:
    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.fields: dict[str, str] = {}
        self.senders: list[dict[str, str]] = []

    def sent(self) -> list[Sent]:
        """By itself, by each of its buttons, by each element that htmx sends."""
        own = self.attributes
        posts = own.get("method", "").lower() == "post"
        asked = [own.get("action", "") if posts else "", own.get("hx-post", "")]
        sent = [Sent(address, self.fields) for address in asked if address]
        for sender in self.senders:
            named = {sender["name"]: sender.get("value", "")} if sender.get("name") else {}
            wanted = sender.get("hx-params", "").split(",") if sender.get("hx-params") else None
            fields = self.fields | named
            plain = sender.get("formaction") or (asked[0] if named else "")
            if plain:
                sent.append(Sent(plain, fields))
            if sender.get("hx-post"):
                chosen = {name: fields[name] for name in fields if wanted is None or name in wanted}
                sent.append(Sent(sender["hx-post"], chosen))
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._forms: list[_Form] = []
        self._open: _Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms, what they carry, and what sends them."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = _Form(given)
            self._forms.append(self._open)
            return
        form = self._owner(given)
        if form is None:
            return
        if tag in _CARRYING and given.get("name"):
            form.fields[given["name"]] = given.get("value", "")
        if tag == "button" or "hx-post" in given:
            form.senders.append(given)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._open = None

    def _owner(self, given: dict[str, str]) -> _Form | None:
        if "form" in given:
            return next((f for f in self._forms if f.attributes.get("id") == given["form"]), None)
        return self._open

    def found(self) -> list[Sent]:
        """What was collected, without forms that only ask (GET)."""
        return [one for form in self._forms for one in form.sent()]


def _expression(path: str) -> str:
    """A route's path as a regular expression that names its parameters."""
    pieces = re.split(r"{(\w+):(\w+)}", path)
    text = re.escape(pieces[0])
    for name, kind, rest in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        text += f"(?P<{name}>{_KINDS.get(kind, '[^/]+')})" + re.escape(rest)
    return text
