"""Ask why, by pattern, about plain text that marks its causes.

    python -m retrieval.training.examples.causes FILE... --out FILE

Reads the contexts of the files and writes, for each sentence that names a cause in one of the forms
below, a question about what came of it, answered by the cause. The sentences around it stay.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.sentences import split_sentences
from retrieval.evaluation.files.examples import read_examples

AUXILIARIES = (
    "was were is are has have had can could will would did does do must may might should"
).split()

PAST = dict(
    pair.split(":")
    for pair in (
        "went:go began:begin became:become came:come took:take made:make gave:give got:get "
        "fell:fall rose:rise left:leave lost:lose found:find fled:flee fought:fight broke:break "
        "brought:bring built:build bought:buy caught:catch chose:choose drew:draw drove:drive "
        "felt:feel grew:grow held:hold kept:keep knew:know led:lead met:meet paid:pay ran:run "
        "said:say saw:see sold:sell sent:send spent:spend spoke:speak stood:stand struck:strike "
        "stuck:stick swept:sweep taught:teach told:tell thought:think threw:throw "
        "understood:understand won:win wore:wear withdrew:withdraw wrote:write sought:seek "
        "sank:sink shook:shake shot:shoot slept:sleep stole:steal swore:swear died:die tied:tie "
        "lay:lie hid:hide flew:fly forgot:forget froze:freeze "
    ).split()
)

_MAIN = r"(?:[^;:()]*, (?:and|but|so|while|where|although) )?(?P<effect>[^,;:()]{12,160}?)"
_CAUSE = r"(?P<cause>[^;:()]{8,160}?)"
_END = r"(?=\s*(?:[.;:]|, (?:and|but|which|who|while|although|leaving|so)\b|$))"
_FEELING = (
    "Angered|Angry|Dissatisfied|Unhappy|Worried|Concerned|Alarmed|Upset|Frustrated|Outraged|Tired|"
    "Disappointed|Inspired|Encouraged|Shocked|Convinced|Afraid|Unable|Eager|Desperate|Impressed|"
    "Fearing|Hoping|Wanting|Believing|Seeking|Needing|Wishing|Realizing|Realising|Knowing|Lacking|"
    "Fed up|Faced|Forced|Motivated|Driven|Moved|Troubled|Dismayed|Furious|Anxious|Irritated"
)
_LED = (
    "led to|caused|resulted in|prompted|triggered|sparked|brought about|provoked|set off|"
    "gave rise to"
)

CLAUSE_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"^{_MAIN},? because (?!of\b){_CAUSE}{_END}",
        rf"^{_MAIN},? (?:due to|because of|owing to|as a result of|on account of|thanks to) "
        rf"{_CAUSE}{_END}",
        rf"^{_MAIN},? (?P<cause>in (?:protest (?:at|against|over|of)|response to|retaliation for|"
        rf"reaction to|anger at) [^;:(),]{{6,120}}?){_END}",
        rf"^{_MAIN} (?P<cause>(?:in order to|so that|so as to|to avoid|to prevent|to protect|to "
        rf"protest) [^;:(),]{{6,120}}?){_END}",
        rf"^(?:Because|Since) (?!of\b|then\b|the \d|\d)(?P<cause>[^,;:()]{{8,120}}), "
        rf"(?P<effect>[^;:()]{{12,160}}?){_END}",
        r"^(?:Because of|Due to|Owing to|As a result of|On account of|Thanks to) "
        rf"(?P<cause>[^,;:()]{{8,120}}), (?P<effect>[^;:()]{{12,160}}?){_END}",
        rf"^(?P<cause>(?:{_FEELING}) [^;:()]{{8,140}}?), (?P<effect>(?:the |an? |his |her |their )?"
        rf"[^,;:()]{{10,160}}?){_END}",
        rf"^(?P<cause>In (?:response|reaction|protest|retaliation) [^,;:()]{{8,120}}), "
        rf"(?P<effect>[^;:()]{{12,160}}?){_END}",
        rf"^{_MAIN} (?:after|when) (?P<cause>[^,;:()]{{12,120}}? (?:was|were|had|failed|refused|"
        rf"died|rose|fell|doubled|collapsed|announced|raised|cut|killed|broke) "
        rf"[^,;:()]{{4,120}}?){_END}",
    )
)
"""Forms in which what came of it is a clause: the question is Why did ...?"""

NAME_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"^(?P<cause>[^,;:()]{{8,120}}?) (?:has |have |had |soon |eventually )?(?:{_LED}) "
        r"(?P<effect>(?:the|an?|its|their|his|her|further|many|widespread) [^,;:()]{4,90}?)"
        rf"{_END}",
        r"^(?P<effect>(?:The|An?|This|These|Its|Their) [^,;:()]{4,90}?) (?:was|were|is|are|has "
        r"been|had been) (?:largely |mainly |probably |partly )?(?:caused|triggered|prompted|"
        rf"sparked|provoked|driven|set off|motivated|brought about|due to)(?: by)? {_CAUSE}{_END}",
        r"^(?P<effect>(?:The|An?|Its|Their) [^,;:()]{4,90}?) (?:came|followed|began|started|broke "
        rf"out|erupted) (?:after|over|when) (?P<cause>[^,;:()]{{10,140}}?){_END}",
    )
)
"""Forms in which it is a name: the question is What caused ...? or Why did ... happen?"""

NAME_QUESTIONS = (
    "What caused {}?",
    "What led to {}?",
    "Why did {} happen?",
    "Why did {} start?",
    "What was the reason for {}?",
    "What was the cause of {}?",
    "Why was there {}?",
)

SYNONYMS = tuple(
    tuple(group.split("|"))
    for group in (
        "protests|demonstrations|rallies|unrest",
        "protest|demonstration|rally",
        "protesters|demonstrators",
        "riots|unrest|violence",
        "fire|blaze",
        "war|conflict|fighting",
        "died|lost their lives",
        "killed|slain",
        "increase|rise|growth",
        "decrease|drop|fall|decline",
        "cost|price",
        "closed|shut",
        "company|firm|business",
        "resigned|stepped down|quit",
        "began|started",
        "begin|start",
        "ended|stopped",
        "cancelled|called off",
        "postponed|delayed|put off",
        "workers|employees|staff",
        "strike|walkout",
        "government|authorities",
        "police|officers",
        "flood|flooding",
        "evacuated|moved out",
        "accident|crash",
        "children|kids",
        "large|big",
        "city|town",
        "people|residents",
        "refused|declined",
        "wanted|wished",
        "angry|upset",
        "afraid|scared",
        "difficult|hard",
        "popular|well liked",
        "damaged|harmed",
        "destroyed|ruined",
        "famous|well known",
        "purchase|buy",
        "king|ruler",
        "arrested|detained",
    )
)


SOURCE = "causes"

_PRONOUNS = {"he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "there"}
_NO_SUBJECT = re.compile(
    r"^(?:as|yet|every|has|what|how|if|when|while|although|though|since|after|before|finding|both)\b"
    r"|\b(?:who|which|that|and then|but|if|when|while|although|because|not|to|i|me|my|you|your)\b"
    r"|[\"“”?*/]"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """A question, and where the sentence that it was made from answers it."""

    question: str
    start: int
    end: int


def main() -> None:
    """Read the options, write the questions."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.examples.causes",
        description="Make questions that ask why.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="what to write, gzipped")
    options = parser.parse_args()
    contexts = list(
        dict.fromkeys(example.context for path in options.files for example in read_examples(path))
    )
    words = Counter(
        word for context in contexts for word in re.findall(r"[a-z]+", context.casefold())
    )
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for number, context in enumerate(contexts):
            for place, cause in enumerate(find_causes(context, words)):
                answer = {"text": context[cause.start : cause.end], "start": cause.start}
                example = {
                    "id": f"causes-{number}-{place}",
                    "source": SOURCE,
                    "question": cause.question,
                    "context": context,
                    "answers": [answer],
                }
                file.write(json.dumps(example, ensure_ascii=False) + "\n")


