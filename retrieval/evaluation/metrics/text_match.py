"""Compare an answer's text with the accepted ones, as the official SQuAD 2.0 script does.

The formulas are those of `evaluate-v2.0.py` (Rajpurkar, Jia and Liang 2018, "Know What You Don't
Know: Unanswerable Questions for SQuAD"), its oddities included, so that figures can be compared:
only ASCII punctuation is dropped, an apostrophe joins what it stood between ("it's" is "its"), and
an accepted answer of nothing but articles and punctuation is not counted.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower case, no ASCII punctuation, no articles, single spaces; in that order."""
    text = text.lower().translate(_NO_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", text).split())


def best_exact(text: str, accepted: Sequence[str]) -> float:
    """1 if the text equals an accepted answer once both are normalised, else 0.

    Where none is accepted, only a text of which nothing remains is right, such as "".
    """
    found = normalise(text)
    return float(any(found == normalise(each) for each in _counted(accepted)))


def best_f1(text: str, accepted: Sequence[str]) -> float:
    """The highest F1 of the text's words against an accepted answer's, 0 to 1.

    Words are those of the normalised texts, counted as often as they occur. With `same` words in
    common, precision is same / words of the text, recall same / words of the answer, and F1 is
    2 * precision * recall / (precision + recall) = 2 * same / (words of both). Where either has no
    word, it is 1 if both have none, else 0: so where none is accepted, "" alone is right.
    """
    found = Counter(normalise(text).split())
    return max(_f1(found, Counter(normalise(each).split())) for each in _counted(accepted))


def _counted(accepted: Sequence[str]) -> Sequence[str]:
    return [each for each in accepted if normalise(each)] or [""]


def _f1(found: Counter[str], wanted: Counter[str]) -> float:
    if not found or not wanted:
        return float(found == wanted)
    same = (found & wanted).total()
    return 2 * same / (found.total() + wanted.total())


FIRST_WORDS = 6
"""How many words of a question may hold what makes it one.

Of the 166 questions of qa/dev.jsonl.gz that hold it anywhere, 152 have it in the first six words;
most of the others only add it, as in "do they share my information? if yes, why?".
"""

_WHY = re.compile(r"\b(?:why|what caused|what led to|reasons?)\b")


def asks_why(question: str) -> bool:
    """Whether the question's first words say "why", "what caused", "what led to" or "reason"."""
    return bool(_WHY.search(" ".join(question.lower().split()[:FIRST_WORDS])))
