"""Find what a question speaks of: runs of words between the function words and verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.search.words import analyzer
from retrieval.english.lexicon import (
    ADJECTIVES,
    AUXILIARIES,
    BEING,
    COMMON_VERBS,
    DETERMINERS,
    FUNCTION_WORDS,
    GENERIC,
    PREPOSITIONS,
    QUESTION_WORDS,
)

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.&/][^\W_]+)*")
_BREAK = re.compile(r"[,.;:!?()\n]")
_POSSESSIVE = re.compile(r"['\u2019]s$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `text[start:end] == word`."""

    start: int
    end: int
    word: str

    @property
    def lower(self) -> str:
        """In lower case, with a straight apostrophe."""
        return self.word.lower().replace("\u2019", "'")

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital, or a digit."""
        return not self.word[0].islower()


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a text speaks of: `source[start:end] == text`.

    `before` are the words in front of it as far as the next phrase, in lower case, nearest last.
    `is_name` where a capital stands in it that no sentence's start explains.
    """

    text: str
    start: int
    end: int
    before: tuple[str, ...]
    is_name: bool

    @property
    def head(self) -> str:
        """The last word, in lower case."""
        return find_words(self.text)[-1].lower

    @property
    def is_generic(self) -> bool:
        """Whether nothing in it can be a topic by itself."""
        return all(word.lower in GENERIC for word in find_words(self.text))

    @property
    def is_plural(self) -> bool:
        """Whether its last word looks like a plural."""
        head = self.head
        return (
            len(head) > 3 and head.endswith("s") and head[-2] not in "su'"
        ) or " and " in self.text

    @property
    def preposition(self) -> str:
        """The preposition that it hangs on, "" if on none."""
        found = [word for word in self.before if word not in DETERMINERS]
        return found[-1] if found and found[-1] in PREPOSITIONS else ""

    @property
    def has_the(self) -> bool:
        """Whether "the" stands directly before it."""
        return self.before[-1:] == ("the",)


