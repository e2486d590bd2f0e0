"""Turn a question into one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.english.phrases import Phrase, find_phrases, find_words, stems_of
from retrieval.rewriting.anaphora import Kind, find_anaphors
from retrieval.rewriting.candidates import Candidate, chance, find_candidates, rank_candidates
from retrieval.rewriting.depend import depends
from retrieval.rewriting.ellipsis import LEAD, fill_ellipsis, fill_owned
from retrieval.rewriting.short_answer import answer_antecedent, short_answer
from retrieval.rewriting.substitute import append, append_candidate, resolve
from retrieval.rewriting.widen import widen
from retrieval.types import TermFinder, Turn

MAX_CHARACTERS = 300
"""A question that is longer says all that it needs, and is not rewritten; nor is it taken over."""


@dataclass(frozen=True, slots=True)
class Least:
    """Probabilities from which on a question is changed.

    `with_anaphor` that it depends, where it has an anaphor; `without` the same where it shows no
    sign of depending by itself; `appended` that a phrase is meant which is put behind a question
    that does not point at any.
    """

    with_anaphor: float
    without: float
    appended: float


LEAST_BY_FORM = Least(with_anaphor=0.6, without=0.7, appended=0.45)
LEAST_FOUND = Least(with_anaphor=0.7, without=0.7, appended=0.4)
"""By the form alone, and by what a term finder found."""

LEAST_FURTHER = 0.5
MOST_FURTHER = 2
"""How probable a phrase must be to be put behind a question that has one already; how many are."""


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


def rewrite(
    question: str, history: Sequence[Turn] = (), finder: TermFinder | None = None
) -> Rewritten:
    """The question as it would be asked without anything before it.

    `history` is what was asked and answered before, oldest first. A question that stands alone
    passes through unchanged, but for white space at its ends. Without a finder, the form of the
    questions alone decides.
    """
    text = question.strip()
    said = find_words(text) and len(text) <= MAX_CHARACTERS
    changed = _change(text, history, finder) if history and said else None
    if changed is None or changed[0] == text:
        return Rewritten(text, depends=False, added=())
    return Rewritten(changed[0], depends=True, added=changed[1])


def _change(
    question: str, history: Sequence[Turn], finder: TermFinder | None
) -> tuple[str, tuple[str, ...]] | None:
    """The question filled in, and the phrases that were put in; None if it stands alone."""
    last = history[-1]
    before = last.standalone or last.question
    filled = ""
    if len(before) <= MAX_CHARACTERS:
        filled = fill_ellipsis(question, before, short_answer(last)) or fill_owned(question, last)
    if filled:
        return filled, ()
    anaphors = find_anaphors(question)
    terms = None if finder is None else finder.find(question, history)
    least = LEAST_BY_FORM if terms is None else LEAST_FOUND
    candidates = find_candidates(question, history, terms)
    topics = [phrase for phrase in find_phrases(question) if not phrase.is_generic]
    surety = depends(question, history, anaphors, candidates, terms)
    changed = None
    answered = False
    if anaphors:
        answered = any(answer_antecedent(anaphor, last) for anaphor in anaphors)
        if surety < least.with_anaphor and not answered:
            return None
        changed = resolve(question, anaphors, candidates, len(topics), last)
    else:
        changed = widen(question, candidates, history)
        leads = not topics and LEAD.match(question) is not None
        depending = surety >= least.without and (terms is not None or not _is_definite(topics))
        if changed is None and (leads or depending):
            lowest = 0.0 if leads else least.appended
            changed = _append(question, candidates, len(topics), lowest)
    if terms is None or changed is None or answered:
        return changed
    return _append_further(*changed, candidates, [each.kind for each in anaphors], len(topics))


def _append_further(
    question: str,
    added: tuple[str, ...],
    candidates: Sequence[Candidate],
    kinds: Sequence[Kind],
    topics: int,
) -> tuple[str, tuple[str, ...]]:
    """The question with what else belongs there, in brackets behind it."""
    known = stems_of(question)
    further: list[str] = []
    for each in rank_candidates(kinds, candidates, topics):
        if chance(kinds, each, topics) < LEAST_FURTHER or len(further) == MOST_FURTHER:
            break
        if not each.stems & known and not each.phrase.text.endswith("est"):
            further.append(each.phrase.text)
            known |= each.stems
    if not further:
        return question, added
    return append(question, ", ".join(further)), (*added, *further)


def _append(
    question: str, candidates: Sequence[Candidate], topics: int, least: float
) -> tuple[str, tuple[str, ...]] | None:
    """The question with what it is most probably about, None if nothing is probable enough."""
    for best in rank_candidates((), candidates, topics)[:1]:
        if chance((), best, topics) >= least:
            return append_candidate(question, best), (best.phrase.text,)
    return None


def _is_definite(topics: Sequence[Phrase]) -> bool:
    """Whether a question has several topics, or one of several words.

    Such a question may still depend, but putting something behind it would more often do harm.
    """
    return len(topics) > 1 or any(len(find_words(topic.text)) > 1 for topic in topics)
