"""Gather what earlier turns spoke of: what a follow-up question may refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from retrieval.rewriting.lexicon import PERSON_NOUNS
from retrieval.rewriting.phrases import Phrase, find_phrases, find_words, stem_word, stems_of
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
