"""What the lexical indexes take for a word."""

from __future__ import annotations

import tantivy

STOP_WORDS = (
    "a about all also am an and any are as at be been being but by can could did do does doing for "
    "from had has have having he her hers him his how i if in into is it its just me my no nor not "
    "of on or our she should so some such than that the their them then there these they this "
    "those to too us was we were what when where which who whom whose why will with would you your"
).split()
"""Left out of questions (not of passages) where other words remain."""


def analyzer(*, stop_words: bool) -> tantivy.TextAnalyzer:
    """Makes English stems of lower-case words without accents; keeps stop words or drops them."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    words = words.filter(tantivy.Filter.remove_long(80))
    words = words.filter(tantivy.Filter.lowercase())
    words = words.filter(tantivy.Filter.ascii_fold())
    if not stop_words:
        words = words.filter(tantivy.Filter.custom_stopword(STOP_WORDS))
    return words.filter(tantivy.Filter.stemmer("english")).build()
