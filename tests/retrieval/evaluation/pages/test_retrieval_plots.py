from collections.abc import Callable

import pytest

from retrieval.evaluation.pages.plots import draw_ndcg, draw_recall
from tests.retrieval.evaluation.pages.read_page import assert_drawing

DRAWINGS: dict[str, Callable[[], str]] = {
    "recall": lambda: draw_recall({1: 0.2, 10: 0.5, 100: 0.9}),
    "recall of two": lambda: draw_recall({1: 0.2, 100: 0.9}, {1: 0.1, 100: 0.8}),
    "ndcg": lambda: draw_ndcg([0.0, 0.3, 0.3, 1.0]),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_an_svg_with_nothing_to_fetch_is_drawn_the_same_each_time(draw: Callable[[], str]) -> None:
    assert_drawing(draw)


def test_the_drawings_show_the_figures() -> None:
    assert "the run compared with" in DRAWINGS["recall of two"]()
    assert "the run compared with" not in DRAWINGS["recall"]()
    assert draw_ndcg([0.1]) != draw_ndcg([0.9])
