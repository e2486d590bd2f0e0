"""Answer a greeting, thanks, a farewell or a nod: they ask nothing of the reports."""

from __future__ import annotations

import re

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


def _remark(part: str) -> str | None:
    words = re.sub(r"^(?:ok|okay|oh|and|well|great|no|yes)\s+(?=\w)", "", part)
    return next((remark for rule, remark in _RULES if rule.fullmatch(words)), None)
