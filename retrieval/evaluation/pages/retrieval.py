"""The page that shows how retrieval did on a collection, and why on its worst queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.trec_run import Ranked
from retrieval.evaluation.metrics.compare import MOVED_BY
from retrieval.evaluation.metrics.rank_metrics import METRICS, first_relevant
from retrieval.evaluation.pages.page import (
    escape,
    shorten,
    show_comparison,
    show_drawing,
    show_folded,
    show_page,
    show_rows,
    show_section,
    show_text,
)
from retrieval.evaluation.pages.plots import draw_latency, draw_ndcg, draw_recall
from retrieval.evaluation.retrieval import Compared, RetrievalEvaluation

WORST = 50
"""Queries in the browser: those with the lowest nDCG@10."""

EXPECTED_SHOWN, FOUND_SHOWN = 20, 10
"""Documents shown of a query, at the most."""

NAMED = 200
"""Ids in a list, at the most: the others are in the JSON file."""

_BEST = 1 - 1e-9
"""The nDCG from which on nothing could be better."""


def show_retrieval(
    name: str, beir: Beir, evaluation: RetrievalEvaluation, compared: Compared | None = None
) -> bytes:
    """The page for a collection of this name, beside another run if there is one."""
    parts = [_figures(beir, evaluation), _drawings(evaluation, compared)]
    if compared is not None:
        parts += [
            show_comparison(compared.name, compared.comparison.metrics),
            _moved(beir, evaluation, compared),
        ]
    parts += [_worst(beir, evaluation), _left_out(evaluation)]
    page = show_page(f"Retrieval on {name}", [part for part in parts if part])
    return page.encode("utf-8")


def _figures(beir: Beir, evaluation: RetrievalEvaluation) -> str:
    judged = evaluation.judged
    rows = [(name, f"{judged.metrics.mean[name]:.4f}") for name in METRICS]
    rows += [
        ("documents", f"{len(beir.corpus.documents):,}"),
        ("queries", f"{len(beir.queries):,}"),
        ("of them judged", f"{len(judged.metrics.per_query):,}"),
        ("judged, nothing found (counted 0)", f"{len(judged.without_result):,}"),
        ("milliseconds a search, median", f"{evaluation.latency(0.5):.1f}"),
        ("milliseconds a search, 95th percentile", f"{evaluation.latency(0.95):.1f}"),
    ]
    return f"<h2>Figures</h2>\n{show_rows(('', 'mean over judged queries'), rows)}"


def _drawings(evaluation: RetrievalEvaluation, compared: Compared | None) -> str:
    judged = evaluation.judged
    ndcg = [figures[MOVED_BY] for figures in judged.metrics.per_query.values()]
    recall = draw_recall(judged.recall, None if compared is None else compared.judged.recall)
    says = ", ".join(f"{value:.3f} at {depth}" for depth, value in judged.recall.items())
    return "\n".join(
        [
            show_drawing(recall, f"Mean recall by depth: {says}"),
            show_drawing(draw_ndcg(ndcg), "Histogram of the queries' nDCG@10"),
            show_drawing(
                draw_latency(list(evaluation.milliseconds.values()), "a search"),
                "Histogram of the searches' milliseconds",
            ),
        ]
    )


def _moved(beir: Beir, evaluation: RetrievalEvaluation, compared: Compared) -> str:
    folded = []
    for move in compared.comparison.moved:
        content = _query(beir, move.query_id, evaluation.judged.run.get(move.query_id, ()))
        theirs = compared.judged.run.get(move.query_id, ())
        content += "\n" + _found(beir, move.query_id, theirs, f"Found by {compared.name}")
        figure = f"{move.other:.3f} \u2192 {move.this:.3f}"
        folded.append(show_folded(_summary(beir, move.query_id), figure, content))
    return show_section(f"What moved most ({MOVED_BY}, other \u2192 this)", folded)


def _worst(beir: Beir, evaluation: RetrievalEvaluation) -> str:
    per_query = evaluation.judged.metrics.per_query
    worst = sorted(per_query, key=lambda each: (per_query[each][MOVED_BY], per_query[each]["AP"]))
    shown = [each for each in worst if per_query[each][MOVED_BY] < _BEST][:WORST]
    folded = []
    for query_id in shown:
        ranking = evaluation.judged.run.get(query_id, ())
        figure = f"{per_query[query_id][MOVED_BY]:.3f}, {_first(beir, query_id, ranking)}"
        content = _query(beir, query_id, ranking)
        folded.append(show_folded(_summary(beir, query_id), figure, content))
    return show_section(f"The worst queries (lowest {MOVED_BY})", folded)


def _summary(beir: Beir, query_id: str) -> str:
    text = show_text(shorten(beir.queries[query_id]))
    return f'{text} <span class="quiet">[{escape(query_id)}]</span>'


def _query(beir: Beir, query_id: str, ranking: Sequence[Ranked]) -> str:
    full = beir.queries[query_id]
    whole = "" if shorten(full) == full else f"<p>{show_text(full)}</p>\n"
    return (
        f"{whole}{_expected(beir, beir.judgements[query_id], ranking)}\n"
        f"{_found(beir, query_id, ranking, f'Found ({_first(beir, query_id, ranking)})')}"
    )


def _first(beir: Beir, query_id: str, ranking: Sequence[Ranked]) -> str:
    first = first_relevant(beir.judgements[query_id], ranking)
    return f"first right at {first}" if first else f"none right among {len(ranking)}"


def _expected(beir: Beir, judged: Mapping[str, int], ranking: Sequence[Ranked]) -> str:
    ranks = {found.document_id: rank for rank, found in enumerate(ranking, start=1)}
    relevant = [each for each in judged if judged[each] > 0]
    # Those that were missed first: they say why.
    relevant.sort(key=lambda each: (-ranks.get(each, len(ranking) + 1), -judged[each]))
    items = []
    for document_id in relevant[:EXPECTED_SHOWN]:
        place = f"found at {ranks[document_id]}" if document_id in ranks else "not found"
        grade = f", judged {judged[document_id]}" if judged[document_id] > 1 else ""
        items.append(f"<li>{_document(beir, document_id)} <b>{place}{grade}</b></li>")
    left = len(relevant) - len(items)
    more = f'<p class="quiet">and {left:,} more</p>' if left else ""
    return f"<h3>Expected: {len(relevant):,}</h3>\n<ul>\n" + "\n".join(items) + f"\n</ul>{more}"


def _found(beir: Beir, query_id: str, ranking: Sequence[Ranked], heading: str) -> str:
    judged = beir.judgements[query_id]
    items = []
    for found in ranking[:FOUND_SHOWN]:
        right = judged.get(found.document_id, 0) > 0
        mark, says = (' class="right"', " \u2713 expected") if right else ("", "")
        items.append(
            f"<li{mark}>{_document(beir, found.document_id)} "
            f'<span class="quiet">{found.score:.4f}{says}</span></li>'
        )
    shown = "<ol>\n" + "\n".join(items) + "\n</ol>" if items else "<p>Nothing.</p>"
    return f"<h3>{escape(heading)}</h3>\n{shown}"


def _document(beir: Beir, document_id: str) -> str:
    document = beir.corpus.documents[document_id]
    title = f"<b>{show_text(shorten(document.title, 120))}</b> " if document.title.strip() else ""
    quiet = f'<span class="quiet">[{escape(document_id)}]</span>'
    # Some collections have the title in the text again.
    return f"{quiet} {title}{show_text(shorten(document.text.removeprefix(document.title)))}"


def _left_out(evaluation: RetrievalEvaluation) -> str:
    lists = [
        ("Queries without a judgement, in no figure", evaluation.unjudged),
        ("Judged queries for which nothing was found, counted 0", evaluation.judged.without_result),
        ("Judged queries without a relevant document, counted 0", evaluation.without_relevant),
        ("Empty documents, which cannot be found", evaluation.empty_documents),
    ]
    folded = [
        show_folded(escape(heading), f"{len(ids):,}", f"<p>{_names(ids)}</p>")
        for heading, ids in lists
        if ids
    ]
    return show_section("What counts differently", folded)


def _names(ids: Sequence[str]) -> str:
    left = len(ids) - NAMED
    return ", ".join(map(escape, ids[:NAMED])) + (f" and {left:,} more" if left > 0 else "")
