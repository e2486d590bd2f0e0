"""Forms in which English says what a cause is, and words to ask about it with."""

from __future__ import annotations

import re

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
