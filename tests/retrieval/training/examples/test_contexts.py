import re
from dataclasses import replace

from retrieval.evaluation.files.examples import Example
from retrieval.training.examples.contexts import DATED, TITLED, made_context

TEXT = "In May the river Tharnock rose. People near Tharnock left for the City of Almaty at once."
EXAMPLES = [Example(f"e{number}", "Why?", TEXT, ()) for number in range(2000)]
DAY = re.compile(r"\(([1-9]|[12]\d|3[01]) [A-Z][a-z]+ (19|20)\d\d\)\. $")


def test_the_same_example_always_has_the_same_context() -> None:
    assert [made_context(each) for each in EXAMPLES] == [made_context(each) for each in EXAMPLES]
    assert made_context(replace(EXAMPLES[0], question="When?")) == made_context(EXAMPLES[0])


def test_some_examples_have_a_title_some_a_date_some_both_and_most_neither() -> None:
    found = [made_context(each) for each in EXAMPLES]
    titled = [text.startswith("Tharnock") for text in found]
    dated = [DAY.search(text) is not None for text in found]
    assert abs(sum(titled) / len(found) - TITLED) < 0.05
    assert abs(sum(dated) / len(found) - DATED) < 0.05
    both = sum(a and b for a, b in zip(titled, dated, strict=True)) / len(found)
    assert abs(both - TITLED * DATED) < 0.03
    assert {text for text, a, b in zip(found, titled, dated, strict=True) if not a | b} == {""}
    assert "Tharnock. " in found


def test_dates_differ() -> None:
    assert len({text for text in map(made_context, EXAMPLES) if DAY.match(text)}) > 200


def titles(text: str) -> set[str]:
    """What titles are made of a text, dates left out."""
    contexts = (made_context(replace(each, context=text)) for each in EXAMPLES[:200])
    return {DAY.sub("", context).strip().removesuffix(".") for context in contexts} - {""}


def test_the_title_is_the_name_that_stands_there_most_often() -> None:
    assert titles(TEXT) == {"Tharnock"}


def test_of_names_as_frequent_the_longer_one_is_the_title() -> None:
    assert titles("We saw the City of Almaty from near Tharnock.") == {"City of Almaty"}


def test_a_text_without_names_has_no_title() -> None:
    assert titles("Rain fell. The dyke broke.") == set()
