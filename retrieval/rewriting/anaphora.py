"""Find the words of a question that point back at something said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from retrieval.english.lexicon import (
    ADJECTIVES,
    AUXILIARIES,
    BEING,
    COMMON_VERBS,
    CONJUNCTIONS,
    FUNCTION_WORDS,
    NEUTERS,
    PERSONS,
    PLURALS,
    POINTERS,
    POSSESSIVES,
    PREPOSITIONS,
)
from retrieval.english.phrases import Phrase, Word, find_phrases, find_words


class Kind(Enum):
    """What an anaphor asks of its antecedent."""

    PERSON = "person"
    NEUTER = "neuter"
    PLURAL = "plural"
    PLACE = "place"
    TIME = "time"
    POINTER = "pointer"
    """ "this", "that" by themselves."""
    NOUN = "noun"
    """ "this empire", "those clinics"."""
    HEAD = "head"
    """ "the industry", where the steel industry was spoken of: see `resolve`."""
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Anaphor:
    """A place in a question: `question[start:end] == text`.

    `noun` is what "this" or "those" stands before, "" where it stands by itself.
    """

    start: int
    end: int
    text: str
    kind: Kind
    possessive: bool = False
    noun: str = ""


def find_anaphors(question: str) -> list[Anaphor]:
    """The anaphors in their order, without those that the question itself explains."""
    words = find_words(question)
    phrases = [phrase for phrase in find_phrases(question) if not phrase.is_generic]
    found = []
    for number in range(len(words)):
        anaphor = _read(question, words, number)
        if anaphor is not None and not _explained(question, anaphor, phrases):
            found.append(anaphor)
    return found


def _read(question: str, words: Sequence[Word], number: int) -> Anaphor | None:
    word = words[number]
    bare = word.lower.removesuffix("'s").removesuffix("'re")
    if bare in POINTERS:
        return _pointer(question, words, number, bare)
    before = words[number - 1].lower if number else ""
    after = words[number + 1].lower if number + 1 < len(words) else ""
    kind = _kind(bare, before, words[number + 1 :])
    if kind is None or (kind is Kind.TIME and number < _EARLIEST_THEN):
        return None
    end = word.start + len(bare)
    owns = bare in POSSESSIVES and (bare != "her" or _is_noun(after))
    return Anaphor(word.start, end, question[word.start : end], kind, possessive=owns)


_EARLIEST_THEN = 2
"""Earlier in a question, "then" only leads over to it."""


def _kind(bare: str, before: str, rest: Sequence[Word]) -> Kind | None:
    after = rest[0].lower if rest else ""
    found = None
    if bare in PERSONS:
        found = Kind.PERSON
    elif bare in PLURALS:
        found = Kind.PLURAL
    elif bare in NEUTERS and not _is_filler(before, after, rest):
        found = Kind.NEUTER
    elif bare == "there" and before not in BEING and after not in AUXILIARIES:
        found = Kind.PLACE
    elif bare == "then" and not after:
        found = Kind.TIME
    elif bare in {"one", "ones"} and before in _BEFORE_ONE:
        found = Kind.ONE
    return found


_BEFORE_ONE = frozenset(
    "which the that this popular best other first last british good new".split()
)


_RELATING = frozenset({"similar", "related", "close", "equal", "identical", "due"})
"""Words whose "to" is followed by a thing, not by a verb."""


def _is_filler(before: str, after: str, rest: Sequence[Word]) -> bool:
    """Whether "it" stands for what follows: "is it safe to ...", "does it take to ..."."""
    later = [word.lower for word in rest]
    if not _RELATING.isdisjoint(later[:2]):
        return False
    if before in {"is", "was", "would", "will"} and (
        "to" in later[1:4] or "if" in later or "that" in later
    ):
        return True
    return after in {"take", "mean", "matter"} and ("to" in later[1:4] or "if" in later)


def _is_noun(word: str) -> bool:
    return bool(word) and word not in FUNCTION_WORDS | COMMON_VERBS | ADJECTIVES


def _pointer(question: str, words: Sequence[Word], number: int, bare: str) -> Anaphor | None:
    word = words[number]
    before = words[number - 1].lower if number else ""
    rest = words[number + 1 :]
    after = rest[0].lower if rest else ""
    touching = bool(rest) and question[word.end : rest[0].start].isspace()
    if _is_noun(after) and touching:
        if bare == "that" and before and (_is_noun(before) or before in {"think", "say", "said"}):
            # "the dog that barks": no pointer.
            return None
        last = rest[0]
        for each in rest[1:]:
            if not _is_noun(each.lower) or not question[last.end : each.start].isspace():
                break
            last = each
        return Anaphor(
            word.start, last.end, question[word.start : last.end], Kind.NOUN, noun=last.lower
        )
    if bare == "that":
        stands = not after or before in PREPOSITIONS | AUXILIARIES | CONJUNCTIONS or not before
        if not stands or after in {"i", "you", "we", "they", "he", "she", "the", "a", "it"}:
            return None
    kind = Kind.PLURAL if bare in {"these", "those"} else Kind.POINTER
    if bare in {"this", "these", "those"} and after in {"week", "year", "month"}:
        return None
    return Anaphor(word.start, word.end, word.word, kind)


def _explained(question: str, anaphor: Anaphor, phrases: Sequence[Phrase]) -> bool:
    """Whether a phrase before it in the question can be meant.

    "Its" can mean the subject of its own clause, "it" only what another clause spoke of.
    """
    if anaphor.kind not in _EXPLAINABLE:
        return False
    earlier = [phrase for phrase in phrases if phrase.end <= anaphor.start]
    if anaphor.kind is Kind.PERSON:
        earlier = [phrase for phrase in earlier if phrase.is_name]
    elif anaphor.kind is Kind.PLURAL:
        earlier = [phrase for phrase in earlier if phrase.is_plural or anaphor.possessive]
    else:
        earlier = [phrase for phrase in earlier if not phrase.is_plural]
    return bool(earlier) and (
        anaphor.possessive or _BOUNDARY.search(question, earlier[-1].end, anaphor.start) is not None
    )


_EXPLAINABLE = frozenset({Kind.PERSON, Kind.NEUTER, Kind.PLURAL, Kind.POINTER})
_BOUNDARY = re.compile(r"[,;:.?!]|\b(and|or|but|if|when|while|because|so|then|before|after)\b")
