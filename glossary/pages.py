"""Reading pages: rendered once per publication that changes them, answered from the cache with an ETag.

Whoever is signed in gets pages of their own, which are never kept.

A page that is kept holds nothing about the visitor. Its key is made of the release of the
code, the number of the publication that last changed it, the path, and those query parameters
that the view reads; so a publish shows at once in every process, and junk in a query makes no
new page.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache as remember
from functools import lru_cache, wraps
from pathlib import Path
from typing import NamedTuple

import brotli
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from .context_processors import person_of
from .models import Publication
from .readership import readership

logger = logging.getLogger(__name__)

KEPT_STATUSES = {200, 410}
CONDITIONS = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
SMALLEST_COMPRESSED = 500
COMPRESSED_ALREADY = "image/png"
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


class Page(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]


def reading_page(*, params: tuple[str, ...] = (), has_partial: bool = False, kept: bool = True, of_term: bool = False):
    """Make a view a public page: GET and HEAD only, an ETag, compressed, kept until the next publication.

    params: the query parameters that the view reads.
    has_partial: whether an htmx request gets a part of the page (the answer then varies by HX-Request).
    kept: False where there are too many different pages to keep, such as answers to searches.
    of_term: whether it is about the term of its address alone; it then stays through publications of other terms.
    """

    def decorate(view):
        def page(request, *args, **kwargs):
            if is_signed_in(request):
                return personal(view(request, *args, **kwargs))
            encoding = preferred_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
            key = None
            if kept and not settings.DEBUG:
                publications = Publication.objects
                version = publications.version_of_pages(kwargs["slug"]) if of_term else publications.version()
                key = page_key(request, params, has_partial, encoding, version)
            found = kept_page(key) if key else None
            if found is None:
                response = view(request, *args, **kwargs)
                if response.status_code not in KEPT_STATUSES:
                    return response
                found = make_page(response, encoding, has_partial)
                if key:
                    keep_page(key, found)
            return answer(request, found)

        @require_safe
        @wraps(view)
        def page_view(request, *args, **kwargs):
            response = page(request, *args, **kwargs)
            readership.note(request, response)
            return response

        return page_view

    return decorate


def is_signed_in(request: HttpRequest) -> bool:
    person = person_of(request)
    return person is not None and person.is_authenticated


def personal(response: HttpResponse) -> HttpResponse:
    """Keep a page that one person sees out of everybody's caches."""
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def kept_page(key: str) -> Page | None:
    """The page under a key. A shared cache that is out of reach makes pages slower, and never fails one."""
    try:
        return caches["pages"].get(key)
    except RedisError as error:
        logger.warning("The cache at CACHE_URL does not answer: %s", error)
        return None


def keep_page(key: str, page: Page) -> None:
    # What could not be asked for cannot be kept either; the warning is out already.
    with suppress(RedisError):
        caches["pages"].set(key, page, timeout=None)


def wants_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part; when it restores history it needs the whole page again."""
    # META is at hand; request.headers would be built for every reader's request only to say no.
    return "HTTP_HX_REQUEST" in request.META and bool(request.htmx) and not request.htmx.history_restore_request


def page_key(request: HttpRequest, params: tuple[str, ...], has_partial: bool, encoding: str, version: int) -> str:
    parts = [request.path, encoding, str(has_partial and wants_partial(request))]
    parts += [f"{name}={value}" for name in params for value in request.GET.getlist(name)[-1:]]
    digest = hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
    return f"page:{release()}:{version}:{digest}"


def make_page(response: HttpResponse, encoding: str, has_partial: bool) -> Page:
    body = response.content
    etag = hashlib.sha256(body).hexdigest()[:24]
    headers = {
        # Stored by browsers, but asked for again each time: a publish shows at the next visit.
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding, Cookie, HX-Request" if has_partial else "Accept-Encoding, Cookie",
    }
    if encoding and len(body) >= SMALLEST_COMPRESSED and response["Content-Type"] != COMPRESSED_ALREADY:
        body = COMPRESSORS[encoding](body)
        headers["Content-Encoding"] = encoding
        etag += f"-{encoding}"
    headers |= {"ETag": f'"{etag}"', "Content-Type": response["Content-Type"]}
    headers |= {name: response[name] for name in ("Content-Disposition", "Last-Modified") if name in response}
    return Page(response.status_code, body, headers)


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    response = HttpResponse(page.body, status=page.status, headers=page.headers)
    if page.status != 200 or request.META.keys().isdisjoint(CONDITIONS):
        return response
    modified = page.headers.get("Last-Modified")
    modified = parse_http_date(modified) if modified else None
    return get_conditional_response(request, etag=page.headers["ETag"], last_modified=modified, response=response)


@lru_cache(maxsize=256)
def preferred_encoding(header: str) -> str:
    """The best of our encodings that an Accept-Encoding header takes ("" for none)."""
    accepted = {}
    for part in header.lower().split(","):
        name, _, quality = part.partition(";")
        accepted[name.strip()] = quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in COMPRESSORS if accepted.get(name, accepted.get("*", False))), "")


@remember
def release() -> str:
    """A digest of everything but the data that makes a page: a new release starts with an empty cache."""
    digest = hashlib.sha256(
        f"{settings.PUBLIC_URL} {settings.GLOSSARY_TITLE} {settings.PRIVATE} {settings.API_LIMITS}".encode()
    )
    for folder in ("glossary", "simulator", "templates", "static"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
