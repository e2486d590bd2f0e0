"""Gather what earlier turns spoke of: what a follow-up question may refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from retrieval.english.lexicon import COMMON_VERBS, GENERIC, PERSON_NOUNS
from retrieval.english.phrases import Phrase, find_phrases, find_words, stem_word, stems_of
from retrieval.rewriting.anaphora import Kind
from retrieval.rewriting.weights import load_weights, log_odds
from retrieval.types import Terms, Turn

TURNS = 6
"""How many earlier turns are looked at, besides the first."""


_MOST_WORDS = 8
"""Of a phrase that can be put in a question."""

_DATE = re.compile(
    r"\b(january|february|march|april|may|june|july|august|september|october|november|"
    r"december|(mon|tues|wednes|thurs|fri|satur|sun)day)\b|^[\d.,/-]+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase of earlier turns that the question does not have.

    `turns` are how many turns ago it was spoken of, nearest first; `carried` where the last of
    those turns only implied it. `place` and `phrases` are which phrase of its turn it is, of how
    many. `heard` where an answer said it, not a question.
    """

    phrase: Phrase
    stems: frozenset[str]
    turns: tuple[int, ...]
    first_turn: bool
    place: int
    phrases: int
    topics: int
    """How many phrases of its turn are more than generic."""
    carried: bool
    known: float
    """The share of its stems that the question has."""
    head_known: bool
    text: str
    """Where the phrase stands."""
    found: float | None = None
    """How probably a word of it that the question lacks belongs there, by the term finder; their
    mean. None without a term finder."""

    @property
    def placed(self) -> bool:
        """Whether it was spoken of as a place or a time is."""
        return self.phrase.preposition in {"in", "at", "from", "to", "near"}

    @property
    def is_person(self) -> bool:
        """Whether its words say that it is a person."""
        words = find_words(self.phrase.text)
        return words[0].lower in PERSON_NOUNS or words[-1].lower in PERSON_NOUNS


def find_candidates(
    question: str, history: Sequence[Turn], terms: Terms | None = None
) -> list[Candidate]:
    """The phrases of the earlier questions, nearest turn first; each once.

    `terms` are what a term finder found.

    A phrase that the question has in full, or that has no word of its own, is none; nor is a date,
    or a run of words that is too long.
    """
    known = stems_of(question)
    found: dict[frozenset[str], Candidate] = {}
    for ago, turn in _near(history):
        text = turn.standalone or turn.question
        phrases = find_phrases(text)
        literal = stems_of(turn.question)
        for place, phrase in enumerate(phrases):
            stems = frozenset(stems_of(phrase.text))
            words = find_words(phrase.text)
            if not stems - known or phrase.is_generic or _DATE.search(phrase.text):
                continue
            done = len(words) == 1 and phrase.text.islower() and phrase.text.endswith("ed")
            if done or len(words) > _MOST_WORDS:
                continue
            earlier = found.get(stems)
            if earlier is not None:
                found[stems] = _also(earlier, ago, len(history))
                continue
            head = stem_word(words[-1].lower)
            found[stems] = Candidate(
                phrase=phrase,
                stems=stems,
                turns=(ago,),
                first_turn=ago == len(history),
                place=place,
                phrases=len(phrases),
                topics=sum(not each.is_generic for each in phrases),
                carried=not stems & literal,
                known=len(stems & known) / len(stems),
                head_known=bool(set(head) & known),
                text=text,
                found=None if terms is None else _mean(terms, stems - known),
            )
    return list(found.values())


def _near(history: Sequence[Turn]) -> list[tuple[int, Turn]]:
    turns = [(ago, turn) for ago, turn in enumerate(reversed(history), 1)]
    near = turns[:TURNS]
    return near if len(turns) <= TURNS else [*near, turns[-1]]


def _mean(terms: Terms, stems: Set[str]) -> float:
    return sum(terms.stems.get(stem, 0.0) for stem in stems) / len(stems)


