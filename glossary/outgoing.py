"""Requests to addresses that people gave us: bounded in time and size, and never into our own network.

A host is looked up here, once, and the connection goes to the very address that was checked: a name that leads
elsewhere a moment later leads us nowhere. Redirects are not followed, and no proxy of the system is used.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

# Of an answer so much is read; its beginning is told to admins.
MOST_READ = 2_000
# Prefixes of IPv6 through which another address is reached: NAT64, 6to4, Teredo.
TRANSLATED = [ip_network(name) for name in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
SENT_AS = "eventually-consistent-glossary"

Resolve = Callable[..., Iterable[tuple]]


class Refused(Exception):
    """An address that nothing is sent to; the message is a sentence that says why."""


class Unanswered(Exception):
    """No answer came, or none that can be read; the message is a sentence that says so."""


class Answer(NamedTuple):
    """`beginning` is of the body; `retry_after` is what that header says, or ""."""

    status: int
    beginning: str
    retry_after: str


def is_allowed(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in settings.OUTGOING_PRIVATE)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the internet at large, also where it only stands for another one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def destination(url: str, *, resolve: Resolve = socket.getaddrinfo) -> str:
    """The address of the network that an address of the web leads to. Raises Refused, or Unanswered for no known name.

    One address that is not public, among all those of a name, is one too many.
    """
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        found = [
            ip_address(row[4][0].partition("%")[0]) for row in resolve(parts.hostname, port, type=socket.SOCK_STREAM)
        ]
    except (OSError, UnicodeError) as error:
        raise Unanswered(f"The name {parts.hostname} cannot be looked up: {error}.") from None
    for address in found:
        if not is_allowed(address) and not is_public(address):
            raise Refused(f"{parts.hostname} leads to {address}, which is not of the public internet.")
    if parts.scheme == "http" and not all(map(is_allowed, found)):
        raise Refused("Nothing is sent in the clear: the address must begin with https://.")
    return str(found[0])


def post(url: str, body: bytes, headers: dict[str, str], *, resolve: Resolve = socket.getaddrinfo) -> Answer:
    """Post something, and tell of the answer. Raises Refused or Unanswered.

    From the connection on it takes at most settings.OUTGOING_SECONDS, however slowly the other side talks.
    """
    parts = urlsplit(url)
    address = destination(url, resolve=resolve)
    with (
        Deadline(settings.OUTGOING_SECONDS) as deadline,
        closing(connection_to(parts, address, deadline)) as connection,
    ):
        try:
            target = parts._replace(scheme="", netloc="").geturl() or "/"
            connection.request("POST", target, body, {"User-Agent": SENT_AS, "Connection": "close", **headers})
            response = connection.getresponse()
            beginning = response.read(MOST_READ)
            if deadline.has_passed:
                # What was cut off may look like the end of an answer.
                raise TimeoutError
        except (OSError, http.client.HTTPException) as error:
            if deadline.has_passed or isinstance(error, TimeoutError):
                told = f"did not answer within {deadline.seconds} seconds"
            else:
                told = f"could not be asked: {error or type(error).__name__}"
            raise Unanswered(f"{parts.hostname} {told}.") from None
    return Answer(response.status, beginning.decode("utf-8", "replace"), response.headers.get("Retry-After", ""))


def connection_to(parts: SplitResult, address: str, deadline: "Deadline") -> http.client.HTTPConnection:
    """A connection to a checked address; over TLS, the other side must prove the name of the host."""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=deadline.seconds, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=deadline.seconds)
    connection._create_connection = lambda there, *args: deadline.watch(
        socket.create_connection((address, there[1]), *args)
    )
    return connection


class Deadline:
    """Ends a connection that takes too long, in the middle of whatever it waits for.

    A timeout of a socket is for each piece that arrives, and somebody may send one byte a second.
    """

    def __init__(self, seconds: float):
        self.seconds, self.has_passed, self.watched = seconds, False, None
        self.timer = threading.Timer(seconds, self.end)

    def __enter__(self):
        self.timer.start()
        return self

    def __exit__(self, *error):
        self.timer.cancel()
        self.timer.join()
        if self.watched:
            self.watched.close()

    def watch(self, connected: socket.socket) -> socket.socket:
        # A second handle, as TLS takes the first one over.
        self.watched = connected.dup()
        if self.has_passed:
            self.end()
        return connected

    def end(self) -> None:
        self.has_passed = True
        with suppress(OSError):
            if self.watched:
                self.watched.shutdown(socket.SHUT_RDWR)