def find_causes(context: str, words: Counter[str]) -> Iterator[Cause]:
    """Questions about the causes that a context marks; `words` counts those of all text."""
    for start, end in split_sentences(context):
        sentence = context[start:end]
        if "?" in sentence:
            continue
        chance = random.Random(sentence)  # noqa: S311
        for form in CLAUSE_FORMS:
            if (found := form.search(sentence)) and (why := _ask_clause(found["effect"], words)):
                yield _cause(why, found, start, chance)
                break
        else:
            for form in NAME_FORMS:
                if (found := form.search(sentence)) and (name := _name(found["effect"])):
                    if found["cause"].split()[0].casefold() in _PRONOUNS:
                        continue
                    question = chance.choice(NAME_QUESTIONS).format(name)
                    yield _cause(question, found, start, chance)
                    break


def _cause(question: str, found: re.Match[str], offset: int, chance: random.Random) -> Cause:
    start, end = found.span("cause")
    return Cause(_reword(question, chance), offset + start, offset + end)


def _reword(question: str, chance: random.Random) -> str:
    """The question with some words changed for others of the same sense, as people ask."""
    words = question.split(" ")
    for place, word in enumerate(words):
        bare = word.rstrip("?")
        for group in SYNONYMS:
            if bare in group and chance.random() < 0.5:
                other = chance.choice([each for each in group if each != bare])
                words[place] = other + word[len(bare) :]
    asked = " ".join(words)
    return asked.lower().rstrip("?") + chance.choice(("?", "")) if chance.random() < 0.15 else asked


