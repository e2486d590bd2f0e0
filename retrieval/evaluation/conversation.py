"""Search for the last question of conversations: as asked, rewritten, and by a person."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.conversation.history import SHORT_ANSWER
from retrieval.evaluation.collection import Collection
from retrieval.evaluation.files.conversations import Conversation, ConversationSet
from retrieval.evaluation.files.rewrites import plain
from retrieval.evaluation.files.trec_run import Ranked, Run
from retrieval.evaluation.metrics.rank_metrics import mean, measure
from retrieval.evaluation.retrieval import rank_documents
from retrieval.rewriting.rewrite import Rewritten, rewrite
from retrieval.search.expand import context_of
from retrieval.types import TermFinder, Turn

METRICS = ("nDCG@5", "R@5")
"""What is measured, as ir-measures calls it."""

RAW, REWRITTEN, SEARCHED, HUMAN = "raw", "rewritten", "in context", "human"
"""The runs: the question as asked; its rewrite searched by itself; its rewrite searched as Dateline
does, nudged by what was said before; a person's rewrite, where every question has one."""


@dataclass(frozen=True, slots=True)
class Group:
    """Questions with something in common, and the mean of each metric by run."""

    name: str
    count: int
    figures: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class ConversationEvaluation:
    """What rewriting did on a set of conversations.

    `runs` are by name. `groups` are all questions, those of each depth, and those that depend on
    what was said and those that stand alone: by the person's rewrite where there is one, else by
    Dateline's. `rewritten` and `milliseconds`, what rewriting took, are by conversation id.
    """

    runs: Mapping[str, Run]
    groups: tuple[Group, ...]
    rewritten: Mapping[str, Rewritten]
    milliseconds: Mapping[str, float]


def _ignore(_conversation_id: str) -> None:
    """Do nothing."""


def evaluate_conversation(
    conversations: ConversationSet,
    collection: Collection,
    finder: TermFinder | None = None,
    *,
    on_done: Callable[[str], object] = _ignore,
    clock: Callable[[], float] = time.perf_counter,
) -> ConversationEvaluation:
    """Rewrite and rank documents for each last question, and measure the rankings.

    Earlier questions count as Dateline rewrote them. `on_done` is called after each conversation.
    """
    found = conversations.conversations
    names = [RAW, REWRITTEN, SEARCHED, *([HUMAN] if all(each.human for each in found) else [])]
    runs: dict[str, dict[str, list[Ranked]]] = {name: {} for name in names}
    rewritten: dict[str, Rewritten] = {}
    milliseconds: dict[str, float] = {}
    for each in found:
        history = turns_before(each, finder)
        began = clock()
        rewritten[each.id] = rewrite(each.question, history, finder)
        milliseconds[each.id] = (clock() - began) * 1000
        text = rewritten[each.id].text
        runs[RAW][each.id] = rank_documents(each.question, collection)
        runs[REWRITTEN][each.id] = rank_documents(text, collection)
        runs[SEARCHED][each.id] = rank_documents(text, collection, context_of(history))
        if HUMAN in runs:
            runs[HUMAN][each.id] = rank_documents(each.human, collection)
        on_done(each.id)
    judgements = conversations.collection.judgements
    scores = {name: measure(judgements, run, METRICS) for name, run in runs.items()}
    members = _members(found, rewritten)
    groups = tuple(_group(name, ids, scores) for name, ids in members.items() if ids)
    return ConversationEvaluation(runs, groups, rewritten, milliseconds)


def turns_before(conversation: Conversation, finder: TermFinder | None = None) -> list[Turn]:
    """The turns before the question, each question rewritten by those before it."""
    history: list[Turn] = []
    for question, answer in conversation.exchanges:
        short = (answer,) if answer and len(answer.split()) <= SHORT_ANSWER else ()
        quotes = (answer,) if answer else ()
        text = rewrite(question, history, finder).text
        history.append(Turn(question, text, answers=short, quotes=quotes))
    return history


def _members(
    conversations: Sequence[Conversation], rewritten: Mapping[str, Rewritten]
) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {"all": [each.id for each in conversations]}
    for depth in sorted({each.depth for each in conversations}):
        members[f"turn {depth}"] = [each.id for each in conversations if each.depth == depth]
    members |= {"dependent": [], "standalone": []}
    for each in conversations:
        if each.human:
            depends = plain(each.human) != plain(each.question)
        else:
            depends = rewritten[each.id].depends
        members["dependent" if depends else "standalone"].append(each.id)
    return members


def _group(
    name: str, ids: Sequence[str], scores: Mapping[str, Mapping[str, Mapping[str, float]]]
) -> Group:
    figures = {
        run: {metric: mean(per_query[each][metric] for each in ids) for metric in METRICS}
        for run, per_query in scores.items()
    }
    return Group(name, len(ids), figures)
