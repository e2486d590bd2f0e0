"""Read Markdown: the text is the file's, and its headings name the sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Part, Reading

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\r?\n?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKS = re.compile(r"[*_`]+|!?\[([^\[\]]*)\]\([^()]*\)")


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The text as it is. Raises UnreadableReport if it is none."""
    text, encoding = decode_text(content)
    charset = "" if encoding == "utf-8" else f"; charset={encoding}"
    yield Extracted(text, f"text/markdown{charset}", parts=tuple(_sections(text)))


def _sections(text: str) -> Iterator[Part]:
    """A part for each heading, up to the next one."""
    label, start = "", 0
    for at, level_path in _headings(text):
        if label and text[start:at].strip():
            yield Part("heading", label, start, at)
        label, start = level_path, at
    if label:
        yield Part("heading", label, start, len(text))


def _headings(text: str) -> Iterator[tuple[int, str]]:
    path: list[tuple[int, str]] = []
    fence = ""
    at = 0
    for line in text.splitlines(keepends=True):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence and (found := _HEADING.fullmatch(line)):
            words = " ".join(_MARKS.sub(r"\1", found[2]).split())
            level = len(found[1])
            if words:
                path = [each for each in path if each[0] < level]
                path.append((level, words))
                yield at, " > ".join(each for _, each in path)
        at += len(line)
