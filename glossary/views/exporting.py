"""Exports: streamed, open to every origin, answered 304 while nothing was published."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from ..models import Publication
from ..pages import release
from ..services import exporting, inventories
from ..services.exporting import Selection
from .doors import door

Write = Callable[..., Iterator[bytes]]
Options = Callable[..., dict]


def no_options(request) -> dict:
    return {}


def open_to_every_origin(view):
    """Scripts of any page may read the answer; without credentials, so never as somebody."""

    @wraps(view)
    def opened(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return opened


def export(
    write: Write, *, content_type: str, file_name: str, disposition: str = "attachment", options: Options = no_options
):
    """A view that answers with an export of all terms, or of those that the query selects.

    options: what else the request says, as keyword arguments of `write`.
    """

    @open_to_every_origin
    @require_safe
    @door("export")
    def view(request, **kwargs) -> HttpResponse:
        selection, given = selection_of(request), options(request, **kwargs)
        etag, published_at = validators(file_name, selection, given)
        response = get_conditional_response(request, etag=etag, last_modified=published_at)
        if response is None and request.method == "HEAD":
            response = HttpResponse(content_type=content_type)
        elif response is None:
            response = StreamingHttpResponse(write(selection, **given), content_type=content_type)
        response["ETag"], response["Cache-Control"] = etag, "no-cache"
        if published_at is not None:
            response["Last-Modified"] = http_date(published_at)
        if response.status_code == 200:
            response["Content-Disposition"] = f'{disposition}; filename="{file_name}"'
        return response

    return view


def selection_of(request) -> Selection:
    """?voice=, ?category= and ?slug=, each as often as one likes. What does not exist selects nothing."""

    def asked(name: str) -> tuple[str, ...]:
        # PostgreSQL cannot even be asked for a NUL.
        return tuple(sorted({value.replace("\0", "?") for value in request.GET.getlist(name)}))

    return Selection(voices=asked("voice"), categories=asked("category"), slugs=asked("slug"))


def validators(file_name: str, selection: Selection, options: dict) -> tuple[str, int | None]:
    """The ETag of an export, and when it last changed.

    They are read before the export is, so what is published in between is asked for once more, and never missed.
    """
    publication = Publication.objects.first()
    version = publication.version if publication else 0
    digest = hashlib.sha256(repr((release(), version, file_name, selection, options)).encode(errors="surrogatepass"))
    return f'"{digest.hexdigest()[:24]}"', publication and int(publication.published_at.timestamp())


def common_words(request) -> dict:
    """?also=: slugs of terms whose words of everyday English are wanted."""
    return {"also": frozenset(sorted(value.replace("\0", "?") for value in request.GET.getlist("also")))}


def newest_columns(request) -> dict:
    """?domains=1: with the column that OpenMetadata's newest releases have."""
    return {"domains": request.GET.get("domains") == "1"}


def of_a_day(request, day: date) -> dict:
    return {"on": day}


terms_json = export(exporting.terms_json, content_type="application/json", file_name="terms.json", disposition="inline")
terms_csv = export(exporting.terms_csv, content_type="text/csv; charset=utf-8", file_name="terms.csv")
content_zip = export(exporting.content_zip, content_type="application/zip", file_name="content.zip")
objects_inv = export(
    inventories.objects_inv,
    content_type="application/octet-stream",
    file_name="objects.inv",
)
mkdocs = export(
    inventories.mkdocs,
    content_type="text/markdown; charset=utf-8",
    file_name="eda.md",
    disposition="inline",
    options=common_words,
)
vale = export(inventories.vale_zip, content_type="application/zip", file_name="EDA.zip")
vale_of_a_day = export(inventories.vale_zip, content_type="application/zip", file_name="EDA.zip", options=of_a_day)
prh = export(
    inventories.prh_rules, content_type="application/yaml; charset=utf-8", file_name="prh.yml", disposition="inline"
)
llms = export(
    inventories.llms_index, content_type="text/plain; charset=utf-8", file_name="llms.txt", disposition="inline"
)
llms_full = export(
    inventories.llms_full, content_type="text/plain; charset=utf-8", file_name="llms-full.txt", disposition="inline"
)
skos = export(
    inventories.skos_turtle, content_type="text/turtle; charset=utf-8", file_name="skos.ttl", disposition="inline"
)
skos_json_ld = export(
    inventories.skos_json_ld, content_type="application/ld+json", file_name="skos.jsonld", disposition="inline"
)
datahub = export(
    inventories.datahub_glossary,
    content_type="application/yaml; charset=utf-8",
    file_name="datahub.yml",
    disposition="inline",
)
openmetadata = export(
    inventories.openmetadata_csv,
    content_type="text/csv; charset=utf-8",
    file_name="openmetadata.csv",
    options=newest_columns,
)
eventcatalog = export(
    inventories.ubiquitous_language,
    content_type="text/markdown; charset=utf-8",
    file_name="ubiquitous-language.mdx",
    disposition="inline",
)
termbase = export(inventories.termbase, content_type="application/x-tbx+xml; charset=utf-8", file_name="eda.tbx")
