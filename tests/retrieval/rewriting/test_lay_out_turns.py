from index.models.int8 import open_tokenizer
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.rewriting.term_finder import MAX_PIECES, lay_out_turns
from retrieval.types import Turn

TOKENIZER = open_tokenizer((DEFAULT_FOLDER / "tokenizer.json").read_bytes())
TURNS = [Turn("Why did the dyke break?"), Turn("Who repaired it?", answers=("Mara Venn",))]


def pieces(ids: list[int]) -> str:
    return str(TOKENIZER.decode(ids, skip_special_tokens=False))


def test_what_was_said_last_comes_first() -> None:
    layout = lay_out_turns(TOKENIZER, "When?", TURNS)
    assert pieces(layout.ids) == (
        "[CLS] when? [SEP] who repaired it? | mara venn | why did the dyke break? | [SEP]"
    )
    assert layout.types == [0] * 4 + [1] * (len(layout.ids) - 4)


def test_words_stand_where_their_pieces_do() -> None:
    layout = lay_out_turns(TOKENIZER, "When?", TURNS)
    found = {
        word.stems: pieces([layout.ids[each] for each in word.positions]) for word in layout.words
    }
    assert found[("dyke",)] == "dyke"
    assert found[("venn",)] == "venn"
    assert ("it",) not in found


def test_what_was_said_longest_ago_is_left_out() -> None:
    history = [Turn(f"Did town number {number} flood?") for number in range(60)]
    layout = lay_out_turns(TOKENIZER, "why " * 300, history)
    assert len(layout.ids) == len(layout.types) <= MAX_PIECES
    stems = {stem for word in layout.words for stem in word.stems}
    assert "59" in stems
    assert "0" not in stems
    assert all(
        position < len(layout.ids) - 1 for word in layout.words for position in word.positions
    )
