import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.metadata.title import LONGEST_TITLE, find_title

FRAGMENTS = ("---\n", "title: ", "# ", "**", "date ", "2022-01-05", " ", "\n", ", ", ". A", "word")
SAMPLE = (
    " date 2022-01-05 Patrols of security officials have disappeared from the central streets of "
    "Alma-Ata, unrest continues in the city, the Izvestia correspondent reports from the scene of "
    "events.\n\nAccording to taxi drivers, neither law enforcement nor military officers are seen."
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Unrest in Almaty\n\nPatrols have gone.", "Unrest in Almaty"),
        ("\ufeff\r\n \tUnrest\t in\u00a0 Almaty\r\n", "Unrest in Almaty"),
        ("Un\u200brest\x00 in \u202eAlmaty\u00ad", "Unrest in Almaty"),
        ("# Unrest in Almaty\n\nText", "Unrest in Almaty"),
        ("### **Unrest** in `Almaty` ###\nText", "Unrest in Almaty"),
        ("# [Unrest](https://example.com) in Almaty", "Unrest in Almaty"),
        ("#\n\n# Unrest", "Unrest"),
        ("Unrest in Almaty\n================\nText", "Unrest in Almaty"),
        ("========\nUnrest in Almaty\n========\nText", "Unrest in Almaty"),
        ("**Unrest in Almaty**\nText", "Unrest in Almaty"),
        ("- > Unrest in Almaty", "Unrest in Almaty"),
        ("#unrest in C# <SRD>", "#unrest in C# <SRD>"),
        ("-5 degrees in Almaty", "-5 degrees in Almaty"),
        ("date 2022-01-05 Unrest in Almaty", "Unrest in Almaty"),
        ("2022-01-05: Unrest in Almaty", "Unrest in Almaty"),
        ("5 January 2022 \u2014 Unrest in Almaty", "Unrest in Almaty"),
        ("# 5 January 2022\n\nUnrest in Almaty", "Unrest in Almaty"),
        ("Published: January 5, 2022 | Updated: January 6, 2022\nUnrest", "Unrest"),
        ("5 January 2022 was cold", "5 January 2022 was cold"),
        ("---\n\nUnrest in Almaty", "Unrest in Almaty"),
        (
            "\u0411\u0435\u0441\u043f\u043e\u0440\u044f\u0434\u043a\u0438",
            "\u0411\u0435\u0441\u043f\u043e\u0440\u044f\u0434\u043a\u0438",
        ),
    ],
)
def test_the_first_line_with_words_is_the_title(text: str, title: str) -> None:
    assert find_title(text, file_name="report.txt") == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('---\ntitle: "Unrest: Almaty"\ndate: 2022-01-05\n---\n# Other', "Unrest: Almaty"),
        ("---\nTitle: Unrest\n...\nOther", "Unrest"),
        ("---\ndate: 2022-01-05\n---\n\n# Other", "Other"),
        ("---\ntitle: ''\n---\nOther", "Other"),
    ],
)
def test_front_matter_names_the_report_first(text: str, title: str) -> None:
    assert find_title(text, file_name=None) == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            SAMPLE,
            "Patrols of security officials have disappeared from the central streets of "
            "Alma-Ata\u2026",
        ),
        # A whole sentence is not cut, and bears no mark.
        (
            "Mr. Smith of the U.S. Army left Almaty. " + "More " * 20,
            "Mr. Smith of the U.S. Army left Almaty.",
        ),
        ("The unrest has ended! \u201cWe left.\u201d " + "More " * 20, "The unrest has ended!"),
        ("Unrest. " + "word " * 40, "Unrest. " + ("word " * 18).strip() + "\u2026"),
        ("a " * 60, ("a " * 50).strip() + "\u2026"),
        ("x" * 150, "x" * 100 + "\u2026"),
        ("x" * 100, "x" * 100),
        ("Early, " + "x" * 80 + " " + "y" * 80, "Early, " + "x" * 80 + "\u2026"),
        ("x" * 70 + " \u2013 " + "y" * 80, "x" * 70 + "\u2026"),
        ("x" * 70 + "; 1,000 " + "y" * 80, "x" * 70 + "\u2026"),
    ],
)
def test_a_paragraph_is_cut_at_a_natural_place(line: str, title: str) -> None:
    assert find_title(line, file_name=None) == title


def test_marks_that_fill_a_title_leave_the_naming_to_the_next_line() -> None:
    assert find_title("?" * 150 + "a\nUnrest", file_name=None) == "Unrest"


@pytest.mark.parametrize("text", ["", " \n\t", "***\n---\n", "\ufeff", "date 2022-01-05", "?!"])
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("unrest-in_almaty.txt", "unrest in almaty"),
        ("reports/2022/unrest.v2.txt", "unrest.v2"),
        ("C:\\reports\\unrest.md", "unrest"),
        ("Mr. Smith reports", "Mr. Smith reports"),
        ("README", "README"),
        ("--.--", "Untitled"),
        ("", "Untitled"),
        (None, "Untitled"),
    ],
)
def test_a_text_without_words_is_named_after_its_file(
    text: str, name: str | None, title: str
) -> None:
    assert find_title(text, file_name=name) == title


@given(
    text=st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(FRAGMENTS) | st.text(max_size=60),
            max_size=40,
        ).map("".join),
    ),
    name=st.none() | st.text(),
)
@example(text="\ud800", name="\udcff.txt")
@example(text="\u0301" * 200 + "a", name=None)
def test_a_title_is_one_short_line_with_words(text: str, name: str | None) -> None:
    title = find_title(text, file_name=name)
    assert any(character.isalnum() for character in title)
    assert len(title) <= LONGEST_TITLE + 1
    assert title == " ".join(title.split())
    assert not {unicodedata.category(character) for character in title} & {"Cc", "Cf", "Cs"}