def _ask_clause(effect: str, words: Counter[str]) -> str | None:
    """Why did ...? of a clause, or None if its subject and verb are not plain to see."""
    tokens = effect.strip(" ,").split()
    if "," in " ".join(tokens[:5]):
        # A time or a place before the subject.
        first = next(n for n, token in enumerate(tokens) if token.endswith(","))
        tokens = tokens[first + 1 :]
    for place, token in enumerate(tokens[:9]):
        if place == 0:
            continue
        subject, rest = tokens[:place], tokens[place + 1 :]
        verb = token.casefold()
        if verb in AUXILIARIES:
            auxiliary, verbs = verb, []
        elif lemma := _lemma(verb, words):
            auxiliary, verbs = "did", [lemma]
        else:
            continue
        return _question(auxiliary, subject, verbs + rest)
    return None


def _question(auxiliary: str, subject: list[str], rest: list[str]) -> str | None:
    name = _name(" ".join(subject))
    rest = rest[:14]
    while rest and rest[-1].casefold() in {"a", "an", "the", "of", "and", "to", "in", "by", "only"}:
        rest = rest[:-1]
    if name is None or not rest or len(subject) > 8:
        return None
    return f"Why {auxiliary} {name} {' '.join(rest).rstrip(',')}?"


def _name(subject: str) -> str | None:
    """The subject as it stands inside a question."""
    words = subject.strip(" ,").split()
    if not words or len(words) > 14 or _NO_SUBJECT.search(" ".join(words).casefold()):
        return None
    if words[0] in {"However", "Therefore", "Also", "Thus", "Then", "And", "But", "So"}:
        words = words[1:]
    if not words or words[0].casefold() in {"there", "this", "that", "in", "at", "on", "by", "for"}:
        return None
    common = {"the", "a", "an", "his", "her", "its", "their", "our", "my", "some", "many", "most",
              "these", "those", "all", "two", "three", "other", "several"} | _PRONOUNS  # fmt: skip
    if words[0].casefold() in common and words[0] != "I":
        words[0] = words[0].casefold()
    return " ".join(words)


def _lemma(verb: str, words: Counter[str]) -> str | None:
    """The plain form of a verb in the past, or None if it seems to be none."""
    if verb in PAST:
        return PAST[verb]
    if len(verb) < 5 or not verb.endswith("ed"):
        return None
    stem = verb[:-2]
    forms = [stem, stem + "e"]
    if stem.endswith("i"):
        forms = [stem[:-1] + "y"]
    elif stem[-1] == stem[-2]:
        forms.append(stem[:-1])
    return max((form for form in forms if words[form] > 1), key=lambda f: words[f], default=None)


if __name__ == "__main__":
    main()
