"""Make follow-up questions out of questions about one context, with the words they leave out."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.english.lexicon import (
    AUXILIARIES,
    COMMON_VERBS,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION_WORDS,
    NEUTERS,
    PERSON_NOUNS,
    PERSONS,
    PLURALS,
    POINTERS,
    PREPOSITIONS,
    QUESTION_WORDS,
)
from retrieval.english.phrases import Phrase, find_phrases, find_words, stems_of
from retrieval.types import Turn

SHARES = {
    "new_wiki": 3.0,
    "fairytale": 2.0,
    "qamr": 0.25,
    "policy": 0.4,
    "amazon_reviews": 0.25,
    "reddit": 0.3,
}
"""How often the questions of each source are taken."""

_MOST_CHARACTERS = 140
_ANSWERED = 0.5
"""The share of conversations that have their answers."""

_POINTING, _SHIFTING = 0.7, 0.8
"""Up to which draw a question is made to point back, and from there on is one on another matter;
beyond it stays as it is."""

_LEADING = 0.12
"""The share of follow-ups that begin with "and" or the like."""

_WOMEN = frozenset("queen princess daughter mother wife sister girl woman actress".split())
_MEN = frozenset("king prince son father husband brother boy man".split())
_POSSESSIVE = re.compile(r"(['\u2019]s?)(?=\s)")
_FORMS = {
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "it": ("it", "it", "its"),
    "they": ("they", "them", "their"),
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question after others, and the stems from those that make it stand alone, if any."""

    question: str
    history: tuple[Turn, ...]
    added: frozenset[str]


Asked = tuple[str, str]
"""A question and its answer, "" if the context has none."""


def make_follow_ups(path: Path, count: int, seed: int) -> list[FollowUp]:
    """Made of `path`, a gzipped file of questions with contexts; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    sources = _read(path)
    others = [
        asked for source in SHARES for each in sources.get(source, {}).values() for asked, _ in each
    ]
    made = []
    for source, share in SHARES.items():
        for context, asked in sources.get(source, {}).items():
            if len(asked) > 1:
                made += list(_follow(context, asked, others, share, chance))
    chance.shuffle(made)
    return made[:count]


def _read(path: Path) -> Mapping[str, Mapping[str, list[Asked]]]:
    found: dict[str, dict[str, list[Asked]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if len(record["question"]) <= _MOST_CHARACTERS:
                answer = record["answers"][0]["text"] if record["answers"] else ""
                of_source = found.setdefault(record["source"], {})
                pair = record["question"].strip(), answer
                of_source.setdefault(record["context"], []).append(pair)
    return found


def _follow(
    context: str,
    asked: Sequence[Asked],
    others: Sequence[str],
    share: float,
    chance: random.Random,
) -> Iterator[FollowUp]:
    for question, _ in asked:
        for _ in range(int(share) + (chance.random() < share % 1)):
            before = [each for each in asked if each[0] != question]
            drawn = chance.sample(before, min(len(before), chance.choice((1, 1, 2, 2, 3, 4, 5, 6))))
            answered = chance.random() < _ANSWERED
            history = tuple(
                Turn(each, answers=(answer,) if answered and answer else ())
                for each, answer in drawn
            )
            made = _one(question, history, context, others, chance)
            if made is not None and history:
                yield made


def _one(
    question: str,
    history: tuple[Turn, ...],
    context: str,
    others: Sequence[str],
    chance: random.Random,
) -> FollowUp | None:
    phrases = [each for each in find_phrases(question) if not each.is_generic]
    heard = [stems_of(" ".join((turn.question, *turn.answers))) for turn in history]
    said = [
        each
        for each in phrases
        if (stems := stems_of(each.text)) and any(stems <= turn for turn in heard)
    ]
    draw = chance.random()
    if said and draw < _POINTING:
        meant = chance.choice(said)
        made = point_back(question, meant, context, chance)
        added = stems_of(meant.text) - stems_of(made)
        return FollowUp(made, history, frozenset(added)) if made and added else None
    if draw < _SHIFTING:
        other = chance.choice(others)
        points = {word.lower for word in find_words(other)} & (
            PERSONS | NEUTERS | PLURALS | POINTERS
        )
        return None if points else FollowUp(other, history, frozenset())
    whole = any(each.is_name or len(find_words(each.text)) > 1 for each in phrases)
    return FollowUp(question, history, frozenset()) if whole else None


def point_back(question: str, phrase: Phrase, context: str, chance: random.Random) -> str:
    """The question with a pronoun, a pointer or nothing for the phrase; "" if that cannot be.

    `context` tells a man from a woman.
    """
    before = [word for word in find_words(question) if word.end <= phrase.start]
    start = phrase.start
    if before and before[-1].lower in {"the", "a", "an"}:
        start = before.pop().start
    last = before[-1].lower if before else ""
    if last in DETERMINERS or (last and last not in FUNCTION_WORDS | COMMON_VERBS):
        # "Many houses", "old houses": a pronoun would leave the word standing.
        return ""
    owned = _POSSESSIVE.match(question, phrase.end)
    preposition = last if last in PREPOSITIONS else ""
    pronoun = _pronoun(phrase, preposition, context)
    subject = not last or last in AUXILIARIES | QUESTION_WORDS | CONJUNCTIONS
    form = _FORMS[pronoun][2 if owned else 0 if subject else 1]
    head, tail = question[:start], question[owned.end() if owned else phrase.end :]
    forms = [head + form + tail] * 4
    if preposition and not owned:
        short = question[: before[-1].start]
        forms += [f"{short.rstrip()}{tail}"] * 3
        forms += [f"{short}there{tail}"] * 2 if preposition in {"in", "at"} else []
    if not owned and not phrase.is_name and len(find_words(phrase.text)) > 1:
        forms += [f"{head}{each} {phrase.head}{tail}" for each in ("the", "this")]
    if not owned and pronoun == "it":
        forms.append(head + chance.choice(("this", "that")) + tail)
    made = chance.choice(forms)
    if question[0].isupper():
        made = made[:1].upper() + made[1:]
    if chance.random() < _LEADING:
        made = chance.choice(("And", "But", "So")) + " " + made[:1].lower() + made[1:]
    return made if len(find_words(made)) > 2 else ""


def _pronoun(phrase: Phrase, preposition: str, context: str) -> str:
    if phrase.is_plural:
        return "they"
    if phrase.head in _WOMEN:
        return "she"
    words = re.findall(r"\b(?:he|his|him|she|her)\b", context, re.I)
    women = sum(word.lower() in {"she", "her"} for word in words)
    named = phrase.is_name and len(find_words(phrase.text)) <= 3
    person = named and preposition not in {"in", "at", "near"} and len(words) > 2
    if not person and phrase.head not in PERSON_NOUNS | _MEN:
        return "it"
    return "she" if women > len(words) - women and phrase.head not in _MEN else "he"
