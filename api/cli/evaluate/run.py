"""Read and index what an evaluation searches, and say how far that is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.types import Encoder
    from retrieval.evaluation.files.corpus import Corpus
if TYPE_CHECKING:
    from retrieval.evaluation.metrics.compare import MetricComparison, Move


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Raise FileUnusable, with the file's name, for a file in here that cannot be read."""
    from api.errors import FileUnusable

    try:
        yield
    except OSError as error:
        named = folder if error.filename is None else Path(error.filename)
        raise FileUnusable(named, error.strerror or str(error)) from error


def index_once(corpus: Corpus, encoder: Encoder, cache: Path) -> Path:
    """The folder with the corpus's index, which is made if it is not there. Raises HomeUnusable."""
    from tqdm import tqdm

    from retrieval.evaluation.collection import collection_folder, index_collection

    folder = collection_folder(corpus, encoder, cache)
    if folder.is_dir():
        return folder
    print("Indexing the collection (once)...", file=sys.stderr)  # noqa: T201
    total = len(corpus.documents) - len(corpus.empty_documents())
    with tqdm(total=total, unit=" documents", disable=not sys.stderr.isatty()) as bar:
        index_collection(corpus, encoder, folder, on_indexed=lambda _stored: bar.update())
    return folder


_DECIMALS = 4

_NAMED = 10
"""Ids that a line on them names; the others are in the JSON file."""

_QUERY_CHARACTERS = 70
"""How much of a query's text is shown beside its figures."""


def json_file(figures: Any) -> bytes:
    """A JSON file's content, numbers to four decimals."""
    return (json.dumps(_rounded(figures), indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def json_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    """A file of JSON lines, numbers in full."""
    # ASCII alone, so that no reader takes U+2028 or U+0085 for the end of a line.
    return "".join(f"{json.dumps(each)}\n" for each in records).encode("ascii")


def _rounded(figures: Any) -> Any:
    if isinstance(figures, float):
        return round(figures, _DECIMALS)
    if isinstance(figures, dict):
        return {name: _rounded(value) for name, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [_rounded(value) for value in figures]
    return figures


def cell(figure: float | None) -> str:
    """A figure in a table: a count or a share, a dash where there is none."""
    if figure is None:
        return "-"
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.{_DECIMALS}f}"


def show_groups(headings: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The table of figures that each have a cell for every group of questions."""
    from api.cli.output import show_table

    columns = [(each, [cells[at] for _, cells in rows]) for at, each in enumerate(headings)]
    return show_table([name for name, _ in rows], columns)


def name_ids(ids: Sequence[str]) -> str:
    """How many there are, and which."""
    from api.render.wording import safe

    left = len(ids) - _NAMED
    named = ", ".join(map(safe, ids[:_NAMED])) + (f" and {left:,} more" if left > 0 else "")
    return f"{len(ids):,} ({named})"


def comparison_columns(
    other: str, compared: Sequence[MetricComparison]
) -> list[tuple[str, list[str]]]:
    """The columns of a table that stand beside this run's own; `other` is the other's heading."""
    return [
        (other, [cell(each.other) for each in compared]),
        ("difference", [f"{each.difference:+.4f}" for each in compared]),
        ("p", [cell(each.p_value) for each in compared]),
        ("wins", [cell(each.wins) for each in compared]),
        ("ties", [cell(each.ties) for each in compared]),
        ("losses", [cell(each.losses) for each in compared]),
    ]


def show_moves(metric: str, other: str, moved: Sequence[Move], texts: Mapping[str, str]) -> str:
    """The queries that moved, one a line; `texts` are theirs by id."""
    from api.render.wording import safe
    from retrieval.evaluation.pages.page import shorten

    lines = [f"{metric} moved most, from {safe(other)} to this:"]
    for move in moved:
        text = safe(shorten(texts[move.query_id], _QUERY_CHARACTERS))
        figures = f"{move.other:.4f} -> {move.this:.4f}"
        lines.append(f"  {figures}  {text} [{safe(move.query_id)}]")
    return "\n".join(lines)
