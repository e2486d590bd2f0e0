"""Find the day a report was written: in its text, else in its file's name, else from the file."""

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from index.metadata.months import MONTH, month_number

Evidence = Literal["text", "file name", "file modified"]

_HEAD_LENGTH = 600
_LONGEST_DATE = 80  # looked at past the head, so that a date begun inside it is read whole
_FRONT_MATTER_LENGTH = 4000
_HEADLINE_LENGTH = 120
_OPENING_LINES = 2  # headline and byline
_DATELINE_LINES = 4  # kicker, headline, byline, then the paragraph with the dateline
_EARLIEST = datetime.date(1450, 1, 1)
# Unix and ZIP files whose time was never recorded claim 1970-01-01 and 1980-01-01.
_LAST_UNSET_MODIFIED = datetime.date(1980, 1, 1)

_GAP = "[ \t\u00a0\u2009\u202f]{1,3}"
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_TO = r"\s{0,3}(?:[-\u2013\u2014/]|to|and|until|through)\s{0,3}"
_TIME = (
    rf"(?:T|,?{_GAP}(?:at{_GAP})?)[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,9}})?)?"
    rf"(?:(?:{_GAP})?[ap]\.?m\b\.?)?"
    rf"(?:(?:{_GAP})?(?:Z|UTC|GMT|BST|MSK|CES?T|EES?T|[ECMP][SD]T|[+-][0-9]{{2}}:?[0-9]{{2}}))?"
)
# Each way to write a date fills the groups of one number: y1 m1 d1 and so on; 05/01/2022 has two
# readings and matches none. `period` takes in the start of `5 - 7 May 2022`; in `Report 5 - 7 May
# 2022` that is the report's number.
_DATE = (
    rf"(?<![^\W_])(?<![/.\-\u2013])(?:{_WEEKDAY}[.,]{{0,2}}{_GAP})?"
    rf"(?P<period>(?<!no\.\s)(?<!no\s)(?<!\#)(?<!report\s)(?<!sitrep\s)(?<!issue\s)(?<!update\s)"
    rf"(?:{_DAY}(?:{_GAP}{MONTH})?|{MONTH}{_GAP}{_DAY}){_TO})?"
    r"(?:(?P<y0>[0-9]{4})(?P<dash>[-\u2010\u2011.])(?P<m0>[0-9]{2})(?P=dash)(?P<d0>[0-9]{2})"
    r"|(?P<y1>[0-9]{4})/(?P<m1>[0-9]{1,2})/(?P<d1>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})\.(?P<m2>[0-9]{1,2})\.(?P<y2>[0-9]{4})"
    r"|(?P<m3>[0-9]{1,2})/(?P<d3>1[3-9]|[23][0-9]|(?P=m3))/(?P<y3>[0-9]{4})"
    r"|(?P<d4>1[3-9]|[23][0-9])/(?P<m4>[0-9]{1,2})/(?P<y4>[0-9]{4})"
    r"|(?P<y5>[0-9]{4})(?P<m5>[0-9]{2})(?P<d5>[0-9]{2})"
    rf"|(?P<m6>{MONTH})\.?{_GAP}(?P<d6>{_DAY})(?:,(?:{_GAP})?|{_GAP})(?P<y6>[0-9]{{4}})"
    rf"|(?P<d7>{_DAY})(?:-|{_GAP}(?:of{_GAP})?)(?P<m7>{MONTH})\.?(?:-|,?{_GAP})(?P<y7>[0-9]{{4}})"
    rf")(?:{_TIME})?(?![^\W_])(?![/.\-\u2013][0-9])"
)
_COMPACT, _IN_WORDS = 5, 6
_LABEL = (
    r"(?:(?P<updated>(?:date\s)?(?:last\s)?(?:updated|modified|revised|edited))"
    r"|(?P<name>date(?:\s(?:of\s(?:the\s)?)?(?:publication|report|issue|release|published|posted))?"
    r"|(?:publication|release|report|issue)\sdate|dated|published|posted|issued|released|sent))"
    r"[\s*_]{0,4}(?P<colon>[:=|])?[\s*_]{0,4}(?:on\s)?"
)
_AFTER = r"[\s,:;|.*_)\]\-\u2013\u2014\u00b7\u2022]*"
_MARKS = r"[\s#>*_|(\[\-]{0,8}"
_WRITTEN = re.compile(rf"(?P<date>{_DATE})", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?i)(?:(?P<edge>(?:\A|[\n|\u00b7\u2022;,(\u2013\u2014])){_MARKS}|(?<![^\W_])){_LABEL}\Z"
)
_LEADING = re.compile(rf"{_MARKS}(?P<label>{_LABEL})?(?P<date>{_DATE}){_AFTER}", re.IGNORECASE)
_IN_NAME = re.compile(r"(?<![0-9])([0-9]{4})([-_. ]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
_FIELD = re.compile(r"([A-Za-z][\w-]{0,40})[ \t]{0,8}:[ \t]+(.*)")
_PERIOD_LINK = re.compile(rf"(?i){_TO}")
# `report of 5 May` dates a report; `law of 5 May` does not, nor does `year ended 5 May`.
_LINK = re.compile(
    r"(?i)(?P<before>\w*)\s*(?::|\b(?:of|[io]n|at|by|to|from|for|since|until|before|after|the|dated"
    r"|end(?:s|ed|ing)|due|born|died))\s*\Z"
)
_DOCUMENT = re.compile("(?i)report|sitrep|bulletin|briefing|digest|update|summary|minutes|notes?")
_BLANK = " \t\n\v\f\r\u00a0\u2028\u2029\ufeff\u200b\u2060"
_AROUND = " \t#>*_()[]|-\u2013\u2014,;\"'"


@dataclass(frozen=True, slots=True)
class ReportDate:
    """The day a report bears; `evidence` says how far to trust it, strongest "text" first."""

    day: datetime.date
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Written:
    day: datetime.date
    start: int
    end: int
    way: int
    prefix: str  # what precedes and what follows on the line
    rest: str


def find_report_date(
    text: str, *, file_name: str | None, modified: datetime.date | None, today: datetime.date
) -> ReportDate | None:
    """Return the report's day, or None where nothing says it; today is never assumed.

    Only the front matter and the first 600 characters of `text` are read. Days before 1450, and
    later than the day after `today` (time zones), are passed over. `modified` counts only if it
    is before `today`: a file copied today says nothing about when it was written.
    """

    def is_possible(day: datetime.date) -> bool:
        return day >= _EARLIEST and (day - today).days <= 1

    for day in filter(is_possible, _days_in_text(text)):
        return ReportDate(day, "text")
    name = _IN_NAME.sub(r" \1/\3/\4 ", re.split(r"[\\/]", file_name or "")[-1])
    written = _single_days(re.sub("[-_]", " ", name))
    in_name = {found.day for found in written if is_possible(found.day)}
    if len(in_name) == 1:  # two days name a period, or one of them is of something else
        return ReportDate(in_name.pop(), "file name")
    if modified is not None and _LAST_UNSET_MODIFIED < modified < today:
        return ReportDate(modified, "file modified")
    return None


def read_front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the one-line YAML fields that open `text`, keys in lower case, and the body's start.

    Without front matter there are no fields, and the body starts after blanks and a BOM.
    """
    start = end = len(text) - len(text.lstrip(_BLANK))
    first, *lines = text[start : start + _FRONT_MATTER_LENGTH].splitlines(keepends=True) or [""]
    fields: dict[str, str] = {}
    for line in lines if first.rstrip() == "---" else []:
        end += len(line)
        if line.rstrip() in ("---", "..."):
            return (fields, end + len(first)) if fields else ({}, start)
        if field := _FIELD.match(line):
            fields.setdefault(field[1].lower(), field[2].strip().strip("\"'"))
    return {}, start


def skip_leading_dates(line: str) -> int:
    """Return where `line` goes on after dates, with their labels, that open it; 0 where none do.

    A date that is the subject of a sentence ("5 January 2022 was cold") is left in place.
    """
    position = 0
    while leading := _LEADING.match(line, position):
        written = _read(leading)
        bare = not leading["label"]
        if written is None or (bare and (written.way == _COMPACT or _runs_on(written))):
            break
        position = leading.end()
    return position


def _days_in_text(text: str) -> Iterator[datetime.date]:
    """Yield the days the text may bear, best evidence first."""
    fields, start = read_front_matter(text)
    for key in ("date", "published", "pubdate", "updated", "lastmod", "modified"):
        if (value := _LEADING.match(fields.get(key, ""))) and (written := _read(value)):
            yield written.day
    # One kind of line end; offsets are not handed out, so changing them is safe.
    head = "\n".join(text[start : start + _HEAD_LENGTH + _LONGEST_DATE].lstrip(_BLANK).splitlines())
    dates = [found for found in _single_days(head) if found.start < _HEAD_LENGTH]
    ranks = {found: rank for found in dates if (rank := _label_rank(head, found)) is not None}
    yield from (found.day for found in sorted(ranks, key=lambda f: (ranks[f], f.start)))
    plain = [found for found in dates if found not in ranks and found.way != _COMPACT]
    entries = {found.day for found in plain if not found.prefix.strip(_AROUND)}
    for found in plain:
        # Several lines that begin with a date are a chronology, and none of its days the report's.
        in_chronology = found.day in entries and len(entries) > 1
        if not in_chronology and _dates_the_report(head, found):
            yield found.day


def _single_days(text: str) -> list[_Written]:
    """Return the written days of `text` in order; a day that bounds a period is not one."""
    matches = list(_WRITTEN.finditer(text))
    bounds = {match.start() for match in matches if match["period"]}
    for first, second in pairwise(matches):
        if _PERIOD_LINK.fullmatch(text, first.end(), second.start()):
            bounds |= {first.start(), second.start()}
    found = (_read(match) for match in matches if match.start() not in bounds)
    return [written for written in found if written]


def _read(match: re.Match[str]) -> _Written | None:
    """Return the day that `match` writes; None where it is ambiguous or no day of the calendar."""
    way = next(number for number in range(8) if match[f"y{number}"])
    year, name, day_name = (match[f"{part}{way}"] for part in "ymd")
    month = month_number(name) if way >= _IN_WORDS else int(name)
    day = int(re.sub("[^0-9]", "", day_name))
    start, end = match.span("date")
    prefix, rest = match.string[:start].rpartition("\n")[2], match.string[end:].partition("\n")[0]
    with suppress(ValueError):
        return _Written(datetime.date(int(year), month, day), start, end, way, prefix, rest)
    return None


def _label_rank(head: str, found: _Written) -> int | None:
    """Return 0 for a day labelled as the report's, 1 as its revision's, None without a label."""
    if not (label := _LABELLED.search(head, max(0, found.start - 60), found.start)):
        return None
    name = (label["name"] or "").lower()
    if label["colon"]:
        # "Due date:" and "Date of birth:" are dates of something else.
        dates_report = label["edge"] is not None or not name.startswith("date")
    else:
        in_front = label["edge"] in ("", "\n", "|", "\u00b7", "\u2022")
        dates_report = in_front and (name == "date" or not _runs_on(found))
    return int(label["updated"] is not None) if dates_report else None


def _dates_the_report(head: str, found: _Written) -> bool:
    """Say whether an unlabelled date stands where reports bear theirs, not in running prose."""
    opens_line = not found.prefix.strip(_AROUND)
    if opens_line and not found.rest.strip(_AROUND):
        return True
    above = sum(any(map(str.isalnum, line)) for line in head[: found.start].split("\n")[:-1])
    if above < _OPENING_LINES and (not _runs_on(found) if opens_line else _ends_headline(found)):
        return True
    return above < _DATELINE_LINES and _is_dateline(found)


def _runs_on(found: _Written) -> bool:
    """Say whether a sentence goes on after a date in words; figures do not open sentences."""
    return found.way >= _IN_WORDS and found.rest.lstrip(" \t,'\u2019")[:1].islower()


def _is_dateline(found: _Written) -> bool:
    """Say whether a date follows a place or a name and precedes a break: `KYIV, 5 May 2022 - `."""
    place = found.prefix.strip()
    return (
        re.match(r"\s*(?:[-\u2013\u2014|/(\[:]|\Z)", found.rest) is not None
        and len(place) <= _HEADLINE_LENGTH // 2
        and (place[-1:] in ("", *",)|/-\u2013\u2014\u00b7\u2022") or place[-1].isupper())
        # Only short words, as in Rio de Janeiro, are in lower case in a place or a name.
        and not any(word[0].islower() and len(word) > 3 for word in place.split())
    )


def _ends_headline(found: _Written) -> bool:
    """Say whether a date closes a headline, as in `Situation report of 5 May 2022`."""
    if found.rest.partition("|")[0].strip(_AROUND) or len(found.prefix) > _HEADLINE_LENGTH:
        return False
    link = _LINK.search(found.prefix)
    return link is None or _DOCUMENT.fullmatch(link["before"]) is not None
