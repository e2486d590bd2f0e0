"""Put the phrases that a question may refer to in order."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.rewriting.anaphora import Kind
from retrieval.rewriting.candidates import Candidate
from retrieval.rewriting.lexicon import COMMON_VERBS, GENERIC
from retrieval.rewriting.phrases import find_words
from retrieval.rewriting.weigh_features import load_weights, log_odds

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
