"""Read Markdown: the text is the file's, and its headings name the sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Part, Reading

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*\r?\n?")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*\r?\n?")
# A line that no underline makes a heading: code, a list's item, a quote, a table's row.
_NO_TITLE = re.compile(r"[ ]{4}|\t| {0,3}(?:[-+*][ \t]|\d+[.)][ \t]|>|\|)")
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
    above, above_at, stands_alone = "", 0, True
    for line in text.splitlines(keepends=True):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        elif not fence and (heading := _heading(line, above if stands_alone else "")):
            level, said, is_above = heading
            words = " ".join(_MARKS.sub(r"\1", said).split())
            if words:
                path = [each for each in path if each[0] < level]
                path.append((level, words))
                yield above_at if is_above else at, " > ".join(each for _, each in path)
        stands_alone = not above.strip() or bool(_HEADING.fullmatch(above))
        if at == 0:
            stands_alone = True
        above, above_at = line if not fence else "", at
        at += len(line)


def _heading(line: str, above: str) -> tuple[int, str, bool] | None:
    """A heading's level and words, and whether they are the line above its underline."""
    if found := _HEADING.fullmatch(line):
        return len(found[1]), found[2], False
    under = _UNDERLINE.fullmatch(line)
    is_title = above.strip() and not _NO_TITLE.match(above)
    if under and is_title and not (_HEADING.fullmatch(above) or _UNDERLINE.fullmatch(above)):
        return (1 if under[1][0] == "=" else 2), above.strip(), True
    return None
