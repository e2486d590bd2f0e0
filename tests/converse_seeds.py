"""Hold twenty conversations over the seeds, and print each turn and how many are right.

    python -m tests.converse_seeds [--home HOME]

`answer_sets/conversations.jsonl` has a conversation a line: `_id` and its `turns`, each with the
question's `text` and what is expected: the accepted `answers`, or `silent` where none may be given,
and words that `note` must have. A turn is right if its first answer has an F1 of at least .5 with
an accepted one, or all of its words. The seeds are taken in by each run, into a home of their own;
only the models are those of HOME.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from api.main import main as command
from api.pipeline import open_pipeline
from api.settings import Settings
from index.types import Filter
from retrieval.converse import converse
from retrieval.evaluation.metrics.text_match import best_f1, normalise
from retrieval.types import Exchange, Pipeline, Reply

ROOT = Path(__file__).parents[1]
CONVERSATIONS = Path(__file__).parent / "answer_sets/conversations.jsonl"
LEAST_F1 = 0.5


def main() -> None:
    """Print every turn, then how many are right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Settings().home, help="where the models are")
    models = parser.parse_args().home / "models"
    right: Counter[bool] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        if models.is_dir():
            (home / "models").symlink_to(models.resolve())
        command(["ingest", "--home", str(home), str(ROOT / "seeds")])
        with open_pipeline(Settings(home=home), for_conversations=True) as pipeline:
            for line in CONVERSATIONS.read_text(encoding="utf-8").splitlines():
                right += hold(json.loads(line), pipeline)
    print(f"{right[True]} of {right.total()} turns are right")


def hold(conversation: dict[str, Any], pipeline: Pipeline) -> Counter[bool]:
    """Ask turn by turn and count those that are right."""
    print(f"== {conversation['_id']}")
    history: list[Exchange] = []
    right: Counter[bool] = Counter()
    for turn in conversation["turns"]:
        reply = converse(turn["text"], Filter(), pipeline, history=history)
        history.append(Exchange(turn["text"], reply))
        good = is_right(turn, reply)
        right[good] += 1
        print(f"{'right' if good else 'WRONG'}  {turn['text']}")
        if reply.standalone_question != turn["text"]:
            print(f"       understood as: {reply.standalone_question}")
        _show(reply)
    return right


def is_right(turn: dict[str, Any], reply: Reply) -> bool:
    """Whether the reply is what is expected of the turn."""
    if turn.get("note", "").casefold() not in (reply.note or "").casefold():
        return False
    if turn.get("silent") or not reply.answers:
        return bool(turn.get("silent")) and not reply.answers
    if "answers" not in turn:
        return True
    found = reply.answers[0].text
    whole = any(f" {normalise(each)} " in f" {normalise(found)} " for each in turn["answers"])
    return whole or best_f1(found, turn["answers"]) >= LEAST_F1


def _show(reply: Reply) -> None:
    cited = {each.id: each for each in reply.citations}
    for each in reply.answers:
        titles = "; ".join(
            f"{cited[n].document_title[:40]}, {cited[n].document_date}" for n in each.citations
        )
        print(f"       -> {each.text} ({each.confidence:.0%}) [{titles}]")
    if not reply.answers:
        print("       -> no answer")
    if reply.note:
        print(f"       note: {reply.note}")


if __name__ == "__main__":
    main()
