"""Write the files that a command was asked for: each wholly or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from api.errors import FileUnusable, OutputsClash


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path] = ()) -> None:
    """Make sure, before a long run, that its outputs can be written.

    Raises FileUnusable for a folder that is not there or not writable and for a path that is
    something else than a file; OutputsClash for a path that is named twice or is read from.
    """
    taken = [path.resolve() for path in inputs]
    for path in outputs:
        target = path.resolve()
        if target in taken:
            raise OutputsClash(path)
        taken.append(target)
        try:
            _check(path, target)
        except OSError as error:  # such as a name that is too long
            raise FileUnusable(path, error.strerror or str(error)) from error


def _check(path: Path, target: Path) -> None:
    if not target.parent.is_dir():
        raise FileUnusable(path, f"there is no folder {target.parent}: make it first")
    if target.exists() and not target.is_file():
        raise FileUnusable(path, "not a file: name one")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise FileUnusable(path, f"nothing may be written in {target.parent}")


def write_whole(path: Path, content: bytes) -> None:
    """Put the content there in one step: until then, what was there stays. Raises FileUnusable."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place in one step, when all is written, or never.

    Raises FileUnusable.
    """
    target = path.resolve()
    part = target.with_name(f".dateline-{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        os.replace(part, target)
    except OSError as error:
        raise FileUnusable(path, error.strerror or str(error)) from error
    finally:
        # Also after an interrupt; once it has taken its place it is no more here.
        part.unlink(missing_ok=True)


def complain(name: str, reason: str) -> None:
    """A line; bytes of a name that are no text are shown as escapes."""
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    print(f"dateline: {shown}: {reason}", file=sys.stderr)  # noqa: T201


MOST_WIDTH = 100
_GAP = "  "


def show_table(names: Sequence[str], columns: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The figures under their columns' headings, right aligned, each row after its name.

    A column is its heading and one cell a name. Columns that would pass `MOST_WIDTH` go on in
    another table below; each has one column at least.
    """
    first = max(map(len, names), default=0)
    tables: list[list[str]] = []
    for heading, cells in columns:
        width = max(map(len, (heading, *cells)))
        column = [_GAP + cell.rjust(width) for cell in (heading, *cells)]
        if not tables or len(tables[-1][0]) + len(column[0]) > MOST_WIDTH:
            tables.append([name.ljust(first) for name in ("", *names)])
        tables[-1] = [row + cell for row, cell in zip(tables[-1], column, strict=True)]
    return "\n\n".join("\n".join(table) for table in tables)
