"""Say in full what the anaphors of a question mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.english.lexicon import ADJUNCTS, BEING, COMMON_VERBS, GENERIC, PREPOSITIONS
from retrieval.english.phrases import Phrase, find_words, stem_word
from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.rewriting.candidates import Candidate, rank_candidates
from retrieval.rewriting.short_answer import answer_antecedent, person_in_answer
from retrieval.types import Turn

_MORE = re.compile(r"\b(tell me|explain|describe|know|learn|hear|read)\b.*\bmore$", re.I)


def full_phrase(phrase: Phrase) -> str:
    """The phrase with the article that it was spoken of with."""
    article = phrase.before[-1] if phrase.before and phrase.before[-1] in {"the", "a", "an"} else ""
    return f"{article} {phrase.text}" if article else phrase.text


def put_in(question: str, anaphor: Anaphor, meant: str) -> str:
    """The question with the anaphor replaced; `meant` fits the place but for a possessive."""
    if anaphor.possessive:
        meant += "'" if meant.endswith("s") else "'s"
    return question[: anaphor.start] + _raised(meant, question, anaphor) + question[anaphor.end :]


def put_candidate(question: str, anaphor: Anaphor, candidate: Candidate) -> str:
    """The question with the candidate in the anaphor's place, or behind the question."""
    phrase = candidate.phrase
    if anaphor.kind is Kind.NOUN:
        if set(stem_word(anaphor.noun)) & candidate.stems:
            return put_in(question, anaphor, full_phrase(phrase))
        return append_candidate(question, candidate)
    if anaphor.kind is Kind.PLACE:
        if phrase.is_name or phrase.preposition in {"in", "at"}:
            preposition = phrase.preposition if phrase.preposition in {"in", "at"} else "in"
            return put_in(question, anaphor, f"{preposition} {full_phrase(phrase)}")
        return append_candidate(question, candidate)
    if anaphor.kind in {Kind.ONE, Kind.TIME}:
        return append_candidate(question, candidate)
    return put_in(question, anaphor, full_phrase(phrase))


def append(question: str, topic: str, *, article: str = "") -> str:
    """The question with the topic behind it, before the mark at its end; "the " in a sentence.

    "What are the main types?" takes "of yoga"; what takes no "of" gets it in brackets.
    """
    body = question.rstrip(" ?.!")
    mark = question[len(body) :].strip()
    words = find_words(body)
    if _MORE.search(body):
        return f"{body} about {article}{topic}{mark}"
    last = words[-1].lower if words else ""
    if last in GENERIC and last not in _NO_OF and not body.endswith(")"):
        return f"{body} of {article}{topic}{mark}"
    if _COUNTED.match(body):
        return f"{body} in {article}{topic}{mark}"
    if last in PREPOSITIONS - _STRANDED and len(words) > 2:
        return f"{body} {article}{topic}{mark}"
    return f"{body} ({topic}){mark}"


_COUNTED = re.compile(
    rf"^(?:(?:and|but|so)\s+)?how (?:many|much)(?: (?:{'|'.join(sorted(BEING))}))? "
    rf"(?:{'|'.join(sorted(COMMON_VERBS))}|\w+ed)$",
    re.I,
)
"""Asks for a number of people only: "how many died"."""

_STRANDED = frozenset("for to with from of about in on at by as like".split())
_NO_OF = frozenset(
    "best worst available fastest biggest largest greatest better famous important interesting "
    "popular different common same possible typical last next new old year years day days time "
    "general idea question lot bit people own certain specific basic general good".split()
)


def append_candidate(question: str, candidate: Candidate) -> str:
    """The question with the candidate behind it."""
    whole, text = full_phrase(candidate.phrase), candidate.phrase.text
    return append(question, text, article=whole.removesuffix(text))


def _raised(meant: str, question: str, anaphor: Anaphor) -> str:
    """With a capital where the anaphor began the question with one."""
    if anaphor.start == 0 and question[:1].isupper():
        return meant[0].upper() + meant[1:]
    return meant


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
