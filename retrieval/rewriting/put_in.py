"""Put what is meant in the place of what points at it."""

from __future__ import annotations

import re

from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.rewriting.candidates import Candidate
from retrieval.rewriting.lexicon import BEING, COMMON_VERBS, GENERIC, PREPOSITIONS
from retrieval.rewriting.phrases import Phrase, find_words, stem_word

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
