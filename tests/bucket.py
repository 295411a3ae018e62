"""Serve a bucket on this computer, with a proxy before it that puts faults into requests."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import logging
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import boto3
from moto.server import ThreadedMotoServer

NAME = "clinic"
# What a request meets: an answer of 500, a connection reset, or no answer at all, before or after it was done.
FAULTS = ("500", "reset", "silence", "500 after", "reset after", "silence after")
Choose = Callable[[int, str], str | None]
_KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}


class Bucket(NamedTuple):
    """A bucket and the settings that reach it; ``faulty`` tells which fault a put meets, by its number and path."""

    store: Any
    settings: dict[str, str]
    proxy: ThreadingHTTPServer

    def objects(self, prefix: str) -> dict[str, bytes]:
        """Return the objects below a prefix by name, but for the run's own."""
        found = self.store.Bucket(NAME).objects.filter(Prefix=f"{prefix}/")
        names = {item.key.removeprefix(f"{prefix}/"): item for item in found}
        return {name: item.get()["Body"].read() for name, item in names.items() if not name.startswith(".planmaker/")}

    def faulty(self, choose: Choose) -> None:
        """Choose a fault for each put from now on."""
        self.proxy.choose = choose  # type: ignore[attr-defined]
        self.proxy.numbers = itertools.count(1)  # type: ignore[attr-defined]


@contextlib.contextmanager
def served(silence: float = 0.5) -> Iterator[Bucket]:
    """Serve an empty bucket; a client waits for an answer so many seconds."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    proxy.target = f"{host}:{port}"  # type: ignore[attr-defined]
    proxy.over = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings = {
        **_KEYS,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy.server_port}",
        "FSSPEC_S3": json.dumps({"config_kwargs": {"read_timeout": silence}}),
    }
    keys = {name.casefold(): value for name, value in _KEYS.items() if "KEY" in name}
    store = boto3.resource("s3", endpoint_url=f"http://{host}:{port}", **keys)
    store.create_bucket(Bucket=NAME)
    bucket = Bucket(store, settings, proxy)
    bucket.faulty(lambda _number, _path: None)
    try:
        yield bucket
    finally:
        proxy.over.set()  # type: ignore[attr-defined]
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        moto.stop()


class _Proxy(BaseHTTPRequestHandler):
    """Hands a request on, and back what is answered, unless a fault was chosen."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def do_any(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        put = self.command == "PUT"
        fault = (server.choose(next(server.numbers), self.path) if put else None) or ""
        answer = None if fault and "after" not in fault else self._handed_on(server.target, body)
        match fault.split():
            case ["500", *_]:
                self._answer(500, {"Content-Type": "application/xml"}, b"<Error><Code>InternalError</Code></Error>")
            case ["reset", *_]:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
            case ["silence", *_]:
                server.over.wait(5)
                self.close_connection = True
            case _:
                assert answer is not None
                self._answer(*answer)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = do_any  # noqa: N815 - names of the base class

    def _handed_on(self, target: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.casefold() != "expect"}
        with contextlib.closing(http.client.HTTPConnection(target)) as to:
            to.request(self.command, self.path, body, headers)
            response = to.getresponse()
            return response.status, dict(response.getheaders()), response.read()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.casefold() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
