"""Read a folder of conversations: a corpus, and questions with what was said before them.

`corpus.jsonl` has `{"_id", "title", "text"}`, `conversations.jsonl` has `{"_id", "messages",
"relevant"}`: messages are `{"role": "user" | "assistant", "content"}`, the last a user's,
`relevant` the ids of the documents that answer it. `rewrite`, where given, is how a person would
ask it by itself; `answerability`, where given, is ANSWERABLE or PARTIAL if they do. Whatever else a
line has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import BadExample
from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.corpus import CORPUS, read_corpus
from retrieval.evaluation.files.records import read_new_id, read_records, read_text, read_texts

CONVERSATIONS = Path("conversations.jsonl")
"""Where they are in the folder."""

_ANSWERED = ("ANSWERABLE", "PARTIAL")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question and the exchanges before it: what was asked, and what was answered.

    `human` is a person's rewrite of the question, "" where there is none.
    """

    id: str
    exchanges: tuple[tuple[str, str], ...]
    question: str
    human: str

    @property
    def depth(self) -> int:
        """Which question of its conversation it is, from 1."""
        return len(self.exchanges) + 1


@dataclass(frozen=True, slots=True)
class ConversationSet:
    """Conversations whose last question some document answers, and the collection they search.

    `collection.queries` are the last questions as asked. `unanswered` are the ids of the others.
    """

    conversations: tuple[Conversation, ...]
    collection: Beir
    unanswered: tuple[str, ...]


def read_conversations(folder: Path) -> ConversationSet:
    """Read both files.

    Raises BadExample, with file and line, for a line that is not what it should be, an id that is
    there twice, a document that the corpus lacks, and a file of which nothing is left; OSError if
    one cannot be read.
    """
    corpus, path = read_corpus(folder / CORPUS), folder / CONVERSATIONS
    conversations: dict[str, Conversation] = {}
    judgements: dict[str, dict[str, int]] = {}
    unanswered = []
    for number, record in read_records(path):
        conversation = _conversation(record, conversations, path, number)
        relevant = read_texts(record, "relevant", path, number)
        for document in relevant:
            if document not in corpus.documents:
                raise BadExample(path, number, f"document {document!r} is not in {CORPUS}")
        conversations[conversation.id] = conversation
        if relevant and record.get("answerability", _ANSWERED[0]) in _ANSWERED:
            judgements[conversation.id] = dict.fromkeys(relevant, 1)
        else:
            unanswered.append(conversation.id)
    if not judgements:
        raise BadExample(path, 1, "no question is answered by a document")
    kept = tuple(conversations[each] for each in judgements)
    queries = {each.id: each.question for each in kept}
    return ConversationSet(kept, Beir(corpus, queries, judgements), tuple(unanswered))


def _conversation(
    record: Mapping[str, Any], known: Mapping[str, Conversation], path: Path, number: int
) -> Conversation:
    name = read_new_id(record, known, path, number)
    messages = record.get("messages")
    if not isinstance(messages, list) or not all(isinstance(each, dict) for each in messages):
        raise BadExample(path, number, "'messages' is not a list of messages")
    exchanges: list[tuple[str, str]] = []
    asked = ""
    for message in messages:
        role = read_text(message, "role", path, number)
        content = read_text(message, "content", path, number)
        if role not in {"user", "assistant"}:
            raise BadExample(path, number, f"the role {role!r} is not user or assistant")
        if role == "assistant" and asked:
            exchanges.append((asked, content))
            asked = ""
        elif role == "user":
            if asked:
                exchanges.append((asked, ""))
            asked = content
    if not asked.strip():
        raise BadExample(path, number, "the last message is not a user's question")
    human = read_text({"rewrite": ""} | dict(record), "rewrite", path, number)
    return Conversation(name, tuple(exchanges), asked, human)
