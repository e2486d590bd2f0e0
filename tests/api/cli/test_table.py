from api.cli.output import MOST_WIDTH, show_table


def test_figures_are_right_aligned_under_their_headings() -> None:
    assert show_table(["F1", "questions"], [("all", ["0.5", "1,200"]), ("why", ["-", "3"])]) == (
        "             all  why\n"
        "F1           0.5    -\n"
        "questions  1,200    3"
    )  # fmt: skip


def test_what_is_too_wide_goes_on_below() -> None:
    columns = [(f"{number:020}", ["1"]) for number in range(7)]
    tables = show_table(["F1"], columns).split("\n\n")
    assert [len(table.splitlines()[0].split()) for table in tables] == [4, 3]
    lines = [line for table in tables for line in table.splitlines()]
    assert all(len(line) <= MOST_WIDTH for line in lines)
    assert all(line.startswith("F1") for line in lines[1::2])


def test_a_column_wider_than_all_stands_alone() -> None:
    tables = show_table(["F1"], [("a" * 200, ["1"]), ("b", ["2"])]).split("\n\n")
    assert [table.split()[0] for table in tables] == ["a" * 200, "b"]


def test_no_columns_are_no_table() -> None:
    assert show_table(["F1"], []) == ""
