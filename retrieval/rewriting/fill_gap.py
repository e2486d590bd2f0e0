"""Fill what a question leaves out in its middle: "why did Aktau's close?", "and injured?"."""

from __future__ import annotations

import re

from retrieval.rewriting.lexicon import ADVERBS, AUXILIARIES, BEING, COMMON_VERBS, PREPOSITIONS
from retrieval.rewriting.phrases import find_phrases, find_words
from retrieval.types import Turn

_OWNER = re.compile(r"\b[A-Z][\w-]*['\u2019]s(?![\w-])")
_CONTRACTED = frozenset("what who where when how that it there here he she let".split())
_PARTICIPLE = re.compile(
    r"^(?:(?P<noun>.+) )?(?P<done>\w+(?:ed|(?<!m)en)|hurt|lost|shot|built|made)$"
)
_COUNTED = re.compile(
    r"^(?P<start>how many|how much) (?P<noun>(?:[\w'-]+ )*?)"
    rf"(?P<verb>(?:{'|'.join(sorted(BEING))}) \w+|{'|'.join(sorted(COMMON_VERBS))}|\w+ed)"
    r"\b(?P<rest>.*)$",
    re.I,
)


def fill_owned(question: str, last: Turn) -> str:
    """The question with the last turn's noun after "Aktau's", "" if none belongs there."""
    for match in _OWNER.finditer(question):
        after = find_words(question[match.end() :])
        owner = match.group()[:-2]
        if owner.lower() in _CONTRACTED or (after and not _is_no_noun(after[0].lower)):
            continue
        noun = _owned(last)
        if noun:
            return f"{question[: match.end()]} {noun}{question[match.end() :]}"
    return ""


def _is_no_noun(word: str) -> bool:
    return word in COMMON_VERBS | PREPOSITIONS | AUXILIARIES | ADVERBS


def _owned(last: Turn) -> str:
    """What the last turn said belongs to somebody or some place; else the one thing it asked of."""
    for text in (last.standalone or last.question, *last.answers, *last.quotes):
        match = _OWNER.search(text)
        while match is not None:
            phrases = find_phrases(text[match.end() :])
            if phrases and not text[match.end() :][: phrases[0].start].strip():
                return phrases[0].text
            match = _OWNER.search(text, match.end())
    asked = find_phrases(last.standalone or last.question)
    things = [each for each in asked if not each.is_generic and not each.is_name]
    return things[0].text if len(things) == 1 else ""


def fill_participle(named: str, before: str) -> str:
    """The count asked for before, of what was done to others: "people evacuated", "injured"."""
    done, counted = _PARTICIPLE.match(named), _COUNTED.match(before)
    if done is None or counted is None:
        return ""
    noun = (done["noun"] or counted["noun"]).strip()
    being = counted["verb"].split()[0].lower()
    being = being if being in BEING else "were"
    return f"{counted['start']} {noun} {being} {done['done']}{counted['rest']}?".replace("  ", " ")
