"""Read what a web page says of itself: title, author, day of publication, address."""

from __future__ import annotations

import calendar
import datetime
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.formats.web.markup import inner_text
from index.metadata.day import read_day

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = ("article", "posting", "report", "webpage", "liveblog")
_DATES = (
    "article:published_time datepublished date dc.date dc.date.issued dcterms.date dcterms.issued "
    "dcterms.created dc.date.created pubdate publishdate publish-date publication_date "
    "citation_publication_date citation_date parsely-pub-date sailthru.date og:published_time"
).split()
_TITLES = "og:title dc.title dcterms.title citation_title twitter:title headline".split()
_AUTHORS = "author article:author dc.creator dcterms.creator citation_author byl".split()
_CDATA = re.compile(
    r"\A\s*(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/)?\s*\Z"
)
_DEEPEST = 5
_UTC = re.compile(r"T[\d:.]+(?:Z|\+00:?00)\Z", re.I)
_EARLY = 20_000
_SAVED = re.compile(r"saved from url=\(\d+\)(\S+)")


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of itself; None for what it does not."""

    title: str | None
    title_evidence: str | None
    day: datetime.date | None
    author: str | None
    url: str | None


def read_metadata(page: HtmlElement) -> PageMetadata:
    """What the page's JSON-LD says, else its meta elements, else its headings and times."""
    article = min(_linked(page), key=_rank, default={})
    metas = _metas(page)
    heads = [inner_text(each) for each in page.iter("h1")]
    titles = [_text(article.get("headline")), _first(metas, _TITLES), _text(article.get("name"))]
    title = next(filter(None, titles[:2]), None)
    evidence = "metadata"
    if len(heads) == 1 and heads[0] and heads[0] in titles:
        title = heads[0]  # what the page shows, of all that it says
    if title is None:
        title, evidence = (heads[0], "heading") if len(heads) == 1 else (None, "metadata")
    if title is None:
        title = _text("".join(page.xpath("//head/title//text()")))
    days = [_text(article.get("datePublished")), _first(metas, _DATES), *_times(page)]
    return PageMetadata(
        title,
        evidence if title else None,
        next((_local(page, said, day) for said in days if said and (day := read_day(said))), None),
        _author(article.get("author")) or _name(_first(metas, _AUTHORS)),
        _address(page, article, metas),
    )


def _linked(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles that the page's JSON-LD describes."""
    for script in page.xpath("//script[@type='application/ld+json']"):
        try:
            # Some write line ends into strings.
            said = json.loads(_CDATA.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles(said, 0)


def _articles(said: object, depth: int) -> Iterator[dict[str, Any]]:
    """The articles in a piece of JSON-LD: in lists and graphs, and what a page is mainly about."""
    if depth > _DEEPEST:
        return
    if isinstance(said, list):
        for each in said:
            yield from _articles(each, depth + 1)
    elif isinstance(said, dict):
        kinds = str(said.get("@type", "")).lower()
        if any(kind in kinds for kind in _ARTICLES):
            yield said
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(said.get(name), depth + 1)


def _rank(article: dict[str, Any]) -> int:
    """A page that an article stands on says less of it than the article itself."""
    return int("webpage" in str(article.get("@type", "")).lower())


def _local(page: HtmlElement, said: str, day: datetime.date) -> datetime.date:
    """The day by the clock of the page's readers, where a moment is given in UTC.

    The page tells: it shows the day before or after, and not this one.
    """
    if not _UTC.search(said):
        return day
    shown = " ".join(inner_text(page)[:_EARLY].split()).lower()
    if _shows(shown, day):
        return day
    beside = (day + datetime.timedelta(days=days) for days in (-1, 1))
    return next((each for each in beside if _shows(shown, each)), day)


def _shows(text: str, day: datetime.date) -> bool:
    month = calendar.month_name[day.month].lower()
    forms = [f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}"]
    for name in (month, month[:3], f"{month[:3]}."):
        forms += [f"{name} {day.day}, {day.year}", f"{day.day} {name} {day.year}"]
    return any(form in text for form in forms)


def _metas(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if said := " ".join((meta.get("content") or "").split()):
            found.setdefault(name.strip().lower(), said)
    return found


def _times(page: HtmlElement) -> Iterator[str]:
    for mark in page.xpath("//*[@itemprop='datePublished']"):
        yield mark.get("datetime") or mark.get("content") or inner_text(mark)
    for time in page.xpath("//time[@datetime][@pubdate or not(ancestor::aside or ancestor::nav)]"):
        yield time.get("datetime")
        return


def _address(page: HtmlElement, article: dict[str, Any], metas: dict[str, str]) -> str | None:
    links = page.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
    said = [*links, metas.get("og:url"), article.get("url")]
    comments = page.getroottree().xpath("//comment()")
    said += [saved[1] for each in comments if (saved := _SAVED.search(each.text or ""))]
    return next(
        (each for each in said if isinstance(each, str) and re.match("https?://", each)), None
    )


def _author(said: object) -> str | None:
    if isinstance(said, list):
        return ", ".join(filter(None, map(_author, said))) or None
    return _name(_text(said.get("name") if isinstance(said, dict) else said))


def _name(said: str | None) -> str | None:
    return None if said is None or "://" in said else said


def _first(metas: dict[str, str], names: list[str]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _text(said: object) -> str | None:
    return " ".join(html.unescape(said).split()) or None if isinstance(said, str) else None
