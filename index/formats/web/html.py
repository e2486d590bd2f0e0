"""Read web pages: their main text, without menus, notices and links to other pages."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import UnreadableReport
from index.formats.text.compose import Composer, raise_mark
from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Reading
from index.formats.web.main_text import Block, find_main
from index.formats.web.markup import compose_markup, inner_text
from index.formats.web.metadata import read_metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"""<(?:meta[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_EARLY = 4096
_WRONG = 0.01
"""The share of characters that may be wrong before another encoding is looked for."""

_BESIDE = re.compile(
    r"(?:^|[-_\s])(?:captions?|credits?|byline|related|recirc|read-?more|read-?also|see-?also|share|"
    r"sharing|social|cookies?|consent|gdpr|newsletter|subscribe|subscription|promo|advert\w*|ads?|"
    r"breadcrumbs?|pagination|comments?|sidebar|most-?read|trending|tags)(?:$|[-_\s])"
)
_BESIDE_TAGS = ("figcaption", "nav", "aside", "footer", "dialog", "form", "button")
_CONTENT = re.compile(
    r"(?:^|[-_\s])(?:entry|post|article|story)[-_]?(?:content|body|text)(?:$|[-_\s])"
)
"""Names that templates give the element with the article itself, whatever they add to them."""
_LARGE = 0.4
"""The share of a page's words from which on an element is its text, whatever its class."""
_LINK = re.compile(
    r"(?i)(?:read|see|watch|listen)\s(?:also|more|next|now)\b|also\s(?:read|see)\b|related(?:\s\w+)?:|"
    r"more\son\s(?:this|the)\b|recommended(?:\s\w+)?:|sign\sup\b|subscribe\b|follow\sus\b|share\sthis\b"
)
_CREDIT = re.compile(
    r"(?i)(?:(?:photo|image|picture|photograph|file\sphoto|video|credit)s?(?:\s(?:by|credit|courtesy)"
    r"|:|\s?/|\s?\u00a9)|copyright\b|\u00a9|all\srights\sreserved|getty\simages|advertisement$)"
)
_BYLINE = re.compile(r"By (?:[A-Z][\w.'\u2019-]+ ?){2,4}(?:(?:,| and|\|) ?[\w.,' -]{0,60})?")
_LONGEST_NOTE = 160


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one page. Raises UnreadableReport if it has no text."""
    yield read_page(decode_page(content))


def decode_page(content: bytes, charset: str | None = None) -> str:
    """A page's characters, by its byte order mark, the charset given or its own, or a guess.

    As in browsers, a few bytes that are wrong in it cost no more than themselves, and who says
    Latin 1 means Windows' variety of it.
    """
    declared = _CHARSET.search(content[:_EARLY])
    names = [charset, declared[1].decode("ascii") if declared else None]
    if not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        for name in filter(None, names):
            try:
                known = codecs.lookup(name).name
                known = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(known, known)
                page = content.decode(known, "replace")
            except (LookupError, UnicodeDecodeError):
                continue
            if page.count("\ufffd") <= _WRONG * len(page) + 3:
                return page
    return decode_text(content)[0].removeprefix("\ufeff")


def read_page(page: str, url: str | None = None) -> Extracted:
    """The main text of a page and what it says of itself. Raises UnreadableReport."""
    root = parse_page(page)
    found = read_metadata(root)
    _drop_beside(root)
    blocks = _blocks(root)
    kept = {number for number in find_main(root, blocks) if blocks[number].words}
    composer = Composer()
    numbers = itertools.count()
    compose_markup(composer, root, leave_out=lambda _words, _heading: next(numbers) not in kept)
    text, parts = composer.finish()
    return Extracted(
        text,
        "text/html",
        title=found.title,
        title_evidence=found.title_evidence,
        date=found.day,
        date_evidence="metadata" if found.day else None,
        is_dated_firmly=True,
        author=found.author,
        url=url or found.url,
        parts=parts,
    )


def parse_page(page: str) -> HtmlElement:
    """The tree of a page. Raises UnreadableReport if there is none."""
    from lxml import etree, html

    # Not `huge_tree`: what is nested deeper than 256 elements is cut there.
    parser = html.HTMLParser(no_network=True, remove_pis=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", page).replace("\0", ""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableReport("no text in it: nothing to answer from") from error
    for raised in root.iter("sup"):
        before, parent = raised.getprevious(), raised.getparent()
        if len(raised) == 0 and parent is not None:
            stands_after = (parent.text if before is None else before.tail) or ""
            raised.text = raise_mark(raised.text or "", stands_after)
    return root


def _blocks(root: HtmlElement) -> list[Block]:
    """The page's paragraphs, tables and headings; notes about it are blank."""
    found: list[Block] = []

    def note(words: str, is_heading: bool) -> bool:
        found.append(Block("" if _is_beside_the_point(words) else words, is_heading))
        return True

    compose_markup(Composer(), root, leave_out=note)
    return found


def _is_beside_the_point(words: str) -> bool:
    """Whether a paragraph is a byline, a credit, or leads to another page."""
    return len(words) <= _LONGEST_NOTE and bool(
        _LINK.match(words) or _CREDIT.match(words) or _BYLINE.fullmatch(words)
    )


def _drop_beside(root: HtmlElement) -> None:
    """Take out what its element or its class says is not the page's text."""
    whole = max(len(inner_text(root)), 1)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        is_beside = element.tag in _BESIDE_TAGS
        if not is_beside:
            named = f"{element.get('class', '')} {element.get('id', '')}".lower()
            role = element.get("role", "")
            is_beside = bool(_BESIDE.search(named)) or role in ("navigation", "dialog", "banner")
        if not is_beside:
            continue
        if len(inner_text(element)) < _LARGE * whole and not _holds_article(element):
            element.drop_tree()
        elif element.tag not in ("body", "html"):
            # A form round the page, a menu that nobody closed: what it is called says nothing.
            if element.tag != "article":
                element.tag = "div"
            for name in ("class", "id", "role"):
                element.attrib.pop(name, None)


def _holds_article(element: HtmlElement) -> bool:
    """Whether the page's heading or its article stands in an element."""
    return element.tag not in ("figcaption", "button", "dialog", "footer") and (
        element.tag == "article"
        or element.get("itemprop") == "articleBody"
        or _CONTENT.search(element.get("class", "").lower()) is not None
        or element.find(".//h1") is not None
        or element.find(".//main") is not None
    )
