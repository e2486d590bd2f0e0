"""Print how fast a served Dateline answers: `/v1/ask`, chat completions, and streamed ones.

    python -m tests.bench_http [--home .demo]

Each question of seeds/questions.jsonl is asked all three ways, a different way first each time, for
what comes first finds colder caches. It judges nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import time
from pathlib import Path

from tests.real.test_command import serve

QUESTIONS = Path(__file__).parents[1] / "seeds/questions.jsonl"
WAYS = ("/v1/ask", "chat completion", "stream, first words", "stream, end")


def main() -> None:
    """Ask, and print the median of each way and its ratio to `/v1/ask`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".demo"))
    home = parser.parse_args().home
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    with serve(home.resolve()) as server:
        server.wait_until_ready()
        address = server.client.base_url
        connection = http.client.HTTPConnection(address.host, address.port)
        for question in questions[:5]:
            ask_all_ways(connection, question, 0)
        taken = [
            ask_all_ways(connection, question, number) for number, question in enumerate(questions)
        ]
        connection.close()
    first = statistics.median(times[0] for times in taken)
    for name, times in zip(WAYS, zip(*taken, strict=True), strict=True):
        middle = statistics.median(times)
        print(f"{name:24} {middle * 1e3:6.1f} ms  {middle / first:.2f} of /v1/ask")


def ask_all_ways(
    connection: http.client.HTTPConnection, question: str, first: int
) -> tuple[float, ...]:
    """Seconds that each of `WAYS` took; `first` says which goes first."""
    chat = {"model": "dateline", "messages": [{"role": "user", "content": question}]}
    requests: list[tuple[str, dict[str, object]]] = [
        ("/v1/ask", {"question": question}),
        ("/v1/chat/completions", {**chat}),
        ("/v1/chat/completions", {**chat, "stream": True}),
    ]
    taken = {}
    for number in range(first, first + len(requests)):
        turn = number % len(requests)
        taken[turn] = post(connection, *requests[turn])
    return (taken[0][1], taken[1][1], *taken[2])


def post(
    connection: http.client.HTTPConnection, path: str, body: dict[str, object]
) -> tuple[float, float]:
    """Seconds until the first words of the answer were there, and until all of it was."""
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    words = None
    with connection.getresponse() as response:
        for line in response:
            said = b'"content": "' in line and b'"content": ""' not in line
            if words is None and (said or not body.get("stream")):
                words = time.perf_counter() - began
        assert response.status == 200
    return words or 0.0, time.perf_counter() - began


if __name__ == "__main__":
    main()
