"""Turn a question into one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.rewriting.anaphora import Anaphor, Kind, find_anaphors
from retrieval.rewriting.answers import answer_antecedent, name_the_place, person_in_answer
from retrieval.rewriting.candidates import Candidate, find_candidates
from retrieval.rewriting.choose_antecedent import rank_candidates
from retrieval.rewriting.depend import depends
from retrieval.rewriting.ellipsis import fill_ellipsis
from retrieval.rewriting.phrases import find_phrases, find_words
from retrieval.rewriting.resolve import (
    append_candidate,
    put_candidate,
    put_in,
    widen_heads,
    widen_names,
)
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
    if not history or not find_words(text) or len(text) > MAX_CHARACTERS:
        return Rewritten(text, depends=False, added=())
    last = history[-1]
    before = last.standalone or last.question
    filled = fill_ellipsis(text, before) if len(before) <= MAX_CHARACTERS else ""
    if filled:
        return Rewritten(filled, depends=True, added=())
    anaphors = find_anaphors(text)
    candidates = find_candidates(text, history)
    surety = depends(text, history, anaphors, candidates)
    if anaphors and surety >= LEAST_WITH_ANAPHOR:
        return _resolve(text, anaphors, candidates, last)
    if not anaphors:
        placed, name = name_the_place(text, last)
        if placed:
            return Rewritten(placed, depends=True, added=(name,))
        for widen in (widen_heads, widen_names):
            widened, meant = widen(text, candidates)
            if meant is not None:
                return Rewritten(widened, depends=True, added=(meant.phrase.text,))
        if surety >= LEAST_WITHOUT and candidates and not _has_own_topic(text):
            chance, best = rank_candidates((), candidates, _topics(text))[0]
            if chance >= LEAST_APPENDED:
                added = best.phrase.text
                return Rewritten(append_candidate(text, best), depends=True, added=(added,))
    return Rewritten(text, depends=False, added=())


def _resolve(
    question: str, anaphors: Sequence[Anaphor], candidates: Sequence[Candidate], last: Turn
) -> Rewritten:
    """Replace the first anaphor of each kind; later ones of a kind then explain themselves."""
    ranked = rank_candidates([anaphor.kind for anaphor in anaphors], candidates, _topics(question))
    chosen: dict[Kind, tuple[Anaphor, Candidate | str]] = {}
    taken: set[str] = set()
    for anaphor in anaphors:
        if anaphor.kind in chosen or len(chosen) == 2:
            continue
        meant = answer_antecedent(anaphor, last)
        best = _best(anaphor, ranked, taken)
        if not meant and anaphor.kind is Kind.PERSON and (best is None or not best.phrase.is_name):
            meant = person_in_answer(last)
        if meant:
            chosen[anaphor.kind] = anaphor, meant
            taken.add(meant)
        elif best is not None:
            chosen[anaphor.kind] = anaphor, best
            taken.add(best.phrase.text)
    text = question
    # From the end, so that the places before stay what they are.
    for anaphor, meant in sorted(chosen.values(), key=lambda pair: -pair[0].start):
        if isinstance(meant, str):
            text = put_in(text, anaphor, meant)
        else:
            text = put_candidate(text, anaphor, meant)
    return Rewritten(text, depends=text != question, added=tuple(sorted(taken)))


def _best(
    anaphor: Anaphor, ranked: Sequence[tuple[float, Candidate]], taken: set[str]
) -> Candidate | None:
    free = [candidate for _, candidate in ranked if candidate.phrase.text not in taken]
    if anaphor.kind is Kind.PERSON:
        names = [each for each in free if each.phrase.is_name]
        free = names or [
            each for each in free if not (each.phrase.is_plural or each.phrase.preposition)
        ]
    return free[0] if free else None


def _topics(question: str) -> int:
    return sum(not phrase.is_generic for phrase in find_phrases(question))


def _has_own_topic(question: str) -> bool:
    """Whether a question speaks of something definite: several phrases, or one of several words.

    Such a question may still depend, but putting something behind it would more often do harm.
    """
    topics = [phrase for phrase in find_phrases(question) if not phrase.is_generic]
    return len(topics) > 1 or any(len(find_words(phrase.text)) > 1 for phrase in topics)
