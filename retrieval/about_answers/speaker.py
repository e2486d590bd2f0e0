"""Say who said it: the speaker whom the cited sentence names."""

from __future__ import annotations

import re

from retrieval.about_answers.reply import (
    Place,
    clip,
    compose,
    find_place,
    overlapping,
    pick,
    surest,
)
from retrieval.types import Pipeline, Reply, Span

_SAID = (
    "(?:(?:said|says|say|told|tells|added|adds|stated|states|announced|announces|declared|declares"
    "|explained|explains|warned|warns|confirmed|confirms|insisted|insists|argued|argues|noted|notes"
    "|admitted|admits|acknowledged|acknowledges)\\b"
    # These need not be about words: "a couple reported missing".
    "|(?:claimed|claims|claim|reported|reports|report|wrote|writes|denied|denies|estimated"
    "|estimates|testified)(?=\\s+that\\b|\\s*[,.:;]))"
)
_WORD = r"[^\W_][\w.\u2019'&-]*"
_NO_NAME = (
    "after|although|as|at|because|before|but|by|during|for|from|how|if|in|on|since|that|though"
    "|until|what|when|where|which|while|who|whose|why|with"
)
_NAME = rf"(?!(?:{_NO_NAME})\b)(?:{_WORD}\s+){{0,7}}?{_WORD}?"
# Its head physician, Dr Emil Sorrage.
_TITLED = rf"(?:the|its|his|her|their)\s+{_NAME},\s+(?-i:(?=[A-Z])){_NAME}"
_END = '(?=[\\s.!?\u201d"\u2019]*$|\\s*[,;:]|\\s+(?:that|who|which|when|as|and|but|to|on|in)\\b)'
_ACTIVE = "".join(rf"(?<!\b{verb})" for verb in ("is", "are", "was", "were", "be", "been", "being"))
_INVERTED = "(?:said|says|added|adds|explained|warned|wrote)"
_RULES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "..., according to the Water Authority."
        rf"\baccording to (?:the (?:latest )?data (?:provided )?by )?(?P<who>{_NAME}){_END}",
        # "...," said Mayor Odile Varnsby in a statement.
        rf"[\u201d\"\u2019']\s+{_INVERTED}\s+(?P<who>{_NAME}){_END}",
        # "..., said Ruta Vansel." Without quotes, more words might be what somebody said.
        rf",\s+{_INVERTED}\s+(?P<who>{_TITLED}|{_NAME})(?=[.!?]*$|,)",
        # "Ruta Vansel said that ...", "..., the provincial government said."
        rf"(?:^|[,;\u201d\"]\s+|\s[-\u2013\u2014]\s+)(?:(?:but|and|while)\s+)?"
        rf"(?P<who>{_NAME}){_ACTIVE},?\s+(?:(?:later|also|had|have|has)\s+)*{_SAID}",
    )
)
_VERBS = {
    *("is", "are", "was", "were", "be", "been", "has", "have", "had", "will", "would", "may"),
    *("might", "can", "could", "should", "must"),
}
_PRONOUNS = {"he", "she", "they", "it", "we", "i", "you", "who", "which", "that", "this", "there"}

BEFORE = 300
"""Where the sentence says "he", characters before it that may name him."""


def say_who(question: str, last: Reply, pipeline: Pipeline) -> Reply:
    """The speaker of the first of the last answers, or that the report names none.

    Only the cited sentence is trusted to name its speaker, or what stands before it where it says
    he, she or they: asked of a passage, the reader likes to take the speaker of another sentence.
    """
    first = pick(last)[0]
    asked = f'Who said "{clip(first.answer.text)}"?'
    place = find_place(first, pipeline)
    found = None if place is None else _speaker(place, asked, pipeline)
    if place is None or found is None:
        note = "The sentence quoted does not say who said so."
        return compose(question, asked, [], note)
    return compose(question, asked, [place.quote(found.start, found.end, found.confidence)])


def _speaker(place: Place, asked: str, pipeline: Pipeline) -> Span | None:
    text, (start, end) = place.passage.text, place.sentence
    spans = [
        span
        for span in pipeline.reader.read(asked, [place.passage])
        if not _is_pronoun(text[span.start : span.end])
        and not (span.start < place.end and place.start < span.end)
    ]
    named, pronoun = _by_rule(text, start, end)
    if named is not None:
        sure = max((each.confidence for each in overlapping(spans, *named)), default=0.0)
        # The words leave no doubt, so it is shown; and it is not said to be surer than it was read.
        return Span(0, *named, max(sure, pipeline.reader.threshold))
    least = max(0, start - BEFORE) if pronoun else start
    most = start if pronoun else end
    within = [each for each in spans if least <= each.start and each.end <= most]
    return surest(within, pipeline.reader.threshold)


def _by_rule(text: str, start: int, end: int) -> tuple[tuple[int, int] | None, bool]:
    """The range of the speaker whom the sentence's wording shows; whether that is a pronoun."""
    sentence = text[start:end]
    pronoun = False
    for rule in _RULES:
        for match in rule.finditer(sentence):
            if _is_pronoun(match["who"]):
                pronoun = True
            elif _is_name(match):
                return (start + match.start("who"), start + match.end("who")), False
    return None, pronoun


def _is_pronoun(text: str) -> bool:
    return text.casefold().strip() in _PRONOUNS


def _is_name(match: re.Match[str]) -> bool:
    who = match["who"].casefold().split()
    # "DRS, a maker of radios, said": what stands between commas may only describe the speaker.
    rest = match.string[match.end("who") :]
    described = who[0] in ("a", "an", "the") and match.start() > 0 and rest.startswith(",")
    inverted = match[0].endswith(match["who"])
    return len(match["who"]) > 1 and not _VERBS & set(who) and (inverted or not described)
