"""Ask another thing of what the question before was about: "why?", "and when exactly?"."""

from __future__ import annotations

import re

from retrieval.rewriting.lexicon import AUXILIARIES, BEING
from retrieval.rewriting.phrases import find_words

_HANGING = r"(?:by|for|to|from|with|in|at|on|until|since) (?:how much|how many|which [\w-]+)"
BARE = re.compile(
    r"^(why|where|when|who|how|how many|how much|how long|how often|since when|until when|by whom|"
    rf"why not|how so|(?:for|to|from|with) (?:whom|what)|{_HANGING})(?: exactly)?$",
    re.I,
)
"""A question of a question word alone."""

_ADVERBIAL = re.compile(
    rf"^(?:since when|until when|how long|how often|when|where|why|how|{_HANGING})\s+(?=(?:"
    + "|".join(sorted(AUXILIARIES))
    + r")\b)",
    re.I,
)
_ADVERBS = frozenset("why when where how since until".split())
_THING = re.compile(
    r"^(?P<asked>who|what|(?:which|what|how many|how much)"
    r"(?: (?P<noun>(?:[\w'-]+ ){0,3}?[\w'-]+))?)"
    rf" (?P<aux>{'|'.join(sorted(AUXILIARIES))})\b(?P<rest>.*)$",
    re.I,
)
_AND_WORD = re.compile(
    r", and (?:why|where|when|who|how|how many|how much|by whom|why not|"
    rf"(?:for|to|from|with) (?:whom|what)|{_HANGING})$",
    re.I,
)
"""What `ask_otherwise` may have added."""


def without_added(before: str) -> str:
    """A question without what `ask_otherwise` added to it, or the mark at its end."""
    return _AND_WORD.sub("", before.strip().rstrip(" ?.!"))


def ask_otherwise(word: str, body: str, answer: str) -> str:
    """The question before, with another question word.

    `answer` is its short answer, "" if it has none: after "Which bridge was closed?", "why?" asks
    why that bridge was.
    """
    if word in {"why not", "how so"}:
        return f"{word}, {_lowered(body)}?" if _opens(body) else f"{body}, and {word}?"
    if word in {"how many", "how much", "who", "by whom"}:
        return f"{body}, and {word}?"
    adverbial = _ADVERBIAL.match(body)
    if adverbial:
        return f"{word} {body[adverbial.end() :]}?"
    if _opens(body):
        return f"{word} {_lowered(body)}?"
    told = _tell(body, answer) if word.partition(" ")[0] in _ADVERBS else ""
    return f"{word} {told}?" if told else f"{body}, and {word}?"


def _tell(body: str, answer: str) -> str:
    """What a question for a thing takes to be so, verb first, with the answer in the thing's place.

    "" where that cannot be said without bending a verb.
    """
    match = _THING.match(body)
    if match is None:
        return ""
    asked, auxiliary, rest = match["asked"].lower(), match["aux"].lower(), match["rest"]
    counted = asked.startswith(("how many", "how much"))
    noun = match["noun"] or ""
    meant = re.sub(r"^(The|An?) ", lambda found: found.group().lower(), answer)
    if counted and noun:
        # "120" alone does not say of what.
        meant = noun if auxiliary in BEING else ""
    if auxiliary not in BEING or re.match(r"(?: [\w'-]+)+ \w+ing$", rest):
        # "What did she declare", "what is she building": what is asked for comes last.
        return f"{auxiliary}{rest} {meant}".rstrip() if meant or counted else ""
    return f"{auxiliary} {meant}{rest}" if meant and rest.strip() else ""


def _opens(body: str) -> bool:
    """Whether an auxiliary begins it, so that a question word can go before."""
    words = find_words(body)
    return bool(words) and words[0].lower in AUXILIARIES


def _lowered(body: str) -> str:
    return body[0].lower() + body[1:]
