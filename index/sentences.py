"""Find the sentences of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n\s*|\r\r\s*|\u2029")
# White space is tried from its start alone: from each of its characters, it would take for ever.
_LINE_END = re.compile(r"(?<![^\S\n])[^\S\n]*\r?\n\s*(?P<word>\S+)")
_WIDTH = 72
"""Characters that a wrapped line has room for, at the least."""
_RAGGED = 10
"""How much of a wrapped line may stay empty though a word had room."""
_CHUNK = 100_000
"""Code points handed to the splitter at once, at the most."""


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """The ranges between blank lines, white space at their ends left out."""
    ranges = []
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        ranges.append((start, gap.start()))
        start = gap.end()
    ranges.append((start, len(text)))
    return [found for a, b in ranges if (found := trim(text, a, b))]


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The ranges of the sentences in `text[start:end]`, in order, not overlapping.

    Only white space is left out: every other character is in exactly one sentence. A blank line
    always ends a sentence, and so does the end of a line that is plainly no wrapped one.
    """
    end = len(text) if end is None else end
    sentences = []
    for first, last in _blocks(text[start:end]):
        for chunk in range(start + first, start + last, _CHUNK):
            piece = text[chunk : min(chunk + _CHUNK, start + last)]
            for found in get_sentence_boundaries("en", piece):
                a, b = chunk + found["start_index"], chunk + found["end_index"]
                if trimmed := trim(text, a, b):
                    sentences.append(trimmed)
    return sentences


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, cut where a line ends though the next line's first word had room on it.

    A headline, a date or an item of a list stands on such a line; wrapped prose does not.
    """
    width = max([_WIDTH, *(len(line) for line in text.splitlines())])
    for start, end in split_paragraphs(text):
        first = start
        for match in _LINE_END.finditer(text, start, end):
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if len(line) + 1 + len(match["word"]) <= width - _RAGGED:
                yield first, match.start()
                first = match.start("word")
        yield first, end


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The range without white space at its ends, or None if nothing else is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
