import asyncio
import socket

import pytest

from tests.conftest import ConnectionBlocked


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "example.org", "127.0.0.1.example.org"]
)
def test_tests_reach_nothing_beyond_this_machine(host: str) -> None:
    with pytest.raises(ConnectionBlocked):
        socket.create_connection((host, 80), timeout=1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as unconnected:
        with pytest.raises(ConnectionBlocked):
            unconnected.connect((host, 80))
        with pytest.raises(ConnectionBlocked):
            unconnected.sendto(b"", (host, 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_tests_reach_this_machine(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((host, port), timeout=1):
            pass

        async def connect() -> None:
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            await writer.wait_closed()

        asyncio.run(connect())
