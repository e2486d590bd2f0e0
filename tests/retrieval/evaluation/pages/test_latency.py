from retrieval.evaluation.pages.plots import draw_latency, latency
from tests.retrieval.evaluation.pages.read_page import assert_drawing


def test_latency_is_by_nearest_rank() -> None:
    taken = [float(number) for number in range(100, 0, -1)]
    assert [latency(taken, share) for share in (0, 0.5, 0.95, 1)] == [1, 50, 95, 100]
    assert latency([7.0], 0.5) == 7


def test_it_is_drawn_also_where_no_time_passed() -> None:
    assert_drawing(lambda: draw_latency([3.0, 4.5, 3.2, 90.0], "a search"))
    assert_drawing(lambda: draw_latency([0.0], "a search"))


def test_the_drawing_shows_the_times() -> None:
    assert draw_latency([1.0, 2.0], "a search") != draw_latency([1.0, 5.0], "a search")
    assert "How long a question took" in draw_latency([1.0], "a question")
