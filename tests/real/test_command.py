"""The real command in processes of its own, with the real models."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.real

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
COMMAND = Path(sys.executable).with_name("dateline")
GAS = "the rise in the cost of liquefied gas"
SECONDS = 120


def environment() -> dict[str, str]:
    """The environment without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}


def dateline(
    home: Path, *arguments: str | Path, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    finished = subprocess.run(
        [COMMAND, *arguments, "--home", home],
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
        **options,
    )
    assert "Traceback" not in finished.stderr
    return finished


def make_home(folder: Path, models: Path) -> Path:
    """An empty home that need not convert the model again."""
    folder.mkdir()
    try:
        shutil.copytree(models, folder / "models", copy_function=os.link)
    except (OSError, shutil.Error):  # another file system
        shutil.rmtree(folder / "models")
        shutil.copytree(models, folder / "models")
    return folder


@pytest.fixture
def empty_home(tmp_path: Path, models_folder: Path) -> Path:
    return make_home(tmp_path / "home", models_folder)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Path:
    """A home with the seeds, which tests share and do not change."""
    home = make_home(tmp_path_factory.mktemp("seeded") / "home", models_folder)
    finished = dateline(home, "ingest", SEEDS)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == "6 added, 0 replaced, 0 unchanged, 0 failed\n"
    return home


@pytest.fixture
def own_home(tmp_path: Path, seeded: Path, models_folder: Path) -> Path:
    """A home with the seeds that the test may change."""
    home = make_home(tmp_path / "own", models_folder)
    for path in seeded.glob("dateline.sqlite3*"):
        shutil.copy(path, home)
    return home


def test_the_seeds_ingested_again_are_all_unchanged(seeded: Path) -> None:
    again = dateline(seeded, "ingest", SEEDS)
    assert again.returncode == 0
    [passed_over] = again.stderr.splitlines()
    assert passed_over.startswith(f"dateline: {SEEDS / 'questions.jsonl'}: passed over")
    assert again.stdout == "0 added, 0 replaced, 6 unchanged, 0 failed\n"
    listed = dateline(seeded, "documents", "list")
    assert len(listed.stdout.splitlines()) == 6
    assert "2022-01-05" in listed.stdout


def test_ask_prints_the_sentence_that_says_why(seeded: Path) -> None:
    finished = dateline(seeded, "ask", "why did protests start?")
    assert (finished.returncode, finished.stderr) == (0, "")
    first = " ".join(finished.stdout.split("\n\n")[0].split())
    assert GAS in first.replace("**", "")
    assert first.count("**") == 2
    assert "5 January 2022" in finished.stdout


def test_ask_says_that_the_reports_do_not_say(seeded: Path) -> None:
    finished = dateline(seeded, "ask", "who won the football cup final?")
    assert finished.returncode == 0
    assert finished.stdout.startswith("The reports do not say. The closest passages:")


def check_quotes(body: dict[str, Any]) -> None:
    """Everything quoted stands in the file that it is from."""
    citations = {each["id"]: each for each in body["citations"]}
    for each in body["citations"]:
        text = Path(each["source"]).read_bytes().decode("utf-8")
        start, end = each["start_char_index"], each["end_char_index"]
        assert text[start:end] == each["cited_text"] != ""
    for each in body["answers"]:
        source = citations[each["citation"]]["source"]
        text = Path(source).read_bytes().decode("utf-8")
        assert text[each["start_char_index"] : each["end_char_index"]] == each["text"] != ""


def test_ask_prints_json_whose_offsets_hold_in_the_file(seeded: Path) -> None:
    finished = dateline(seeded, "ask", "why did protests start?", "--json")
    assert finished.returncode == 0
    body = json.loads(finished.stdout)
    assert body.keys() == {
        *("question", "standalone_question", "answerable", "confidence", "answers"),
        *("citations", "conversation_id", "timings_ms", "note"),
    }
    assert body["answerable"] is True
    assert GAS in body["citations"][0]["cited_text"]
    assert body["citations"][0]["source"] == str(SEEDS / "kazakhstan-2022-01-05.txt")
    assert body["citations"][0]["url"].startswith("file:///")
    check_quotes(body)


def test_the_same_question_gets_the_same_answer_in_every_process(seeded: Path) -> None:
    bodies = []
    for _ in range(2):
        body = json.loads(dateline(seeded, "ask", "when did the dyke break?", "--json").stdout)
        del body["timings_ms"]
        bodies.append(body)
    assert bodies[0] == bodies[1]


def test_a_file_that_is_no_text_fails_alone(empty_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    shutil.copy(SEEDS / "kazakhstan-2022-01-05.txt", folder / "a.txt")
    (folder / "b.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "c.txt").write_bytes(b"")
    (folder / "d.txt").write_text("The mayor fled.\n")
    finished = dateline(empty_home, "ingest", folder)
    assert finished.returncode == 1
    assert finished.stdout == "2 added, 0 replaced, 0 unchanged, 2 failed\n"
    complaints = finished.stderr.splitlines()
    assert len(complaints) == 2
    assert complaints[0].startswith(f"dateline: {folder / 'b.txt'}: no text in any common encoding")
    assert complaints[1].startswith(f"dateline: {folder / 'c.txt'}: no letter or digit in it")
    assert GAS in dateline(empty_home, "ask", "why did protests start?", "--json").stdout
    listed = dateline(empty_home, "documents", "list", "--json").stdout.splitlines()
    assert len(listed) == 2


@pytest.mark.parametrize(
    "arguments",
    [("ask", "why did protests start?"), ("ask", "why?", "--json"), ("documents", "list")],
)
def test_a_reader_that_has_had_enough_is_no_fault(seeded: Path, arguments: tuple[str, ...]) -> None:
    running = subprocess.Popen(
        [COMMAND, *arguments, "--home", seeded],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    with running.stderr:
        complaint = running.stderr.read()
    assert (running.wait(SECONDS), complaint) == (0, b"")


@pytest.mark.skipif(shutil.which("head") is None, reason="there is no head here")
def test_a_long_text_can_be_piped_to_head(empty_home: Path, tmp_path: Path) -> None:
    report = tmp_path / "long.txt"
    report.write_text("The river rose.\n\n" * 6_000)  # more than a pipe holds
    assert dateline(empty_home, "ingest", report).returncode == 0
    found = json.loads(dateline(empty_home, "documents", "list", "--json").stdout)["id"]
    finished = subprocess.run(
        f"'{COMMAND}' documents show {found} --home '{empty_home}' | head -1",
        shell=True,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (finished.stdout, finished.stderr) == ("The river rose.\n", "")


def test_a_documents_text_comes_out_as_the_file_it_went_in_as(seeded: Path) -> None:
    listed = dateline(seeded, "documents", "list", "--json").stdout.splitlines()
    for line in listed:
        body = json.loads(line)
        shown = subprocess.run(
            [COMMAND, "documents", "show", body["id"], "--home", seeded],
            env=environment(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        assert shown.stdout == Path(body["sources"][0]).read_bytes()
        assert hashlib.sha256(shown.stdout).hexdigest() == body["sha256"]


def test_asking_imports_no_torch(seeded: Path) -> None:
    program = (
        "import sys\n"
        "from api.main import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "print('imported:', *sorted(sys.modules))\n"
    )
    arguments = ["ask", "why did protests start?", "--home", str(seeded)]
    finished = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    imported = finished.stdout.rpartition("imported:")[2].split()
    assert {"onnxruntime", "tokenizers"} <= set(imported)
    assert not {"torch", "transformers", "sentence_transformers", "onnx", "scipy"} & set(imported)


class Server:
    """A running `dateline serve`."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", "--home", home],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors: list[str] = []
        self._told = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._told.wait(30), self.errors
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(self.errors))
        assert found is not None, self.errors
        self.client = httpx2.Client(base_url=found[0], trust_env=False, timeout=30)

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line)
            if "listens on" in line:
                self._told.set()
        self._told.set()

    def wait_until_ready(self, seconds: float = 60, generation: int = 0) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(httpx2.ConnectError):
                response = self.client.get("/readyz")
                if response.status_code == 200 and response.json()["generation"] >= generation:
                    return dict(response.json())
            assert self.process.poll() is None, self.errors
            assert time.monotonic() < deadline, response.content
            time.sleep(0.02)

    def ask(self, question: str) -> dict[str, Any]:
        response = self.client.post("/v1/ask", json={"question": question})
        assert response.status_code == 200, response.content
        return dict(response.json())

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit status."""
        self.process.send_signal(number)
        return self.process.wait(5)

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate(timeout=30)


@contextlib.contextmanager
def serve(home: Path) -> Iterator[Server]:
    server = Server(home)
    try:
        yield server
    finally:
        server.close()


def same_answer(served: dict[str, Any], printed: dict[str, Any]) -> None:
    for body in (served, printed):
        del body["timings_ms"]
        for citation in body["citations"]:
            del citation["url"]  # the command gives the file's
    assert served == printed


def test_the_service_answers_as_the_command_does(seeded: Path) -> None:
    with serve(seeded) as server:
        server.wait_until_ready()
        for question in ("why did protests start?", "how old is Marta Ellingrove?"):
            body = server.ask(question)
            check_quotes(body)
            same_answer(body, json.loads(dateline(seeded, "ask", question, "--json").stdout))
        assert server.client.get("/docs").status_code == 200
        assert GAS in server.ask("why did protests start?")["citations"][0]["cited_text"]
        assert server.errors[1:] == []


def test_the_service_sees_what_other_processes_ingest_and_delete(
    own_home: Path, tmp_path: Path
) -> None:
    report = tmp_path / "harbour.txt"
    report.write_text("The harbour of Selmouth closed on Monday because of a chemical spill.\n")
    question = "why did the harbour of Selmouth close?"
    with serve(own_home) as server:
        before = server.wait_until_ready()["generation"]
        assert server.ask(question)["answerable"] is False
        assert dateline(own_home, "ingest", report).returncode == 0
        # Without a question it is caught up within a second, or five on a busy machine.
        server.wait_until_ready(5, generation=before + 1)
        body = server.ask(question)
        assert "chemical spill" in body["answers"][0]["text"]
        found = body["citations"][0]["document_id"]
        assert dateline(own_home, "documents", "delete", found).returncode == 0
        body = server.ask(question)
        assert found not in {each["document_id"] for each in body["citations"]}
        assert body["answerable"] is False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_service_ends_when_told_and_answers_again_when_started(
    own_home: Path, number: int
) -> None:
    question = "why did the dyke give way?"
    with serve(own_home) as server:
        server.wait_until_ready()
        first = server.ask(question)
        assert first["answerable"] is True
        status = server.stop(number)
        # A process that a signal has ended may say so.
        assert status in ({0, -signal.SIGTERM} if number == signal.SIGTERM else {0, 130})
        server.process.wait()
        assert "Traceback" not in "".join(server.errors)
    with serve(own_home) as server:
        server.wait_until_ready()
        same_answer(server.ask(question), first)


def test_the_service_killed_outright_answers_again_when_started(own_home: Path) -> None:
    with serve(own_home) as server:
        server.wait_until_ready()
        sent = {"text": "The mayor fled to Ustrel."}
        response = server.client.post("/v1/documents?wait=true", json=sent)
        [file] = response.json()["files"]
        server.process.kill()
        server.process.wait(5)
    with serve(own_home) as server:
        server.wait_until_ready()
        body = server.ask("where did the mayor flee to?")
        assert file["documents"][0]["id"] in {each["document_id"] for each in body["citations"]}


def test_two_services_keep_every_question_asked_at_once_in_one_conversation(
    own_home: Path,
) -> None:
    with serve(own_home) as one, serve(own_home) as other:
        for server in (one, other):
            server.wait_until_ready()
        made = one.client.post("/v1/conversations").json()["id"]
        failures: list[object] = []

        def ask_on(server: Server, name: str) -> None:
            for number in range(5):
                body = {"question": f"{name}{number}: why did the dyke give way?"}
                response = server.client.post("/v1/ask", json={**body, "conversation_id": made})
                if response.status_code != 200:
                    failures.append(response.content)

        threads = [
            threading.Thread(target=ask_on, args=each) for each in ((one, "a"), (other, "b"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        assert failures == []
        turns = other.client.get(f"/v1/conversations/{made}").json()["turns"]
        assert [turn["number"] for turn in turns] == list(range(1, 11))
        for name in "ab":
            own = [turn["question"][:2] for turn in turns if turn["question"].startswith(name)]
            assert own == [f"{name}{number}" for number in range(5)]


def test_a_conversation_goes_on_after_the_service_is_killed(own_home: Path) -> None:
    with serve(own_home) as server:
        server.wait_until_ready()
        made = server.client.post("/v1/conversations").json()["id"]
        body = {"question": "why did the dyke give way?", "conversation_id": made}
        assert server.client.post("/v1/ask", json=body).status_code == 200
        server.process.kill()
        server.process.wait(5)
    with serve(own_home) as server:
        server.wait_until_ready()
        body = {"question": "who said that?", "conversation_id": made}
        reply = server.client.post("/v1/ask", json=body).json()
        check_quotes(reply)
        assert reply["answers"][0]["text"] == "the Dorvenna Water Authority"
        exported = server.client.get(f"/v1/conversations/{made}/export")
        assert "**the Dorvenna Water Authority** [1]" in exported.text


def test_a_conversation_through_a_pipe_is_answered_line_by_line(seeded: Path) -> None:
    running = subprocess.Popen(
        [COMMAND, "chat", "--home", seeded],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert running.stdin is not None
    assert running.stdout is not None
    said = ""
    for question, answer in (
        ("why did protests start?", "\n\n[1] "),
        ("when was that?", "**January 2**"),
        ("what did Tokayev call the protests?", "external aggression"),
        ("who said that?", "Tokayev**"),
    ):
        # Nothing more is sent before the answer is there.
        running.stdin.write(f"{question}\n")
        running.stdin.flush()
        said = ""
        while not (answer in said and said.endswith("\n\n")):
            line = running.stdout.readline()
            assert line, (question, said)
            said += line
    out, err = running.communicate(timeout=SECONDS)
    assert (running.returncode, out.strip(), err) == (0, "", "")


def test_a_port_that_is_taken_is_told(empty_home: Path) -> None:
    with serve(empty_home) as server:
        port = str(server.client.base_url.port)
        finished = dateline(empty_home, "serve", "--port", port)
        assert finished.returncode == 1
        assert finished.stderr.startswith(f"dateline: cannot listen on 127.0.0.1:{port}: ")
        assert "--port" in finished.stderr


def test_a_service_that_cannot_load_says_why_and_ends(tmp_path: Path) -> None:
    finished = subprocess.run(
        [COMMAND, "serve", "--port", "0", "--home", tmp_path / "home"],
        env=environment() | {"DATELINE_ENCODER": "no-such-model", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == 1
    assert "the encoder 'no-such-model' cannot be loaded" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_arguments_that_are_no_unicode_are_refused(seeded: Path) -> None:
    finished = subprocess.run(
        [os.fsencode(COMMAND), b"ask", b"why \xff?", b"--home", os.fsencode(seeded)],
        env=environment(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == 2
    assert b"is no Unicode text" in finished.stderr
    assert b"Traceback" not in finished.stderr
