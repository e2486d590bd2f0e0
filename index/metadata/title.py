"""Find what to call a report: the title it gives itself, else its first words, else its file."""

import re
import unicodedata

from index.metadata.report_date import read_front_matter, skip_leading_dates

LONGEST_TITLE = 100
"""Characters in a title; the mark of a cut comes on top."""
_CUT = "\u2026"
_HEAD_LENGTH = 4000
_SHORTEST_SENTENCE = 15  # shorter ones ("Alert.", "No. 5") say too little alone
_SHORTEST_CLAUSE = 60
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")
_CLOSING_MARKS = re.compile(r"[ \t]#+[ \t]*\Z")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,300}\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`)(?=\S)([^*_`]{1,300})(?<=\S)\1(?!\w)")
_MARKS_BEFORE = re.compile(r"(?:[\s>*_|\u2022=~]|[-+]+(?=\s))*")
_MARKS_AFTER = " \t*_|=~"
_SUFFIX = re.compile(r"(?<=.)\.\w{1,8}\Z")
_SENTENCE_END = re.compile(
    # A lone capital or a form of address before the stop ends no sentence: U.S. Army, Mr. Smith.
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Lt|vs))(?<!\b(?:Mrs|Gen|Col|Sgt|Gov|Sen|Rep|Inc|Ltd))"
    r"(?:[.!?]|\u2026)[\"'\u2019\u201d)\]]{0,3}(?=\s+[\"'\u2018\u201c(\[]?[^\W\d_a-z])"
)
_CLAUSE_END = re.compile(r"[,;:](?=\s)|\s[-\u2013](?=\s)|\s?\u2014")


def find_title(text: str, *, file_name: str | None) -> str:
    """Return a title of one line, never empty, of at most 100 characters and the mark of a cut.

    The title is made for display and is not a quote: marks, dates in front and characters that do
    not show are left out of it.
    """
    fields, start = read_front_matter(text)
    if title := fit_title(fields.get("title", "")):
        return title
    lines = text[start : start + _HEAD_LENGTH].splitlines()
    for line in lines:
        heading = _HEADING.match(line.lstrip("\ufeff\u200b "))
        words = _CLOSING_MARKS.sub("", heading[1]) if heading else line
        words = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", words))
        words = _clean(_MARKS_BEFORE.sub("", words, count=1).rstrip(_MARKS_AFTER))
        if title := fit_title(words[skip_leading_dates(words) :]):
            return title
    name = re.split(r"[\\/]", file_name or "")[-1]
    return fit_title(re.sub("[-_]", " ", _SUFFIX.sub("", name))) or "Untitled"


def fit_title(words: str) -> str:
    """Return `words` fit for a title; empty where what is left of them says nothing."""
    return _clean(_cut(_clean(words)))


def _clean(words: str) -> str:
    """Return `words` on one line, without what does not show; empty if no letter or digit is in."""
    shown = (c for c in words if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    line = " ".join("".join(shown).split())
    return line if any(map(str.isalnum, line)) else ""


def _cut(title: str) -> str:
    """Return `title`, or where it is too long its first sentence, clause or words."""
    if len(title) <= LONGEST_TITLE:
        return title
    for sentence in _SENTENCE_END.finditer(title, 0, LONGEST_TITLE + 2):
        if _SHORTEST_SENTENCE <= sentence.end() <= LONGEST_TITLE:
            return title[: sentence.end()]
    clauses = [clause.start() for clause in _CLAUSE_END.finditer(title, 0, LONGEST_TITLE + 2)]
    ends = [end for end in clauses if _SHORTEST_CLAUSE <= end <= LONGEST_TITLE]
    end = ends[-1] if ends else title.rfind(" ", 1, LONGEST_TITLE + 1)
    return title[: end if end > 0 else LONGEST_TITLE].rstrip() + _CUT
