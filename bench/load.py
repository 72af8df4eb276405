"""A load generator that costs little: raw sockets in one process, requests written beforehand."""

import asyncio
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run of requests showed."""

    requests: int
    seconds: float
    client_cpu_seconds: float
    slowest_milliseconds: float
    statuses: set[int]

    @property
    def per_second(self) -> float:
        """Answered requests per second."""
        return self.requests / self.seconds


def run_load(port: int, path: str, *, clients: int = 8, seconds: float = 5) -> Load:
    """Ask for a page again and again, from several connections at once."""
    return asyncio.run(_run(port, path, clients, seconds))


async def _run(port: int, path: str, clients: int, seconds: float) -> Load:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n"
    request = head.encode()
    began, cpu = time.monotonic(), time.process_time()
    results = await asyncio.gather(*(_ask(port, request, began + seconds) for _ in range(clients)))
    answers = [answer for result in results for answer in result]
    return Load(
        requests=len(answers),
        seconds=time.monotonic() - began,
        client_cpu_seconds=time.process_time() - cpu,
        slowest_milliseconds=max(took for _status, took in answers) * 1000,
        statuses={status for status, _took in answers},
    )


async def _ask(port: int, request: bytes, until: float) -> list[tuple[int, float]]:
    answers = []
    reader = writer = None
    while time.monotonic() < until:
        began = time.monotonic()
        if reader is None or writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        status, stays_open = await _read_answer(reader)
        answers.append((status, time.monotonic() - began))
        if not stays_open:
            writer.close()
            reader = writer = None
    if writer is not None:
        writer.close()
    return answers


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    stays_open = b"connection: close" not in head
    _, named, rest = head.partition(b"content-length: ")
    if named:
        await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))
    elif b"transfer-encoding: chunked" in head:
        await reader.readuntil(b"\r\n0\r\n\r\n")
    else:
        await reader.read()
        stays_open = False
    return int(head.split(b" ", 2)[1]), stays_open
