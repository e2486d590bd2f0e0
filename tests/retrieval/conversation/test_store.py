import datetime
import threading

import pytest
from sqlalchemy import update

from index.errors import UnknownConversation
from index.store import schema
from index.store.database import Database, moment
from retrieval.conversation.store import (
    ABANDONED,
    TITLE_CHARACTERS,
    begin_turn,
    count_conversations,
    create_conversation,
    delete_conversation,
    drop_turn,
    end_turn,
    get_conversation,
    list_conversations,
    list_turns,
    prune_conversations,
    rename_conversation,
)

REPLY = {"answerable": False, "note": "e\u0301 \U0001f600"}


def create(database: Database, title: str | None = None) -> str:
    with database.write() as connection:
        return create_conversation(connection, title).id


def begin(database: Database, conversation_id: str, question: str) -> int:
    with database.write() as connection:
        return begin_turn(connection, conversation_id, question)


def end(database: Database, conversation_id: str, number: int) -> None:
    with database.write() as connection:
        end_turn(connection, conversation_id, number, "Understood?", REPLY)


def ask(database: Database, conversation_id: str, question: str) -> None:
    end(database, conversation_id, begin(database, conversation_id, question))


def questions(database: Database, conversation_id: str, last: int | None = None) -> list[str]:
    with database.read() as connection:
        return [turn.question for turn in list_turns(connection, conversation_id, last=last)]


def title_of(database: Database, conversation_id: str) -> str | None:
    with database.read() as connection:
        return get_conversation(connection, conversation_id).title


def age(database: Database, conversation_id: str, days: float) -> None:
    """Make it as if the conversation had last been asked in so long ago."""
    table = schema.conversations
    past = moment(datetime.timedelta(days=days))
    with database.write() as connection:
        connection.execute(
            update(table).where(table.c.id == conversation_id).values(updated_at=past)
        )


def test_a_turn_is_read_as_it_was_written(database: Database) -> None:
    made = create(database)
    ask(database, made, "Why \u05e9\u05dc\u05d5\u05dd?")
    with database.read() as connection:
        (turn,) = list_turns(connection, made)
        found = get_conversation(connection, made)
    assert (turn.number, turn.question, turn.standalone_question) == (
        *(1, "Why \u05e9\u05dc\u05d5\u05dd?", "Understood?"),
    )
    assert turn.reply == REPLY
    assert found.created_at < turn.asked_at < found.updated_at
    assert found.turns == 1


def test_a_question_counts_once_it_is_answered(database: Database) -> None:
    made = create(database)
    number = begin(database, made, "Why?")
    assert questions(database, made) == []
    with database.read() as connection:
        assert get_conversation(connection, made).turns == 0
    end(database, made, number)
    assert questions(database, made) == ["Why?"]


def test_turns_stand_in_the_order_asked_whichever_is_answered_first(database: Database) -> None:
    made = create(database)
    first, second = begin(database, made, "One?"), begin(database, made, "Two?")
    end(database, made, second)
    assert questions(database, made) == ["Two?"]
    end(database, made, first)
    assert questions(database, made) == ["One?", "Two?"]
    assert title_of(database, made) == "One?"


def test_a_question_that_cannot_be_answered_leaves_nothing(database: Database) -> None:
    made = create(database)
    with database.write() as connection:
        number = begin_turn(connection, made, "One?")
        drop_turn(connection, made, number)
    ask(database, made, "Two?")
    assert questions(database, made) == ["Two?"]
    assert title_of(database, made) == "Two?"


def test_the_last_few_turns_are_read_alone(database: Database) -> None:
    made = create(database)
    for number in range(5):
        ask(database, made, f"{number}?")
    assert questions(database, made, last=2) == ["3?", "4?"]
    assert questions(database, made, last=9) == [f"{number}?" for number in range(5)]


