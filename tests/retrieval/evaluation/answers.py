"""Answers to judge, made of quotes of documents."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Passage
from retrieval.answer import choose_answers
from retrieval.evaluation.answer_judgement import JudgedAnswer, judge_answers
from retrieval.evaluation.questions import Question
from retrieval.types import Hit, Span


def judge_quotes(
    question: Question, found: Sequence[tuple[str, str, float]], threshold: float = 0.5
) -> JudgedAnswer:
    """Judge quotes, surest first, each the whole of a passage: document, text and confidence."""
    passages = [
        Passage(number, document_id, 0, len(text), text, "", None)
        for number, (document_id, text, _) in enumerate(found)
    ]
    spans = [
        Span(number, 0, len(text), confidence) for number, (_, text, confidence) in enumerate(found)
    ]
    hits = [Hit(passage, 0.5, 0.5, 0.5) for passage in passages]
    ids = {document_id: document_id for document_id, _, _ in found}
    chosen = choose_answers(spans, passages, threshold)
    return judge_answers(question, hits, spans, chosen, ids)
