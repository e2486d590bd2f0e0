"""Runs: for each query, the documents found, best first; written and read in TREC's format.

A line is `query Q0 document rank score tag`, with white space between. Tools of trec_eval's kind
look at the score alone, which they keep as a 32-bit float, and put equal scores in an order of
their own: a ranking is read from a file as they would, and written so that they see the same one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from retrieval.errors import BadExample
from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.records import numbered_lines

TAG = "dateline"
"""What a run of Dateline's calls itself."""

_STEP = 1e-6
"""How far below the one before a document's score is put that would not be below it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document that was found, and its score."""

    document_id: str
    score: float


Run: TypeAlias = Mapping[str, Sequence[Ranked]]
"""By query, in the queries' order: the documents found, best first, scores strictly decreasing."""


def strictly_decreasing(found: Iterable[tuple[str, float]]) -> list[Ranked]:
    """Documents in their order, with scores that fall at each one also as 32-bit floats.

    A score stays what it is, to six decimals, where it is below the one before.
    """
    ranked: list[Ranked] = []
    last = math.inf
    for document_id, given in found:
        score = round(given, 6)
        if score >= last:
            score = round(last - _STEP, 6)
        if np.float32(score) >= np.float32(last):
            score = float(np.nextafter(np.float32(last), np.float32(-math.inf)))
        ranked.append(Ranked(document_id, score))
        last = score
    return ranked


def write_run(run: Run) -> bytes:
    """The run as a file's content."""
    lines = [
        f"{query_id} Q0 {found.document_id} {rank} {_written(found.score)} {TAG}\n"
        for query_id, ranking in run.items()
        for rank, found in enumerate(ranking, start=1)
    ]
    return "".join(lines).encode("utf-8")


def _written(score: float) -> str:
    """The score in full, without an exponent."""
    return np.format_float_positional(score, trim="0")


def read_run(path: Path, beir: Beir) -> dict[str, list[Ranked]]:
    """Read a run of the collection's queries, by whatever tool.

    Documents are in the order of trec_eval: by falling score as a 32-bit float, equal ones by
    falling id; scores are made strictly decreasing in that order. Queries are in the collection's
    order, and those that the run lacks are left out. Raises BadExample, with file and line, for
    what is no line of a run, a query or document that the collection lacks, a document that is
    there twice for a query, and a file without a line; OSError if it cannot be read.
    """
    scores: dict[str, dict[str, float]] = {}
    for number, line in numbered_lines(path):
        columns = line.split()
        if len(columns) != 6:
            raise BadExample(
                path, number, "not six columns: query, Q0, document, rank, score and tag"
            )
        query_id, _, document_id, _, score, _ = columns
        if query_id not in beir.queries:
            raise BadExample(path, number, f"the collection has no query {query_id!r}")
        if document_id not in beir.corpus.documents:
            raise BadExample(path, number, f"the collection has no document {document_id!r}")
        found = scores.setdefault(query_id, {})
        if document_id in found:
            raise BadExample(
                path, number, f"document {document_id!r} is there twice for query {query_id!r}"
            )
        found[document_id] = _score(score, path, number)
    return {query_id: _ranking(scores[query_id]) for query_id in beir.queries if query_id in scores}


def _score(text: str, path: Path, number: int) -> float:
    try:
        score = float(np.float32(text))
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise BadExample(path, number, f"the score {text!r} is not a number")
    return score


def _ranking(scores: Mapping[str, float]) -> list[Ranked]:
    by_id = sorted(scores.items(), reverse=True)
    return strictly_decreasing(sorted(by_id, key=lambda pair: -pair[1]))
