import asyncio
from pathlib import Path

import httpx2
import pytest
from pydantic import ValidationError
from starlette.responses import PlainTextResponse

from api.middleware import CheckOrigin
from api.settings import Settings

HERE = "127.0.0.1:8000"
LAN = "192.168.1.5:8000"


def status(settings: Settings, host: str, origin: str | None) -> int:
    """What a request with these headers gets from an app that answers everything."""
    app = CheckOrigin(PlainTextResponse("yes"), settings)
    headers = {"host": host} | ({} if origin is None else {"origin": origin})

    async def ask() -> int:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
            return (await client.post("http://test/mcp", headers=headers)).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("listens", "host", "origin", "expected"),
    [
        ("127.0.0.1", HERE, None, 200),
        ("127.0.0.1", "LocalHost:8000", None, 200),
        ("127.0.0.1", "[::1]:8000", None, 200),
        ("127.0.0.1", "127.0.0.9", None, 200),
        ("127.0.0.1", HERE, "http://localhost:6274", 200),
        ("127.0.0.1", HERE, "https://127.0.0.1", 200),
        ("127.0.0.1", HERE, "http://[::1]:3000", 200),
        ("127.0.0.1", HERE, "http://localhost.evil.example", 403),
        ("127.0.0.1", HERE, "http://127.0.0.1.evil.example:8000", 403),
        ("127.0.0.1", HERE, "http://evil.example@127.0.0.1.example", 403),
        ("127.0.0.1", HERE, "null", 403),
        ("127.0.0.1", HERE, "http://[", 403),
        ("127.0.0.1", HERE, "file://", 403),
        # Rebinding: the page's own name leads here, so its Origin and Host agree.
        ("127.0.0.1", "evil.example:8000", "http://evil.example:8000", 403),
        ("127.0.0.1", "evil.example:8000", None, 421),
        ("127.0.0.1", LAN, None, 421),
        ("127.0.0.1", "[", None, 421),
        ("127.0.0.1", "", None, 421),
        # Others reach it, by whatever name.
        ("0.0.0.0", LAN, None, 200),
        ("0.0.0.0", "dateline:8000", None, 200),
        ("0.0.0.0", LAN, f"http://{LAN}", 200),
        ("0.0.0.0", LAN, "http://192.168.1.5:3000", 403),
        ("0.0.0.0", LAN, "http://192.168.1.6:8000", 403),
        ("0.0.0.0", "evil.example:8000", "http://evil.example:8000", 403),
        ("0.0.0.0", LAN, "http://localhost:3000", 200),
        ("::", "[fd00::5]:8000", "http://[fd00::5]:8000", 200),
        ("reports.lan", "reports.lan:8000", "http://reports.lan:8000", 200),
        ("reports.lan", "reports.lan:8000", "http://evil.example", 403),
    ],
)
def test_who_may_ask(
    home: Path, listens: str, host: str, origin: str | None, expected: int
) -> None:
    assert status(Settings(home=home, host=listens), host, origin) == expected


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        (HERE, "https://reports.example.org", 200),
        (HERE, "HTTPS://Reports.Example.org", 200),
        ("reports.example.org", None, 200),
        ("reports.example.org", "https://reports.example.org", 200),
        (HERE, "http://chat.lan:3000", 200),
        (HERE, "http://reports.example.org.evil.example", 403),
        (HERE, "http://chat.lan:3001", 403),
        ("other.example.org", None, 421),
    ],
)
def test_the_settings_let_more_in(
    home: Path, monkeypatch: pytest.MonkeyPatch, host: str, origin: str | None, expected: int
) -> None:
    given = "https://Reports.example.org, http://chat.lan:3000,"
    monkeypatch.setenv("DATELINE_ALLOWED_ORIGINS", given)
    assert status(Settings(home=home), host, origin) == expected


@pytest.mark.parametrize("given", ["reports.example.org", "*", "https://a.example/path", "http://"])
def test_a_setting_that_is_no_origin_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("DATELINE_ALLOWED_ORIGINS", given)
    with pytest.raises(ValidationError, match="is no origin: write it as https://"):
        Settings(home=home)
