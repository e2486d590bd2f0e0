"""Settings: what the environment and the command line choose. Nothing else reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.models.load import DEFAULT_ENCODER
from retrieval.readers.load import DEFAULT_READER


def split_list(value: object) -> object:
    """The parts of a text that commas divide; what is no text as it is."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def check_origin(value: str) -> str:
    """An origin as browsers send it, in lower case. Raises ValueError."""
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^/?#\s]+", value.lower()):
        raise ValueError(f"{value!r} is no origin: write it as https://reports.example.org")
    return value.lower()


Origin = Annotated[str, AfterValidator(check_origin)]


class Settings(BaseSettings):
    """Each can be set as an environment variable, DATELINE_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", extra="forbid")

    home: Path = Field(default_factory=lambda: user_data_path("dateline", appauthor=False))
    """The folder that everything is kept in."""

    encoder: str = DEFAULT_ENCODER
    """The default encoder's name, or any name or path that sentence-transformers can load."""

    reader: str = DEFAULT_READER
    """The default reader's name, or any name or path of a question answering model."""

    threshold: float | None = Field(default=None, ge=0, le=1)
    """The confidence from which on an answer is shown; the reader's own if not set."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)

    api_key: SecretStr | None = Field(default=None, min_length=1)
    """What clients must send as `Authorization: Bearer KEY`; anybody may ask if it is not set."""

    source_events: bool = False
    """Whether chat completions stream Open WebUI's events that show the passages."""

    allowed_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(split_list)] = ()
    """Whose pages may ask at `/mcp` and upload, besides this machine's and this server's own."""

    max_request_bytes: int = Field(default=64_000_000, gt=0)
    """A larger request body is refused with status 413."""

    conversation_days: int | None = Field(default=None, gt=0, le=100_000)
    """Conversations not asked in for so many days are deleted; none are if not set."""

    @property
    def database_path(self) -> Path:
        """Where the database is."""
        return self.home / "dateline.sqlite3"

    @property
    def cache_folder(self) -> Path:
        """Where the search indexes are: they can be deleted at any time."""
        return self.home / "cache"

    @property
    def uploads_folder(self) -> Path:
        """Where uploaded bytes wait until they are stored."""
        return self.home / "uploads"

    @property
    def models_folder(self) -> Path:
        """Where converted models are: they can be deleted at any time."""
        return self.home / "models"
