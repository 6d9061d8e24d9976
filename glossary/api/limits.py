"""How much a program may ask for in a minute: counted by its token, or without one by the network it comes from.

What is answered from kept pages costs next to nothing and is not counted: the limit stands behind them. Counts are
where the pages are, not in the database: reading must not wait for whoever writes.
"""

import logging
import time
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja.throttling import BaseThrottle
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SECONDS = 60
# An address of IPv6 is one of the many that its owner may use; their network is not.
NETWORK_BITS = 64
clock = time.time


class Usage(NamedTuple):
    """How much of a limit is used: `kind` is a key of API_LIMITS, `seconds` are those until it is counted anew."""

    kind: str
    most: int
    used: int
    seconds: int

    def tell(self, response: HttpResponse) -> None:
        """Say so in an answer, as draft-ietf-httpapi-ratelimit-headers does."""
        response["RateLimit-Policy"] = f'"{self.kind}";q={self.most};w={SECONDS}'
        response["RateLimit"] = f'"{self.kind}";r={max(self.most - self.used, 0)};t={self.seconds}'
        # Scripts of other origins may read them, too.
        response["Access-Control-Expose-Headers"] = "ETag, RateLimit, RateLimit-Policy, Retry-After"


class Limit(BaseThrottle):
    """Refuses what is more than a limit of settings.API_LIMITS: the one that is named, or that of the method."""

    def __init__(self, kind: str = ""):
        self.kind = kind

    def kind_of(self, method: str) -> str:
        return self.kind or ("reads" if method == "GET" else "writes")

    def allow_request(self, request: HttpRequest) -> bool:
        kind = self.kind_of(request.method)
        if settings.API_LIMITS[kind]:
            request.usage = use(kind, client_of(request), at=clock())
            return request.usage.used <= request.usage.most
        return True


def use(kind: str, client: str, *, at: float) -> Usage:
    """Count one more request of a client in the minute of `at`, in seconds since 1970."""
    minute, passed = divmod(int(at), SECONDS)
    return Usage(kind, settings.API_LIMITS[kind], counted(f"{kind}:{client}:{minute}"), SECONDS - passed)


def counted(key: str) -> int:
    """How often this was called for a key. While a shared cache is out of reach nothing is counted, or refused."""
    try:
        caches["limits"].add(key, 0, timeout=SECONDS)
        return caches["limits"].incr(key)
    except ValueError:
        # Dropped between the two, for want of room.
        return 1
    except RedisError as error:
        logger.warning("Requests are not counted, as the cache at CACHE_URL does not answer: %s", error)
        return 0


def client_of(request: HttpRequest) -> str:
    if request.access_token:
        return f"token:{request.access_token.pk}"
    try:
        return network_of(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        # Whoever cannot be told apart shares one limit.
        return ""


def network_of(address: str) -> str:
    found = ip_address(address)
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, NETWORK_BITS), strict=False))
