"""A way from a client to a broker on which answers are noted, and can be lost."""

import socket
import struct
import threading
from contextlib import contextmanager, suppress
from typing import NamedTuple

PRODUCE, ADD_PARTITIONS, END_TRANSACTION = 0, 24, 26
# From these versions on, a response's header ends with tagged fields, and lengths have a variable number of bytes.
FLEXIBLE = {PRODUCE: 9, ADD_PARTITIONS: 3, END_TRANSACTION: 3}
BATCH_LENGTH, MAGIC, EPOCH = 8, 16, 51


class Exchange(NamedTuple):
    """A request of one of the kinds above, and what the broker answered."""

    api: int
    version: int
    request: bytes
    response: bytes

    @property
    def error(self) -> int:
        """The error code of the only partition, or of the whole."""
        position = self._body()
        if self.api == PRODUCE:
            return self._partition()[0]
        position += 4
        if self.api == ADD_PARTITIONS:
            # A topic's partitions, then for each its number and its error; a flexible one ends with tagged fields.
            tail = 3 if self._is_flexible() else 0
            position = len(self.response) - 2 - tail
        return struct.unpack_from(">h", self.response, position)[0]

    @property
    def base_offset(self) -> int:
        """Where the broker says that the batch stands."""
        return self._partition()[1]

    @property
    def batch(self) -> list[int]:
        """Producer id, epoch, first sequence and number of records of the only batch of a request to produce."""
        for start in range(len(self.request) - EPOCH - 10):
            length = struct.unpack_from(">i", self.request, start + BATCH_LENGTH)[0]
            missing = len(self.request) - (start + BATCH_LENGTH + 4 + length)
            if self.request[start + MAGIC] == 2 and 0 <= missing <= 4:
                return list(struct.unpack_from(">qhii", self.request, start + EPOCH - 8))
        raise ValueError("There is no batch.")

    def _is_flexible(self) -> bool:
        return self.version >= FLEXIBLE[self.api]

    def _body(self) -> int:
        return 5 if self._is_flexible() else 4

    def _partition(self) -> tuple[int, int]:
        """Error and base offset: one topic by its name, one partition."""
        position = self._body()
        if self._is_flexible():
            position += 1
            position += self.response[position] + 1
        else:
            position += 4
            position += 2 + struct.unpack_from(">h", self.response, position)[0] + 3
        return struct.unpack_from(">hq", self.response, position + 4)


class Detour:
    """What has passed; `lose` says how many of the next answers to produced batches do not arrive."""

    def __init__(self, way: int, to: tuple[str, int]):
        self.exchanges: list[Exchange] = []
        self.lose = 0
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", way))
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._to)
                self._sockets += [near, far]
                asked: dict[int, tuple[int, int, bytes]] = {}
                for target in (self._ask, self._answer):
                    threading.Thread(target=target, args=(near, far, asked), daemon=True).start()

    def _ask(self, near: socket.socket, far: socket.socket, asked: dict) -> None:
        with suppress(OSError), ending(near, far):
            for frame in frames(near):
                api, version, number = struct.unpack_from(">hhi", frame)
                if api in FLEXIBLE:
                    asked[number] = (api, version, frame)
                far.sendall(struct.pack(">i", len(frame)) + frame)

    def _answer(self, near: socket.socket, far: socket.socket, asked: dict) -> None:
        with suppress(OSError), ending(near, far):
            for frame in frames(far):
                request = asked.pop(struct.unpack_from(">i", frame)[0], None)
                if request is not None:
                    self.exchanges.append(Exchange(*request, frame))
                    if request[0] == PRODUCE and self.lose > 0:
                        self.lose -= 1
                        return
                near.sendall(struct.pack(">i", len(frame)) + frame)


@contextmanager
def ending(*sockets: socket.socket):
    """Where one direction ends, so does the other."""
    try:
        yield
    finally:
        for each in sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def frames(stream: socket.socket):
    """Requests or responses, without their lengths."""
    while (head := received(stream, 4)) is not None:
        body = received(stream, struct.unpack(">i", head)[0])
        if body is None:
            return
        yield body


def received(stream: socket.socket, count: int) -> bytes | None:
    """So many bytes, or none where the stream ends before."""
    found = bytearray()
    while len(found) < count:
        part = stream.recv(count - len(found))
        if not part:
            return None
        found += part
    return bytes(found)
