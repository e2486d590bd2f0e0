from pathlib import Path

import pytest

from retrieval.evaluation.collection import collection_folder, index_collection, open_collection
from retrieval.evaluation.conversation import (
    HUMAN,
    RAW,
    REWRITTEN,
    SEARCHED,
    ConversationEvaluation,
    evaluate_conversation,
    turns_before,
)
from retrieval.evaluation.files.conversations import (
    Conversation,
    ConversationSet,
    read_conversations,
)
from tests.fakes import HashEncoder
from tests.retrieval.evaluation.files.test_conversations import conversation, say, write

DOCUMENTS = [
    {"_id": "dyke", "text": "The dyke of Tharnock is four miles long."},
    {"_id": "mill", "text": "It is a long mill. How long it is nobody knows."},
    {"_id": "strike", "text": "Drivers went on strike."},
]
FOLLOW_UP = conversation(
    messages=say("Why did the dyke break?", "A storm did it.", "How long is it?"),
    relevant=["dyke"],
)
FIRST = conversation(_id="c2", messages=say("Who went on strike?"), relevant=["strike"])


def evaluate(folder: Path, *conversations: object) -> ConversationEvaluation:
    return evaluate_set(
        folder, read_conversations(write(folder, *conversations, documents=DOCUMENTS))
    )


def evaluate_set(folder: Path, conversations: ConversationSet) -> ConversationEvaluation:
    encoder = HashEncoder()
    where = collection_folder(conversations.collection.corpus, encoder, folder)
    index_collection(conversations.collection.corpus, encoder, where)
    with open_collection(where, encoder) as collection:
        return evaluate_conversation(conversations, collection)


def test_runs_stand_side_by_side(tmp_path: Path) -> None:
    found = evaluate(tmp_path, FOLLOW_UP, FIRST)
    assert list(found.runs) == [RAW, REWRITTEN, SEARCHED]
    assert found.runs[RAW]["c1"][0].document_id == "mill"
    assert found.runs[REWRITTEN]["c1"][0].document_id == "dyke"
    assert found.rewritten["c1"].text == "How long is the dyke?"
    assert found.milliseconds.keys() == {"c1", "c2"}


def test_groups_are_by_depth_and_dependence(tmp_path: Path) -> None:
    found = evaluate(tmp_path, FOLLOW_UP, FIRST)
    assert [(each.name, each.count) for each in found.groups] == [
        ("all", 2),
        ("turn 1", 1),
        ("turn 2", 1),
        ("dependent", 1),
        ("standalone", 1),
    ]
    by_name = {each.name: each.figures for each in found.groups}
    assert by_name["standalone"][RAW]["nDCG@5"] == pytest.approx(1)
    assert by_name["dependent"][REWRITTEN]["nDCG@5"] == pytest.approx(1)
    assert by_name["dependent"][RAW]["nDCG@5"] < 1
    both = (by_name["turn 1"][RAW]["nDCG@5"] + by_name["turn 2"][RAW]["nDCG@5"]) / 2
    assert by_name["all"][RAW]["nDCG@5"] == pytest.approx(both)


def test_a_persons_rewrites_are_a_run_if_all_are_there(tmp_path: Path) -> None:
    human = FOLLOW_UP | {"rewrite": "How long is the dyke?"}
    assert HUMAN not in evaluate(tmp_path, human, FIRST).runs
    found = evaluate(tmp_path, human, FIRST | {"rewrite": "who went on strike"})
    assert found.runs[HUMAN]["c1"][0].document_id == "dyke"
    assert {each.name: each.count for each in found.groups}["dependent"] == 1


def test_earlier_turns_are_rewritten_and_keep_their_answers() -> None:
    exchanges = (("Why did the dyke break?", "A storm."), ("How long is it?", "word " * 20))
    first, second = turns_before(Conversation("c", exchanges, "Why?", ""))
    assert (first.answers, first.quotes) == (("A storm.",), ("A storm.",))
    assert second.standalone == "How long is the dyke?"
    assert (second.answers, second.quotes) == ((), ("word " * 20,))
