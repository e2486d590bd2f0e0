"""Read what a web page says of itself: title, author, day of publication, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.formats.web.markup import inner_text
from index.metadata.day import read_day

if TYPE_CHECKING:
    import datetime

    from lxml.html import HtmlElement

_ARTICLES = ("article", "posting", "report", "webpage", "liveblog")
_DATES = (
    "article:published_time datepublished date dc.date dc.date.issued dcterms.date dcterms.issued "
    "dcterms.created dc.date.created pubdate publishdate publish-date publication_date "
    "citation_publication_date citation_date parsely-pub-date sailthru.date og:published_time"
).split()
_TITLES = "og:title dc.title dcterms.title citation_title twitter:title headline".split()
_AUTHORS = "author article:author dc.creator dcterms.creator citation_author byl".split()
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
    article = next(_linked(page), {})
    metas = _metas(page)
    title = _text(article.get("headline")) or _first(metas, _TITLES)
    evidence = "metadata"
    if title is None:
        heads = [inner_text(each) for each in page.iter("h1")]
        title, evidence = (heads[0], "heading") if len(heads) == 1 else (None, "metadata")
    if title is None:
        title = _text("".join(page.xpath("//head/title//text()")))
    days = [_text(article.get("datePublished")), _first(metas, _DATES), *_times(page)]
    return PageMetadata(
        title,
        evidence if title else None,
        next((day for said in days if said and (day := read_day(said))), None),
        _author(article.get("author")) or _name(_first(metas, _AUTHORS)),
        _address(page, article, metas),
    )


def _linked(page: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles that the page's JSON-LD describes."""
    for script in page.xpath("//script[@type='application/ld+json']"):
        try:
            said = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = said.get("@graph", [said]) if isinstance(said, dict) else said
        for each in graph if isinstance(graph, list) else [graph]:
            if isinstance(each, dict):
                kinds = str(each.get("@type", "")).lower()
                if any(kind in kinds for kind in _ARTICLES):
                    yield each


def _metas(page: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if said := _text(meta.get("content")):
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
    return " ".join(said.split()) or None if isinstance(said, str) else None
