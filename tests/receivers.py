"""Real HTTP receivers that fail, stall and lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import NamedTuple


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(NamedTuple):
    """Where it listens, and what it was sent."""

    url: str
    received: list[Received]


@contextmanager
def receiver(*answers) -> Iterator[Receiver]:
    """Answers each request with the next of `answers`, and then for ever with the last: a status, or a function that is
    given the handler and an event that is set when this ends."""
    left, ended = list(answers), Event()
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = left.pop(0) if len(left) > 1 else left[0]
            if callable(answer):
                answer(self, ended)
            else:
                respond(self, answer)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield Receiver(f"http://127.0.0.1:{server.server_port}/hook?x=1", received)
        finally:
            ended.set()
            server.shutdown()


def respond(handler, status: int, body: bytes = b"So.", **headers) -> None:
    handler.send_response(status)
    for name, value in ({"Content-Length": len(body)} | headers).items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()
    handler.wfile.write(body)


def never(handler, ended) -> None:
    """Takes the message, and says nothing."""
    ended.wait(30)


def drips(handler, ended) -> None:
    """Sends a byte of a header whenever the other side might give up."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while not ended.wait(0.05):
        try:
            handler.wfile.write(b"x")
            handler.wfile.flush()
        except OSError:
            return


def endless(handler, ended) -> None:
    """Says 200, and never stops talking."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not ended.is_set():
        try:
            handler.wfile.write(b"x" * 65_536)
        except OSError:
            return


def promises_more(handler, ended) -> None:
    """Says 200 and a length that it does not keep."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")


def hangs_up(handler, ended) -> None:
    handler.wfile.write(b"HT")


def speaks_nonsense(handler, ended) -> None:
    handler.wfile.write(b"\x00\xff not HTTP\r\n\r\n")


def leads_elsewhere(url: str):
    return lambda handler, ended: respond(handler, 307, Location=url)
