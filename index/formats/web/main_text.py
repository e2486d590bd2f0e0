"""Tell a page's main text from what stands around it, by what trafilatura takes for its text."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.formats.web.markup import inner_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONG = 20
"""Characters of a paragraph that is known again wherever it stands in the text."""
_WIDE = 0.5
"""The share of the text's words that may be missing in one place: lists, tables, headings."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table or a heading of a page."""

    words: str
    is_heading: bool


def find_main(root: HtmlElement, blocks: Sequence[Block]) -> set[int]:
    """The numbers of the blocks that are the page's text; all of them if nothing tells.

    trafilatura drops headings, lists and tables from short pages: what stands between two
    paragraphs that it keeps is kept as well, unless there is much of it.
    """
    from trafilatura import bare_extraction

    found = bare_extraction(copy.deepcopy(root), include_comments=False, include_tables=True)
    body = getattr(found, "body", None)
    main = "" if body is None else " ".join(inner_text(each) for each in body)
    paragraphs = set() if body is None else {inner_text(each) for each in body.iter()}
    known = [
        number
        for number, block in enumerate(blocks)
        if block.words in paragraphs or (len(block.words) >= _LONG and block.words in main)
    ]
    if not known:
        return set(range(len(blocks)))
    return set(_with_gaps(known, blocks))


def _with_gaps(known: Sequence[int], blocks: Sequence[Block]) -> Iterator[int]:
    most = _WIDE * sum(len(blocks[number].words) for number in known)
    before = -1
    for number in known:
        gap = range(before + 1, number)
        is_narrow = before >= 0 and sum(len(blocks[each].words) for each in gap) <= most
        if is_narrow:
            yield from gap
        else:
            # The headings over a paragraph are its own.
            start = number
            while start > before + 1 and blocks[start - 1].is_heading:
                start -= 1
            yield from range(start, number)
        yield number
        before = number
    after = known[-1] + 1
    tail = range(after, len(blocks))
    if sum(len(blocks[each].words) for each in tail) <= most / 2:
        yield from tail
