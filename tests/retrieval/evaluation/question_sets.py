"""Small folders of questions over a corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCUMENTS = (
    {"_id": "flood", "title": "Flood", "text": "The river Tharnock rose. A dyke broke at noon."},
    {"_id": "fire", "title": "Fire", "text": "A fire burned down a mill."},
    {"_id": "again", "title": "", "text": "Years later a dyke broke."},
    {"_id": "strike", "title": "", "text": "Drivers of the northern depots went on strike."},
    {"_id": "none", "title": "", "text": "..."},
)
QUESTIONS = (
    {
        "_id": "dyke",
        "text": "Which dyke broke at noon?",
        "answers": ["A dyke broke at noon", "at noon"],
        "relevant": ["flood"],
        "source": "news",
    },
    {
        "_id": "strike",
        "text": "Why did drivers strike?",
        "answers": ["Drivers of the northern depots went on strike."],
        "relevant": ["strike"],
        "source": "news",
    },
    {"_id": "cup", "text": "Who won the cup?", "answers": [], "relevant": []},
    {"_id": "mark", "text": "?!", "answers": ["mill"], "relevant": ["fire"], "source": "odd"},
)


def write_questions(
    folder: Path,
    documents: Sequence[Mapping[str, object]] = DOCUMENTS,
    questions: Sequence[Mapping[str, object]] = QUESTIONS,
) -> Path:
    """Fill a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in (("corpus", documents), ("questions", questions)):
        lines = "".join(f"{json.dumps(record)}\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder
