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


_PEOPLE = r"(?: (?:there|all|everyone|everybody|again|dateline|you|mate|so much|a lot|very much))*"
_REMARKS = (
    (
        rf"(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day)){_PEOPLE}"
        r"|(?:hi |hello )?how are you(?: doing)?(?: today)?",
        "Hello. Ask what the reports say.",
    ),
    (
        rf"(?:many )?(?:thanks|thank you|thx|ta|cheers|much appreciated){_PEOPLE}"
        r"(?: for (?:that|this|your help|the help|the answer))?"
        r"|(?:that(?:'s| is| was) )?(?:very |really )?helpful",
        "You are welcome.",
    ),
    (
        rf"(?:good ?bye|bye(?: bye)?|bye-bye|see you(?: later)?|good night|farewell){_PEOPLE}",
        "Goodbye.",
    ),
    (
        r"ok|okay|k|yes|yeah|yep|no|nope|right|sure|fine|good|great|cool|nice|perfect|excellent"
        r"|wow|interesting|hm+|uh-?huh|aha|ah|oh|well|lol|i see|i understand|understood|got it"
        r"|alright|all right|sorry|never ?mind|please|test|testing",
        "Ask what the reports say, whenever you like.",
    ),
)
_RULES = tuple((re.compile(pattern), remark) for pattern, remark in _REMARKS)
_BETWEEN = re.compile(r"[,.;:!?\u2026]+")


def remark_on(message: str) -> str | None:
    """What to say to a message that is all courtesy; None for any other, a question above all.

    Of several courtesies ("ok, thanks, bye!") the one before a nod counts, and the last.
    """
    said = message.casefold().replace("\u2019", "'")
    parts = [part for each in _BETWEEN.split(said) if (part := " ".join(each.split()))]
    found = [_remark(part) for part in parts]
    if not found or None in found or (message.rstrip().endswith("?") and "how are" not in said):
        return None
    nod = _RULES[-1][1]
    return next((each for each in reversed(found) if each != nod), nod)


def is_courtesy(message: str) -> bool:
    """Whether a message is all courtesy: it asks nothing."""
    return remark_on(message) is not None


def _remark(part: str) -> str | None:
    words = re.sub(r"^(?:ok|okay|oh|and|well|great|no|yes)\s+(?=\w)", "", part)
    return next((remark for rule, remark in _RULES if rule.fullmatch(words)), None)