def test_threads_that_ask_at_once_keep_every_turn_under_its_own_number(
    database: Database,
) -> None:
    made = create(database)
    # Another process has its own connections.
    other = Database(database.path)
    failures: list[BaseException] = []
    taken: list[tuple[int, str]] = []

    def ask_on(name: str, where: Database) -> None:
        try:
            for number in range(8):
                question = f"{name}{number}?"
                got = begin(where, made, question)
                taken.append((got, question))
                end(where, made, got)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [
        threading.Thread(target=ask_on, args=(name, where))
        for name, where in (("a", database), ("b", other), ("c", database))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.close()
    assert failures == []
    with database.read() as connection:
        turns = list_turns(connection, made)
    assert [turn.number for turn in turns] == list(range(1, 25))
    assert [(turn.number, turn.question) for turn in turns] == sorted(taken)
    assert [turn.asked_at for turn in turns] == sorted(turn.asked_at for turn in turns)
    for name in "abc":
        own = [turn.question for turn in turns if turn.question.startswith(name)]
        assert own == [f"{name}{number}?" for number in range(8)]


def test_the_first_question_is_the_title_unless_there_is_one(database: Database) -> None:
    named, unnamed = create(database, "Floods"), create(database)
    assert title_of(database, unnamed) is None
    for question in ("  Why did\n the dyke break? ", "When?"):
        ask(database, named, question)
        ask(database, unnamed, question)
    assert title_of(database, named) == "Floods"
    assert title_of(database, unnamed) == "Why did the dyke break?"


@pytest.mark.parametrize("question", ["why " * 300, "\u96e8" * 900], ids=["words", "no spaces"])
def test_a_long_question_is_cut_in_the_title(database: Database, question: str) -> None:
    made = create(database)
    ask(database, made, question)
    title = title_of(database, made) or ""
    assert TITLE_CHARACTERS // 2 < len(title) <= TITLE_CHARACTERS
    assert title.endswith("\u2026")
    assert question.startswith(title[:-1])


def test_the_conversation_last_asked_in_is_listed_first(database: Database) -> None:
    ids = [create(database, str(number)) for number in range(4)]
    ask(database, ids[1], "Why?")
    with database.write() as connection:
        rename_conversation(connection, ids[0], "Another name")
    with database.read() as connection:
        listed = list_conversations(connection)
        assert count_conversations(connection) == 4
        page = list_conversations(connection, count=2, offset=1)
    assert [each.id for each in listed] == [ids[1], ids[3], ids[2], ids[0]]
    assert [each.turns for each in listed] == [1, 0, 0, 0]
    assert listed[-1].title == "Another name"
    assert page == listed[1:3]


def test_a_deleted_conversation_is_gone_with_its_turns(database: Database) -> None:
    made, kept = create(database), create(database)
    ask(database, made, "Why?")
    ask(database, kept, "When?")
    with database.write() as connection:
        delete_conversation(connection, made)
        turns = connection.execute(schema.turns.select()).all()
        assert [each.id for each in list_conversations(connection)] == [kept]
    assert [turn.conversation_id for turn in turns] == [kept]


def test_what_is_unknown_is_refused(database: Database) -> None:
    with database.write() as connection:
        for refused in (
            lambda: get_conversation(connection, "conv_0"),
            lambda: list_turns(connection, "conv_0"),
            lambda: rename_conversation(connection, "conv_0", "A"),
            lambda: delete_conversation(connection, "conv_0"),
            lambda: begin_turn(connection, "conv_0", "Why?"),
        ):
            with pytest.raises(UnknownConversation, match="'conv_0'"):
                refused()


def test_a_reply_to_a_conversation_deleted_meanwhile_is_refused(database: Database) -> None:
    made = create(database)
    number = begin(database, made, "Why?")
    with database.write() as connection:
        delete_conversation(connection, made)
    with pytest.raises(UnknownConversation):
        end(database, made, number)


@pytest.mark.parametrize(("days", "kept"), [(None, 3), (100, 3), (10, 2), (1, 1)])
def test_conversations_are_kept_for_as_long_as_they_are_wanted(
    database: Database, days: int | None, kept: int
) -> None:
    ids = [create(database) for _ in range(3)]
    for number, conversation_id in enumerate(ids):
        ask(database, conversation_id, "Why?")
        age(database, conversation_id, (0.9, 9.9, 10.1)[number])
    with database.write() as connection:
        assert prune_conversations(connection, days) == 3 - kept
        assert [each.id for each in list_conversations(connection)] == ids[:kept]


def test_asking_in_an_old_conversation_keeps_it(database: Database) -> None:
    asked_in, being_asked_in = create(database), create(database)
    for each in (asked_in, being_asked_in):
        age(database, each, 30)
    ask(database, asked_in, "Why?")
    number = begin(database, being_asked_in, "Why?")
    with database.write() as connection:
        assert prune_conversations(connection, 10) == 0
    end(database, being_asked_in, number)
    assert questions(database, being_asked_in) == ["Why?"]


def test_a_question_cut_off_by_a_crash_is_forgotten(database: Database) -> None:
    made = create(database)
    cut_off, going_on = begin(database, made, "One?"), begin(database, made, "Two?")
    table = schema.turns
    with database.write() as connection:
        connection.execute(
            update(table).where(table.c.number == cut_off).values(asked_at=moment(ABANDONED * 2))
        )
        prune_conversations(connection, None)
        numbers = [row.number for row in connection.execute(table.select())]
    assert numbers == [going_on]


def test_times_sort_as_texts() -> None:
    times = [moment(datetime.timedelta(seconds=5)), moment(), moment()]
    assert times == sorted(times)
    assert {len(time) for time in times} == {32}
    assert datetime.datetime.fromisoformat(times[0]).tzinfo is datetime.UTC
