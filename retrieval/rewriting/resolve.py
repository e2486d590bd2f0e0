"""Say in full what the anaphors of a question mean."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.rewriting.answers import answer_antecedent, person_in_answer
from retrieval.rewriting.candidates import Candidate
from retrieval.rewriting.choose_antecedent import rank_candidates
from retrieval.rewriting.lexicon import ADJUNCTS
from retrieval.rewriting.put_in import put_candidate, put_in
from retrieval.types import Turn

_MOST = 2
"""Anaphors resolved in one question: beyond that it reads like a puzzle."""


def resolve(
    question: str,
    anaphors: Sequence[Anaphor],
    candidates: Sequence[Candidate],
    topics: int,
    last: Turn,
) -> tuple[str, tuple[str, ...]] | None:
    """The question with what its anaphors mean, and that; None if nothing can be meant.

    Only the first anaphor of each kind is replaced: it explains the later ones. `topics` is how
    many phrases the question has of its own.
    """
    ranked = rank_candidates([anaphor.kind for anaphor in anaphors], candidates, topics)
    meant: dict[Kind, tuple[Anaphor, Candidate | str]] = {}
    taken: list[str] = []
    for anaphor in anaphors:
        if anaphor.kind in meant or len(meant) == _MOST:
            continue
        free = [each for each in ranked if each.phrase.text not in taken]
        antecedent = _find(anaphor, free, last)
        if antecedent is not None:
            meant[anaphor.kind] = anaphor, antecedent
            taken.append(antecedent if isinstance(antecedent, str) else antecedent.phrase.text)
    text = question
    # From the end, so that the places before stay what they are.
    for anaphor, found in sorted(meant.values(), key=lambda pair: -pair[0].start):
        if isinstance(found, str):
            text = put_in(text, anaphor, found)
        else:
            text = put_candidate(text, anaphor, found)
    return (text, tuple(taken)) if taken else None


def _find(anaphor: Anaphor, free: Sequence[Candidate], last: Turn) -> Candidate | str | None:
    """What the last answer gives, else the best phrase of those that fit."""
    answer = answer_antecedent(anaphor, last)
    if answer:
        return answer
    if anaphor.kind is Kind.PERSON:
        names = [each for each in free if each.phrase.is_name and not each.placed]
        persons = [each for each in free if each.is_person]
        named = (names or persons)[:1]
        return named[0] if named else person_in_answer(last) or None
    fitting = [each for each in free if not each.is_person] or list(free)
    if anaphor.kind is Kind.PLURAL:
        several = [each for each in free if each.phrase.is_plural]
        fitting = [each for each in free if each.phrase.is_plural or not each.placed]
        fitting = fitting if several else list(free)
    if not fitting:
        return None
    best = fitting[0]
    if best.phrase.preposition in ADJUNCTS:
        # "The fire at the mill": of one question, rather what it is about.
        core = [each for each in fitting if each.turns[0] == best.turns[0]]
        core = [each for each in core if each.phrase.preposition not in ADJUNCTS]
        return (core or [best])[0]
    return best
