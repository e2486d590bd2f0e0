"""Write the files that a command was asked for: each wholly or not at all."""

from __future__ import annotations

import os
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
