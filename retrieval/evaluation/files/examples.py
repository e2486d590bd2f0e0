"""Read question answering examples: JSON lines in the reader format."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.parse import is_unicode
from retrieval.errors import BadExample


@dataclass(frozen=True, slots=True)
class Example:
    """A question about a context, and every range of the context that answers it.

    `answers` are half open and count code points; there are none where the context does not say.
    `title`, where known, is what stands over the context. `source` names where it comes from.
    """

    id: str
    question: str
    context: str
    answers: tuple[tuple[int, int], ...]
    title: str = ""
    source: str = ""

    def gold(self) -> tuple[str, ...]:
        """The texts of the answers."""
        return tuple(self.context[start:end] for start, end in self.answers)


def read_examples(path: Path) -> list[Example]:
    """All examples of a file, gzipped or not.

    Raises BadExample, with file and line, for a line that is not an example, for an answer that
    does not stand where it is said to; OSError if it cannot be read.
    """
    examples = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            examples.append(_example(json.loads(line.decode("utf-8"))))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadExample(path, number, _reason(error)) from error
    if not examples:
        raise BadExample(path, 1, "the file holds no example")
    return examples


def _lines(path: Path) -> Iterator[bytes]:
    """The lines as bytes: decoded one by one, a line that is not UTF-8 is known by its number."""
    if path.suffix == ".gz":
        with gzip.open(path, "rb") as file:
            try:
                yield from file
            except (EOFError, zlib.error) as error:
                raise gzip.BadGzipFile(str(error)) from error
    else:
        with path.open("rb") as file:
            yield from file


def _example(found: Any) -> Example:
    if not isinstance(found, dict):
        raise TypeError("is not a JSON object")
    texts = {"title": "", "source": ""} | found
    for name in ("id", "question", "context", "title", "source"):
        if not isinstance(texts[name], str) or not is_unicode(texts[name]):
            raise TypeError(f"{name!r} is not a text")
    if not isinstance(found["answers"], list):
        raise TypeError("'answers' is not a list")
    return Example(
        found["id"],
        found["question"],
        found["context"],
        tuple(dict.fromkeys(_answer(each, found["context"]) for each in found["answers"])),
        texts["title"],
        texts["source"],
    )


def _answer(found: Any, context: str) -> tuple[int, int]:
    if not isinstance(found, dict):
        raise TypeError(f"the answer {found!r} is not a JSON object")
    start, text = found["start"], found["text"]
    if not isinstance(text, str) or type(start) is not int:
        raise TypeError(f"the answer {found!r} has not a text and a whole number as its start")
    # Python would count a negative start from the end.
    if not text or start < 0 or context[start : start + len(text)] != text:
        raise ValueError(f"the answer {text!r} does not stand at {start}")
    return start, start + len(text)


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
