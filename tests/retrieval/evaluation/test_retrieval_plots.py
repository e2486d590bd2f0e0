import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from retrieval.evaluation.retrieval_plots import draw_latency, draw_ndcg, draw_recall

DRAWINGS: dict[str, Callable[[], str]] = {
    "recall": lambda: draw_recall({1: 0.2, 10: 0.5, 100: 0.9}),
    "recall of two": lambda: draw_recall({1: 0.2, 100: 0.9}, {1: 0.1, 100: 0.8}),
    "ndcg": lambda: draw_ndcg([0.0, 0.3, 0.3, 1.0]),
    "latency": lambda: draw_latency([3.0, 4.5, 3.2, 90.0]),
    "no time": lambda: draw_latency([0.0]),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_an_svg_with_nothing_to_fetch_is_drawn_the_same_each_time(draw: Callable[[], str]) -> None:
    drawn = draw()
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
    assert drawn == draw()
    # Names of namespaces, which nobody fetches.
    assert set(re.findall(r"https?://[^\"']+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_drawings_show_the_figures() -> None:
    assert "the run compared with" in DRAWINGS["recall of two"]()
    assert "the run compared with" not in DRAWINGS["recall"]()
    assert draw_ndcg([0.1]) != draw_ndcg([0.9])
    assert draw_latency([1.0, 2.0]) != draw_latency([1.0, 5.0])
