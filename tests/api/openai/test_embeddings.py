"""Embeddings over the OpenAI protocol."""

import base64
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from retrieval.types import Pipeline
from tests.api.shapes import assert_error


def embed(client: TestClient, **fields: Any) -> dict[str, Any]:
    response = client.post("/v1/embeddings", json={"model": "dateline", **fields})
    assert response.status_code == 200, response.content
    return dict(response.json())


def test_each_text_gets_the_encoders_vector_in_order(
    client: TestClient, pipeline: Pipeline
) -> None:
    texts = ["price of gas", "a flood in the valley"]
    body = embed(client, input=texts)
    assert body["object"] == "list"
    assert [each["index"] for each in body["data"]] == [0, 1]
    vectors = np.array([each["embedding"] for each in body["data"]], dtype=np.float32)
    np.testing.assert_array_equal(vectors, pipeline.encoder.embed_passages(texts))
    pieces = sum(len(pipeline.encoder.piece_offsets(text)) for text in texts)
    assert body["usage"] == {"prompt_tokens": pieces, "total_tokens": pieces}


def test_one_text_may_come_without_a_list(client: TestClient) -> None:
    assert embed(client, input="gas")["data"] == embed(client, input=["gas"])["data"]


def test_base64_holds_the_same_numbers(client: TestClient) -> None:
    floats = embed(client, input="gas")["data"][0]["embedding"]
    coded = embed(client, input="gas", encoding_format="base64")["data"][0]["embedding"]
    read = np.frombuffer(base64.b64decode(coded), dtype="<f4")
    np.testing.assert_array_equal(read, np.array(floats, dtype=np.float32))


def test_the_encoder_may_be_named(client: TestClient) -> None:
    assert embed(client, input="gas", model="all-MiniLM-L6-v2")["model"] == "all-MiniLM-L6-v2"


@pytest.mark.parametrize(
    ("fields", "status", "code", "param"),
    [
        ({"input": ""}, 422, "input_unusable", "input"),
        ({"input": ["gas", " "]}, 422, "input_unusable", "input"),
        ({"input": "gas " * 400}, 422, "input_unusable", "input"),
        ({"input": "gas", "dimensions": 3}, 422, "dimensions_unusable", "dimensions"),
        ({"input": "gas", "model": "text-embedding-3-small"}, 404, "model_not_found", "model"),
    ],
)
def test_what_cannot_be_embedded_whole_is_refused(
    client: TestClient, fields: dict[str, Any], status: int, code: str, param: str
) -> None:
    response = client.post("/v1/embeddings", json={"model": "dateline", **fields})
    assert_error(response, status, code, param)


@pytest.mark.parametrize("numbers", [[], [1, 2], [[1, 2]]])
def test_token_numbers_are_not_taken(client: TestClient, numbers: list[Any]) -> None:
    response = client.post("/v1/embeddings", json={"model": "dateline", "input": numbers})
    assert response.status_code == 422


def test_the_encoders_dimensions_may_be_asked_for(client: TestClient, pipeline: Pipeline) -> None:
    body = embed(client, input="gas", dimensions=pipeline.encoder.dimensions)
    assert len(body["data"][0]["embedding"]) == pipeline.encoder.dimensions
