"""Turn a question into one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.rewriting.anaphora import find_anaphors
from retrieval.rewriting.answers import answer_antecedent
from retrieval.rewriting.candidates import Candidate, find_candidates
from retrieval.rewriting.choose_antecedent import chance, rank_candidates
from retrieval.rewriting.depend import depends
from retrieval.rewriting.ellipsis import fill_ellipsis
from retrieval.rewriting.phrases import Phrase, find_phrases, find_words
from retrieval.rewriting.put_in import append_candidate
from retrieval.rewriting.resolve import resolve
from retrieval.rewriting.widen import widen
from retrieval.types import Turn

MAX_CHARACTERS = 300
"""A question that is longer says all that it needs, and is not rewritten; nor is it taken over."""

LEAST_WITH_ANAPHOR = 0.6
"""The probability of depending from on which a question with an anaphor is rewritten."""

LEAST_WITHOUT = 0.7
"""The same for a question that shows no sign of depending by itself."""

LEAST_APPENDED = 0.45
"""How probable a phrase must be to be put behind a question that does not point at any."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question as it would be asked without anything before it.

    `depends` where it had to be changed for that. `added` are the phrases that came from earlier
    turns, in the order in which they were put in; a question that takes over most of the one before
    it ("and where?") names none.
    """

    text: str
    depends: bool
    added: tuple[str, ...]


def rewrite(question: str, history: Sequence[Turn] = ()) -> Rewritten:
    """The question as it would be asked without anything before it.

    `history` is what was asked and answered before, oldest first. A question that stands alone
    passes through unchanged, but for white space at its ends.
    """
    text = question.strip()
    said = find_words(text) and len(text) <= MAX_CHARACTERS
    changed = _change(text, history) if history and said else None
    if changed is None or changed[0] == text:
        return Rewritten(text, depends=False, added=())
    return Rewritten(changed[0], depends=True, added=changed[1])


def _change(question: str, history: Sequence[Turn]) -> tuple[str, tuple[str, ...]] | None:
    """The question filled in, and the phrases that were put in; None if it stands alone."""
    last = history[-1]
    before = last.standalone or last.question
    filled = fill_ellipsis(question, before) if len(before) <= MAX_CHARACTERS else ""
    if filled:
        return filled, ()
    anaphors = find_anaphors(question)
    candidates = find_candidates(question, history)
    topics = [phrase for phrase in find_phrases(question) if not phrase.is_generic]
    surety = depends(question, history, anaphors, candidates)
    if anaphors:
        answered = any(answer_antecedent(anaphor, last) for anaphor in anaphors)
        if surety < LEAST_WITH_ANAPHOR and not answered:
            return None
        return resolve(question, anaphors, candidates, len(topics), last)
    widened = widen(question, candidates, history)
    if widened is None and surety >= LEAST_WITHOUT and not _is_definite(topics):
        return _append(question, candidates, len(topics))
    return widened


def _append(
    question: str, candidates: Sequence[Candidate], topics: int
) -> tuple[str, tuple[str, ...]] | None:
    """The question with what it is most probably about, None if nothing is probable enough."""
    for best in rank_candidates((), candidates, topics)[:1]:
        if chance((), best, topics) >= LEAST_APPENDED:
            return append_candidate(question, best), (best.phrase.text,)
    return None


def _is_definite(topics: Sequence[Phrase]) -> bool:
    """Whether a question has several topics, or one of several words.

    Such a question may still depend, but putting something behind it would more often do harm.
    """
    return len(topics) > 1 or any(len(find_words(topic.text)) > 1 for topic in topics)