def find_words(text: str) -> list[Word]:
    """All words of a text; hyphens and apostrophes within one do not part it."""
    return [Word(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]


def find_phrases(text: str) -> list[Phrase]:
    """The phrases of a text in its order; they do not overlap."""
    words = find_words(text)
    found: list[Phrase] = []
    run: list[int] = []
    since = 0
    for number, word in enumerate(words):
        if run and _gap(text, words[run[-1]], word):
            since = _close(text, words, run, since, found)
        if _is_content(words, number, bool(run)):
            run.append(number)
            # "A physician's assistant" is one thing, "Netflix's growth" two.
            owner = _POSSESSIVE.search(word.word) or text[word.end : word.end + 1] in {
                "'",
                "\u2019",
            }
            if owner and word.is_capital:
                since = _close(text, words, run, since, found)
        elif run and not _joins(words, run[-1], number):
            since = _close(text, words, run, since, found)
    if run:
        _close(text, words, run, since, found)
    return found


@cache
def _analyzer() -> object:
    return analyzer(stop_words=False)


@cache
def stem_word(word: str) -> tuple[str, ...]:
    """The stems that the lexical index has of a word; none of a stop word."""
    stems = _analyzer().analyze(_POSSESSIVE.sub("", word))  # type: ignore[attr-defined]
    return tuple(stems)


def stems_of(text: str) -> set[str]:
    """The stems of all words that are no stop words."""
    return {stem for word in find_words(text) for stem in stem_word(word.lower)}


def _gap(text: str, left: Word, right: Word) -> bool:
    """Whether more than blanks stands between."""
    return _BREAK.search(text, left.end, right.start) is not None


def _is_content(words: Sequence[Word], number: int, inside: bool) -> bool:
    word = words[number].lower
    if word in FUNCTION_WORDS:
        return False
    before = words[number - 1].lower if number else ""
    if before in QUESTION_WORDS and word.endswith("s") and word[:-1] in COMMON_VERBS:
        return False
    if word in COMMON_VERBS or _is_inflected(word):
        # "the start of", "for use": a noun; "protests start", "did they use": a verb.
        # "How many died": what is counted is no singular.
        counted = before == "many" and not word.endswith("s")
        determined = before in DETERMINERS and not counted
        noun = determined or (before in PREPOSITIONS and before != "to")
        capital = number > 0 and words[number].word[0].isupper()
        return (noun and not inside) or capital
    return True


def _is_inflected(word: str) -> bool:
    """Whether a word is a verb in -ing or -ed; in -s it is far more often a noun: "protests"."""
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            # "ending", "raising", "stopped"
            once = stem[:-1] if stem[-1] == stem[-2] else stem
            return not COMMON_VERBS.isdisjoint({stem, f"{stem}e", once})
    return False


def _joins(words: Sequence[Word], last: int, number: int) -> bool:
    """Whether a function word holds two parts of one name together: "Bank of England"."""
    word = words[number].lower
    after = number + 1
    if after < len(words) and words[after].lower == "the":
        after += 1
    return (
        word in {"of", "and", "the", "&"}
        and number + 1 < len(words)
        and after < len(words)
        and words[last].word[0].isupper()
        and words[after].word[0].isupper()
        and (last > 0 or word == "and")
        and words[after].lower not in FUNCTION_WORDS
    )


def _close(
    text: str, words: Sequence[Word], run: list[int], since: int, found: list[Phrase]
) -> int:
    """Add the phrase that the run is, less the generic words in front, and begin another run."""
    last = run[-1]
    kept = list(range(run[0], last + 1))
    while len(kept) > 1 and words[kept[0]].lower in GENERIC and words[kept[0]].lower not in {"new"}:
        kept.pop(0)
    while len(kept) > 1 and _describes(words, kept[-1]):
        kept.pop()
    if len(kept) > 1 and kept[-1] == last and _lacks_verb(words, run[0], last):
        kept.pop()
    start, end = words[kept[0]].start, words[kept[-1]].end
    piece = text[start:end]
    piece = _POSSESSIVE.sub("", piece)
    initial = kept[0] == 0 or text[:start].rstrip()[-1:] in {".", "!", "?", '"'}
    capitals = [words[number].word for number in kept if any(map(str.isupper, words[number].word))]
    is_name = len(capitals) > (1 if initial and words[kept[0]].word in capitals else 0) or any(
        sum(map(str.isupper, word)) > 1 for word in capitals
    )
    before = tuple(words[number].lower for number in range(since, run[0]))
    found.append(Phrase(piece, start, start + len(piece), before, is_name))
    run.clear()
    return last + 1


def _lacks_verb(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether the last word must be a verb: "did the fire burn" has no other."""
    before = first - 1
    while before >= 0 and words[before].lower in DETERMINERS:
        before -= 1
    asks = before >= 0 and words[before].lower in AUXILIARIES - BEING - {"have", "has", "had"}
    after = words[last + 1].lower if last + 1 < len(words) else ""
    done = (
        after in COMMON_VERBS or _is_inflected(after) or after in AUXILIARIES | {"and", "or", "of"}
    )
    return asks and not done and words[last].word[0].islower()


def _describes(words: Sequence[Word], number: int) -> bool:
    """Whether a word at a run's end says something of it: "is privacy protected"."""
    word = words[number].lower
    asks = any(each.lower in AUXILIARIES for each in words[:number])
    small = not words[number].word[0].isupper()
    participle = word.endswith(("ed", "en")) and not word.endswith(("eed", "men", "ren"))
    costs = word in GENERIC and small and words[number - 1].word[0].isupper()
    verb = small and word in _LAST_VERBS
    described = participle and small and len(word) > _SHORT
    return asks and (word in ADJECTIVES or costs or verb or described)


_LAST_VERBS = frozenset({"cost", "name", "matter", "result"})
_SHORT = 4
"""Letters of words like "men" and "Eden", which are no participles."""
