"""Tell how likely a question is to depend on what was said before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.english.lexicon import AUXILIARIES, GENERIC, PREPOSITIONS, QUESTION_WORDS
from retrieval.english.phrases import find_phrases, find_words, stems_of
from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.rewriting.candidates import Candidate
from retrieval.rewriting.weights import load_weights, log_odds
from retrieval.types import Terms, Turn

_LEAD = re.compile(r"(and|or|but|so|what about|how about|ok|okay|oh|also|then|no)\b", re.I)
_COMPARING = frozenset(
    "compare differ different difference similar related most best popular".split()
)
_FURTHER = frozenset("other others another else main common such more same".split())
_USER = frozenset("i my me we our".split())


def depends(
    question: str,
    history: Sequence[Turn],
    anaphors: Sequence[Anaphor],
    candidates: Sequence[Candidate],
    terms: Terms | None = None,
) -> float:
    """The probability that a person would have to add something for the question to stand alone.

    `terms` are what a term finder found.
    """
    weights = load_weights()
    by_form = weights.depends.probability(
        describe_question(question, history, anaphors, candidates)
    )
    if terms is None:
        return by_form
    return weights.depends_found.probability(describe_terms(by_form, terms, candidates))


def describe_terms(
    by_form: float, terms: Terms, candidates: Sequence[Candidate]
) -> dict[str, float]:
    """Features by name: what the form says, what the term finder says, and its best phrase."""
    best = max((each.found or 0.0 for each in candidates), default=0.0)
    return {
        "form": log_odds(by_form),
        "found": log_odds(terms.depends),
        "best": log_odds(best),
    }


def describe_question(
    question: str,
    history: Sequence[Turn],
    anaphors: Sequence[Anaphor],
    candidates: Sequence[Candidate],
) -> dict[str, float]:
    """Features by name, most of them 0 or 1."""
    words = [word.lower for word in find_words(question)]
    phrases = find_phrases(question)
    topics = [phrase for phrase in phrases if not phrase.is_generic]
    singles = [len(find_words(phrase.text)) == 1 for phrase in topics]
    first, last = words[0], words[-1]
    shared = stems_of(question) & stems_of(history[-1].question)
    features = {
        "anaphor": bool(anaphors),
        "topics 0": not topics,
        "topics 1": len(topics) == 1,
        "topics 3": len(topics) >= 3,
        "name": any(phrase.is_name for phrase in topics),
        "names 2": sum(phrase.is_name for phrase in topics) >= 2,
        "generic": any(phrase.is_generic for phrase in phrases),
        "the": any(phrase.has_the for phrase in topics),
        "all the": bool(topics) and all(phrase.has_the for phrase in topics),
        "long topic": not all(singles),
        "single topics": bool(topics) and all(singles),
        "words 2": len(words) <= 2,
        "words 4": len(words) <= 4,
        "words 6": len(words) <= 6,
        "length": min(len(words), 20) / 10,
        "lead": _LEAD.match(question) is not None,
        "no mark": not question.endswith("?"),
        "auxiliary": first in AUXILIARIES,
        "user": not _USER.isdisjoint(words),
        "of": any(phrase.preposition == "of" for phrase in phrases),
        "ends on preposition": last in PREPOSITIONS,
        "ends on generic": last in GENERIC,
        "plural": any(phrase.is_plural for phrase in topics),
        "comparing": not _COMPARING.isdisjoint(words),
        "further": not _FURTHER.isdisjoint(words),
        "known part": any(candidate.known for candidate in candidates),
        "known head": any(candidate.head_known for candidate in candidates),
        "shares last": bool(shared),
        "turns": min(len(history), 6) / 3,
        "second turn": len(history) == 1,
    }
    features |= {f"is {kind.value}": any(each.kind is kind for each in anaphors) for kind in Kind}
    features |= {f"first {word}": first == word for word in sorted(QUESTION_WORDS | {"tell"})}
    return {name: float(value) for name, value in features.items() if value}