def _also(candidate: Candidate, ago: int, turns: int) -> Candidate:
    return replace(
        candidate,
        turns=(*candidate.turns, *({ago} - set(candidate.turns))),
        first_turn=candidate.first_turn or ago == turns,
    )


_SINGULAR = frozenset({Kind.NEUTER, Kind.POINTER, Kind.NOUN})


def rank_candidates(
    kinds: Sequence[Kind], candidates: Sequence[Candidate], topics: int
) -> list[Candidate]:
    """The candidates by how probably they are meant, ties nearest first.

    `kinds` are the question's anaphors, `topics` is how many phrases of its own it has.
    """
    # Candidates come nearest first, and sorting keeps that order.
    return sorted(candidates, key=lambda each: -chance(kinds, each, topics))


def chance(kinds: Sequence[Kind], candidate: Candidate, topics: int) -> float:
    """The probability that the candidate is meant, given that the question depends."""
    weights = load_weights()
    by_form = weights.antecedent.probability(describe_candidate(kinds, candidate, topics))
    if candidate.found is None:
        return by_form
    return weights.antecedent_found.probability(describe_found(by_form, candidate.found))


def describe_found(by_form: float, found: float) -> dict[str, float]:
    """Features by name: what the form says and what the term finder says, as log odds."""
    return {"form": log_odds(by_form), "found": log_odds(found)}


def describe_candidate(
    kinds: Sequence[Kind], candidate: Candidate, topics: int
) -> dict[str, float]:
    """Features by name, most of them 0 or 1."""
    phrase = candidate.phrase
    words = [word.lower for word in find_words(phrase.text)]
    last, first = candidate.turns[0] == 1, candidate.first_turn
    plural, name = phrase.is_plural, phrase.is_name
    placed = candidate.placed
    features = {
        "first turn": first,
        "last turn": last,
        "turn before": candidate.turns[0] == 2,
        "distance": min(candidate.turns[0], 5) / 3,
        "again": len(candidate.turns) > 1,
        "turns": min(len(candidate.turns), 4) / 4,
        "first and last turn": first and last,
        "name": name,
        "plural": plural,
        "single": len(words) == 1,
        "words": min(len(words), 4) / 3,
        "first phrase": candidate.place == 0,
        "last phrase": candidate.place == candidate.phrases - 1,
        "only phrase": candidate.phrases == 1,
        "carried": candidate.carried,
        "known part": candidate.known > 0,
        "known share": candidate.known,
        "known head": candidate.head_known,
        "only topic": candidate.topics == 1,
        "only topic, last": candidate.topics == 1 and last,
        "of": phrase.preposition == "of",
        "about": phrase.preposition == "about",
        "placed": placed,
        "free": not phrase.preposition,
        "the": phrase.has_the,
        "generic word": any(word in GENERIC for word in words),
        "verb": any(word in COMMON_VERBS for word in words),
        "one, plural": Kind.ONE in kinds and plural,
        "noun, known head": Kind.NOUN in kinds and candidate.head_known,
        "place, placed": Kind.PLACE in kinds and placed,
        "place, name": Kind.PLACE in kinds and name,
        "no topic, last": topics == 0 and last,
        "no topic, first": topics == 0 and first,
        "anaphor, last": bool(kinds) and last,
        "anaphor, first": bool(kinds) and first,
        "none, name": not kinds and name,
    }
    singular = not _SINGULAR.isdisjoint(kinds)
    features |= {
        "singular, plural": singular and plural,
        "singular, singular": singular and not plural,
        "plural, plural": Kind.PLURAL in kinds and plural,
        "plural, singular": Kind.PLURAL in kinds and not plural,
        "person, name": Kind.PERSON in kinds and name,
        "person, no name": Kind.PERSON in kinds and not name,
    }
    features |= {f"{kind.value}, last": kind in kinds and last for kind in Kind}
    return {key: float(value) for key, value in features.items() if value}
