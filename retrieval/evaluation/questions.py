"""Read questions about a corpus, and what answers them.

A line of `questions.jsonl`, which stands beside `corpus.jsonl`, is `{"_id", "text", "answers",
"relevant"}`: every accepted answer's text, and the ids of the documents that answer. Both are empty
where no document answers. A "source" says which questions are to be counted apart; whatever else is
in the line is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import BadExample
from retrieval.evaluation.files.corpus import CORPUS, Corpus, CorpusDocument, read_corpus
from retrieval.evaluation.files.records import read_new_id, read_records, read_text, read_texts
from retrieval.evaluation.metrics.text_match import normalise

QUESTIONS = Path("questions.jsonl")
"""Where the questions are in the folder."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the accepted answers' texts and the documents that answer; "" for no source.

    There are both answers and relevant documents, or neither.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    relevant: tuple[str, ...]
    source: str = ""

    @property
    def answerable(self) -> bool:
        """Whether a document answers."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A corpus, and questions about it by id, in the file's order."""

    corpus: Corpus
    questions: Mapping[str, Question]


def question_files(folder: Path) -> list[Path]:
    """The files that `read_questions` reads."""
    return [folder / path for path in (CORPUS, QUESTIONS)]


def read_questions(folder: Path) -> QuestionSet:
    """Read both files.

    Raises BadExample, with file and line, for a line that is not what it should be, an id that is
    there twice or not where it is referred to, answers without a document or the reverse, and a
    file without a line; OSError if one cannot be read.
    """
    corpus_file, path = question_files(folder)
    corpus = read_corpus(corpus_file)
    questions: dict[str, Question] = {}
    for number, record in read_records(path):
        question = Question(
            read_new_id(record, questions, path, number),
            read_text(record, "text", path, number),
            _answers(record, path, number),
            _relevant(record, corpus.documents, path, number),
            read_text({"source": ""} | record, "source", path, number),
        )
        _check_both(question, path, number)
        questions[question.id] = question
    return QuestionSet(corpus, questions)


def _answers(record: Mapping[str, Any], path: Path, number: int) -> tuple[str, ...]:
    answers = tuple(dict.fromkeys(read_texts(record, "answers", path, number)))
    for answer in answers:
        if not normalise(answer):
            raise BadExample(
                path,
                number,
                f"the answer {answer!r} has no word that counts: nothing remains of it without "
                "articles and punctuation",
            )
    return answers


def _relevant(
    record: Mapping[str, Any],
    documents: Mapping[str, CorpusDocument],
    path: Path,
    number: int,
) -> tuple[str, ...]:
    relevant = tuple(dict.fromkeys(read_texts(record, "relevant", path, number)))
    for document_id in relevant:
        if document_id not in documents:
            raise BadExample(path, number, f"document {document_id!r} is not in {CORPUS}")
    return relevant


def _check_both(question: Question, path: Path, number: int) -> None:
    if question.answers and not question.relevant:
        raise BadExample(
            path,
            number,
            "there are answers but no relevant document: name those that answer, or leave "
            "'answers' empty if none does",
        )
    if question.relevant and not question.answers:
        raise BadExample(
            path,
            number,
            "there are relevant documents but no answer: give the accepted ones, or leave "
            "'relevant' empty if no document answers",
        )
