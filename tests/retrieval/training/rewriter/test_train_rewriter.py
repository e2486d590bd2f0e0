import json
from pathlib import Path

from retrieval.evaluation.files.rewrites import RewriteExample, rewrite_all
from retrieval.rewriting.weights import Logistic, load_weights
from retrieval.training.rewriter.train_rewriter import RecordedFinder, fit_rewriter, save, turns_of
from retrieval.types import Terms, Turn
from tests.fakes import NearFinder

TOPICS = ("dyke", "mill", "strike", "river", "inquiry", "harbour")
EXAMPLES = [
    example
    for topic in TOPICS
    for example in (
        RewriteExample(
            f"{topic}_1",
            "made",
            (),
            f"Who saw the {topic} in Aktau?",
            f"Who saw the {topic} in Aktau?",
        ),
        RewriteExample(
            f"{topic}_2",
            "made",
            (f"Who saw the {topic} in Aktau?",),
            "Why is it old?",
            f"Why is the {topic} old?",
        ),
        RewriteExample(
            f"{topic}_3",
            "made",
            (f"Who saw the {topic} in Aktau?", "Why is it old?"),
            "Who won the football cup?",
            "Who won the football cup?",
        ),
    )
]
HUMAN = {example.id: example.rewrite for example in EXAMPLES}


def test_what_depends_and_on_what_is_learned(tmp_path: Path) -> None:
    weights = fit_rewriter(EXAMPLES, HUMAN, NearFinder())
    save(weights, tmp_path / "weights.json")
    found = load_weights(tmp_path / "weights.json")
    assert found.depends.probability({"anaphor": 1, "is neuter": 1}) > (
        found.depends.probability({"topics 1": 1, "long topic": 1, "the": 1})
    )
    assert isinstance(found.antecedent, Logistic)


def test_what_was_found_is_found_again_for_the_same_question_after_the_same() -> None:
    found = {each.id: Terms(0.5, {each.id: 1.0}) for each in EXAMPLES}
    finder = RecordedFinder(EXAMPLES, found)
    second = EXAMPLES[1]
    assert finder.find(second.question, [Turn(second.history[0])]) == found[second.id]
    assert finder.find(second.question, []) == Terms(0.0, {})


def test_training_twice_gives_the_same_file(tmp_path: Path) -> None:
    first, second = (json.dumps(fit_rewriter(EXAMPLES, HUMAN, NearFinder())) for _ in range(2))
    assert first == second


def test_history_has_the_standalone_questions_that_are_known() -> None:
    histories = turns_of(EXAMPLES[:3], HUMAN)
    assert [len(history) for history in histories] == [0, 1, 2]
    assert [turn.standalone for turn in histories[2]] == [HUMAN["dyke_1"], HUMAN["dyke_2"]]
    assert [turn.standalone for turn in turns_of(EXAMPLES[:3], {})[2]] == ["", ""]


def test_all_are_rewritten_by_the_rewriters_own_turns_before() -> None:
    asked = ("Why did the dyke give way?", "How long is it?", "Who built it?")
    examples = [
        RewriteExample(str(number), "made", asked[:number], question, "What?")
        for number, question in enumerate(asked)
    ]
    assert rewrite_all(examples) == [asked[0], "How long is the dyke?", "Who built the dyke?"]
