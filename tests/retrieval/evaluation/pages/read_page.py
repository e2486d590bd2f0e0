"""Look at a page as a browser would."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """A page's elements, attributes and text; it fails for an element that is not closed."""

    def __init__(self, page: bytes | str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page.decode("utf-8") if isinstance(page, bytes) else page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_stands_by_itself(page: Page) -> None:
    """No script, and nothing that a browser would fetch or run."""
    known = set(
        "html head meta title style body h1 h2 h3 table thead tbody tr th td img details summary "
        "span b p ul ol li".split()
    )
    assert set(page.tags) <= known
    for tag, name, value in page.attributes:
        assert name in {
            *("lang", "charset", "http-equiv", "content", "name", "scope", "class", "dir"),
            *("alt", "src"),
        }
        assert name != "src" or (tag == "img" and value.startswith("data:image/svg+xml;base64,"))
    policies = [value for _, name, value in page.attributes if name == "content"]
    assert any("default-src 'none'" in value for value in policies)


def assert_drawing(draw: Callable[[], str]) -> None:
    """It draws an SVG with nothing to fetch, the same each time."""
    drawn = draw()
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn == draw()
    # Names of namespaces, which nobody fetches.
    assert set(re.findall(r"https?://[^\"']+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
