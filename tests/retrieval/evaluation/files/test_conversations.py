import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from retrieval.errors import BadExample
from retrieval.evaluation.files.conversations import Conversation, read_conversations

DOCUMENTS = [
    {"_id": "d1", "title": "Flood", "text": "The dyke of Tharnock broke in the night."},
    {"_id": "d2", "text": "A mill burned down."},
]


def say(*contents: str) -> list[dict[str, str]]:
    """Messages of a user and an assistant in turn."""
    return [
        {"role": ("user", "assistant")[number % 2], "content": content}
        for number, content in enumerate(contents)
    ]


def conversation(**changes: object) -> dict[str, object]:
    record: dict[str, object] = {
        "_id": "c1",
        "messages": say("Which dyke broke?"),
        "relevant": ["d1"],
    }
    return record | changes


def write(folder: Path, *conversations: object, documents: Sequence[object] = DOCUMENTS) -> Path:
    for name, records in (("corpus", documents), ("conversations", conversations)):
        lines = "".join(
            each if isinstance(each, str) else json.dumps(each) + "\n" for each in records
        )
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_a_folder_is_read(tmp_path: Path) -> None:
    messages = say("Which dyke broke?", "Tharnock's.", "When?")
    found = read_conversations(
        write(
            tmp_path,
            conversation(),
            conversation(_id="c2", messages=messages, rewrite="When did the dyke break?"),
            conversation(_id="c3", relevant=[]),
            conversation(_id="c4", answerability="UNDERSPECIFIED"),
        )
    )
    assert found.conversations == (
        Conversation("c1", (), "Which dyke broke?", ""),
        Conversation(
            "c2", (("Which dyke broke?", "Tharnock's."),), "When?", "When did the dyke break?"
        ),
    )
    assert [each.depth for each in found.conversations] == [1, 2]
    assert found.unanswered == ("c3", "c4")
    assert found.collection.judgements == {"c1": {"d1": 1}, "c2": {"d1": 1}}
    assert list(found.collection.corpus.documents) == ["d1", "d2"]


def test_a_question_that_nobody_answered_counts_as_a_turn(tmp_path: Path) -> None:
    messages = [*say("Which dyke broke?"), *say("Hello?")]
    found = read_conversations(write(tmp_path, conversation(messages=messages)))
    assert found.conversations[0].exchanges == (("Which dyke broke?", ""),)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{\n", "not JSON"),
        (conversation(_id="a b"), "white space"),
        (conversation(), "there twice"),
        (conversation(_id="c2", messages="Why?"), "not a list of messages"),
        (conversation(_id="c2", messages=[]), "not a user's question"),
        (conversation(_id="c2", messages=say("Why?", "Because.")), "not a user's question"),
        (conversation(_id="c2", messages=[{"role": "system", "content": "x"}]), "'system'"),
        (conversation(_id="c2", messages=[{"role": "user"}]), "'content' is missing"),
        (conversation(_id="c2", relevant="d1"), "'relevant' is not a list of texts"),
        (conversation(_id="c2", relevant=["d9"]), "'d9' is not in corpus.jsonl"),
        (conversation(_id="c2", rewrite=1), "'rewrite' is not a text"),
    ],
)
def test_a_bad_conversation_is_named(tmp_path: Path, bad: object, reason: str) -> None:
    with pytest.raises(BadExample, match=rf"conversations.jsonl, line 2: .*{reason}"):
        read_conversations(write(tmp_path, conversation(), bad))


def test_a_bad_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadExample, match=r"corpus.jsonl, line 2: .*there twice"):
        read_conversations(write(tmp_path, conversation(), documents=[DOCUMENTS[0]] * 2))


def test_there_must_be_something_to_measure(tmp_path: Path) -> None:
    with pytest.raises(BadExample, match="no question is answered by a document"):
        read_conversations(write(tmp_path, conversation(relevant=[])))
