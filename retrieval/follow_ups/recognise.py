"""Recognise a question about the last answer itself.

Only the whole question counts: "who said that?" is about the answer, "who said that the dyke was
safe?" is a question to the reports.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class FollowUp(Enum):
    """What is asked about an answer."""

    SPEAKER = auto()
    TIME = auto()
    SOURCE = auto()
    MORE = auto()
    SURE = auto()


_IT = "(?:that|this|it)"
_SO = "(?:that|this|it|so)"
_CERTAIN = "(?:sure|certain|confident|positive)"
_REPORT = "(?:reports?|documents?|articles?|papers?|files?)"
_SOURCE = r"(?:full |exact |original )?(?:sources?|quotes?|citations?|passages?|context)"

_PATTERNS = {
    FollowUp.SPEAKER: (
        rf"who(?: exactly)? (?:said|says|stated|states|claimed|claims|reported|reports) {_SO}",
        rf"who(?: is|'s| was) (?:saying|claiming|reporting) {_SO}",
        rf"who was it (?:that|who) (?:said|claimed|reported) {_SO}",
        rf"(?:says|said) who|according to whom?|who (?:says|said)|who told you {_SO}",
        r"who(?: is|'s| was)(?: being)? quoted(?: there| here)?|who are you quoting",
        r"whose (?:words|statement|claim) (?:is|are|was|were) (?:that|this|it|those|these|they)",
    ),
    FollowUp.TIME: (
        rf"when(?: exactly)? (?:was|is) {_IT}(?: said| reported| written)?",
        rf"when(?: exactly)? (?:did|does) {_IT} (?:happen|occur|take place)",
        rf"(?:on |at )?(?:what|which) (?:day|date|time) (?:was|is) {_IT}",
        rf"(?:on |at )?(?:what|which) (?:day|date|time) did {_IT} (?:happen|occur|take place)",
        rf"(?:what is|what's|what was) the date of {_IT}|(?:on )?(?:what|which) (?:day|date)",
    ),
    FollowUp.SOURCE: (
        rf"(?:(?:can|could|would) (?:you|i|we) )?(?:show|give|see|open|tell)(?: me| us)? "
        rf"(?:the |your |its |that |this )?{_SOURCE}(?: (?:of|for|behind) {_IT})?",
        rf"(?:what|which)(?: is| are| was| were|'s) (?:the|your|its) {_SOURCE}"
        rf"(?: (?:of|for|behind) {_IT})?",
        rf"(?:the |your )?{_SOURCE}|(?:cite|quote) (?:the |your )?{_SOURCE}",
        rf"(?:show me )?where (?:does|do|did) (?:it|they|the reports?|that report) say {_SO}",
        rf"show me where (?:it|the report|that report) says {_SO}|show me where they say {_SO}",
        rf"where (?:is|was) {_IT} (?:from|said|written|stated|reported)|where does {_IT} come from",
        rf"where (?:did|do) you (?:get|find|read|see|have) {_IT}(?: from)?",
        rf"(?:which|what) {_REPORT} (?:says|said|say) {_SO}",
        r"how (?:do|would) you know(?: that| this)?",
        rf"(?:(?:in|from) )?(?:which|what) {_REPORT}(?: (?:is|was|are) {_IT}(?: (?:in|from))?)?",
        rf"(?:(?:can|could|would) you )?(?:quote|cite) (?:{_IT}|me)|prove it|show (?:me|it|that)",
        r"(?:(?:can|could|would) (?:you|i|we) )?(?:show|give|see|read|quote|print)(?: me| us)? "
        r"(?:the |that |its )?(?:full|whole|entire|complete|exact) "
        r"(?:passage|text|quote|quotation|paragraph|context|words|wording|sentence|source)",
        rf"what(?:'s| is| was) (?:the|your) (?:evidence|proof)(?: (?:of|for) {_IT})?",
    ),
    FollowUp.MORE: (
        r"(?:is there |was there |do you have |have you got )?(?:anything|something) "
        r"(?:else|more|further)(?: to (?:say|add|tell))?",
        rf"what else(?: (?:do|does|did) (?:it|they|the reports?) say)?(?: about {_IT})?",
        r"(?:are there |is there |do you have |have you got )?(?:any )?(?:more|other|further) "
        r"answers?",
        rf"(?:any |show me |give me |tell me )?more(?: about {_IT})?|go on",
        r"(?:(?:show|give|tell) me )?(?:the )?(?:next|other)(?: answers?| ones?)|keep going",
        r"(?:any |the )?others|is (?:that|this) (?:it|all)|(?:that's|that is) all|else|what more",
    ),
    FollowUp.SURE: (
        rf"are you (?:really |quite |very |absolutely |so )?{_CERTAIN}(?: (?:about|of) {_IT})?",
        rf"are you (?:sure|certain) (?:that )?{_IT}(?:'s| is| was) (?:right|correct|true|so)",
        rf"how {_CERTAIN} (?:are you|is that|is this)(?: (?:about|of) {_IT})?",
        rf"(?:is|was) {_IT} (?:really |actually )?"
        r"(?:right|correct|true|certain|sure|accurate|reliable)",
        rf"can (?:i|we) (?:trust|rely on|believe) {_IT}|(?:oh )?really",
        rf"(?:you )?(?:quite )?{_CERTAIN}",
        rf"(?:is|was) {_IT} so|how (?:reliable|trustworthy|accurate|certain) (?:is|was) {_IT}",
        rf"(?:i )?(?:don't|do not|can't|cannot) believe (?:you|{_IT})|seriously|for real",
        r"do (?:the |all |all the |the other |other )?(?:reports|sources|they)(?: all)? "
        r"(?:agree|say (?:so|that|the same))(?: too| as well)?",
        rf"(?:who|which report|what) else says {_SO}|does any(?: other|thing else|one else) "
        rf"(?:report )?say {_SO}",
    ),
}
_WHOLE = {
    kind: re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    for kind, patterns in _PATTERNS.items()
}

_LEAD = re.compile(
    r"(?:(?:and|but|so|or|ok|okay|well|oh|hm+|thanks|thank you|please)[\s,.:;!-]+"
    # "No, more" asks for more, "no more" does not.
    r"|(?:yes|no|right)[,.:;!-]+\s*)+"
)
_TAIL = re.compile(
    r"(?:[\s,]+(?:please|then|exactly|again|though|now|actually|by the way|thanks))?[\s?!.\u2026]*$"
)


def recognise(question: str) -> FollowUp | None:
    """What the question asks about the last answer; None for any other question."""
    asked = " ".join(question.casefold().replace("\u2019", "'").split())
    asked = _TAIL.sub("", asked, count=1)
    for wording in (asked, _LEAD.sub("", asked, count=1)):
        for kind, pattern in _WHOLE.items():
            if pattern.fullmatch(wording):
                return kind
    return None
