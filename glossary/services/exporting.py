"""The dictionary for other programs, piece by piece: memory stays flat, and bytes stay the same until a publication.

Each export is a function from a selection to pieces of bytes, all read at one moment.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import QuerySet

from simulator.models import SampleLog, Scenario

from ..absolute import absolute
from ..domain import exchange, flat_table
from ..domain.content_file import write_categories, write_log, write_scenario, write_term
from ..models import Category, Publication, Term
from . import own_log
from .dumping import with_slugs
from .one_moment import one_moment

PIECE = 64 * 1024
PIECE_ROWS = 100
# A zip keeps a time for each file; one that never changes keeps the bytes the same.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Selection:
    """Which terms are exported: all, or those of some voices, categories or slugs (old ones count)."""

    voices: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    slugs: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.voices or self.categories or self.slugs)

    def terms(self) -> QuerySet[Term]:
        terms = Term.objects.exclude(current=None)
        if self.voices:
            terms = terms.filter(voice__in=self.voices)
        if self.categories:
            terms = terms.filter(category__slug__in=self.categories)
        if self.slugs:
            terms = terms.filter(pk__in=Term.objects.filter(slugs__slug__in=self.slugs).values("pk"))
        return terms.order_by("slug")

    def scenarios(self) -> QuerySet[Scenario]:
        """All, or those that the selected terms show."""
        if self.is_everything:
            return Scenario.objects.order_by("slug")
        shown = Scenario.objects.filter(term_scenarios__term__in=self.terms().order_by().values("pk"))
        return Scenario.objects.filter(pk__in=shown.values("pk")).order_by("slug")

    def logs(self) -> QuerySet[SampleLog]:
        """All but the one that the site writes itself, or those that the selected scenarios run on."""
        logs = SampleLog.objects.exclude(slug=own_log.SLUG).order_by("slug")
        if self.is_everything:
            return logs
        return logs.filter(pk__in=self.scenarios().order_by().values("log"))

    def category_rows(self) -> list[dict]:
        categories = Category.objects.all()
        if not self.is_everything:
            categories = categories.filter(pk__in=self.terms().order_by().values("category"))
        return list(categories.values("slug", "label", "description"))


EVERYTHING = Selection()


def home() -> str:
    """The address of the dictionary."""
    return absolute("home")


def version_date() -> str:
    """The day of the last publication, as exports name their version: 2026.03.31."""
    publication = Publication.objects.first()
    return f"{publication.published_at:%Y.%m.%d}" if publication else ""


def in_pieces(parts: Iterable[str]) -> Iterator[bytes]:
    """Text gathered into pieces that are worth sending; the first at once, so that nobody waits for a sign of life."""
    parts = iter(parts)
    yield next(parts, "").encode()
    gathered = io.StringIO()
    for part in parts:
        gathered.write(part)
        if gathered.tell() >= PIECE:
            yield gathered.getvalue().encode()
            gathered = io.StringIO()
    yield gathered.getvalue().encode()


def terms_json(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    """The document of domain/exchange.py: one line for each thing."""
    with one_moment():
        yield from in_pieces(document(selection))


def document(selection: Selection) -> Iterator[str]:
    head = {
        "format": exchange.FORMAT,
        "title": settings.GLOSSARY_TITLE,
        "url": home(),
        "version": version_date(),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1]
    parts = {
        "categories": selection.category_rows(),
        "logs": map(exported_state, newest_states(selection.logs())),
        "scenarios": map(exported_state, newest_states(selection.scenarios())),
        "terms": exported_terms(selection),
    }
    for name, rows in parts.items():
        yield f',\n"{name}": ['
        for position, row in enumerate(rows):
            yield (",\n" if position else "\n") + json.dumps(row, ensure_ascii=False)
        yield "\n]"
    yield "}\n"


def newest_states(rows: QuerySet) -> Iterator:
    """The newest revision of each scenario or sample log."""
    for row in rows.iterator(chunk_size=20):
        yield row.revisions.get(number=row.revision)


def exported_state(state) -> dict:
    return state.snapshot | {"revision": state.number}


def exported_terms(selection: Selection) -> Iterator[dict]:
    names = Term.objects.values_list("uid", "slug", "label")
    references = {uid: {"uid": uid, "slug": slug, "label": label} for uid, slug, label in names}
    url, permanent_url = addresses("term"), addresses("permanent")
    fields = ("uid", "slug", "status", "replaced_by__uid", "current__number", "current__snapshot")
    for uid, slug, status, replaced_by, number, snapshot in selection.terms().values_list(*fields).iterator(PIECE_ROWS):
        yield exchange.exported_term(
            snapshot,
            references.get,
            status=status,
            replaced_by=references.get(replaced_by),
            revision=number,
            url=url(slug),
            permanent_url=permanent_url(uid),
        )


def addresses(name: str) -> Callable[[str], str]:
    """What gives the address of each term by its slug or uid; asking Django for each would take most of the time."""
    example = "bbbbbbbb"
    before, _, after = absolute(name, example).rpartition(example)
    return lambda word: f"{before}{word}{after}"


def terms_csv(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    """The table of domain/flat_table.py: one row for each term."""
    with one_moment():
        yield from in_pieces(table(selection))


def table(selection: Selection) -> Iterator[str]:
    yield line_of(flat_table.COLUMNS)
    slugs = dict(Term.objects.values_list("uid", "slug"))
    url = addresses("term")
    fields = ("slug", "status", "current__number", "current__snapshot")
    for slug, status, number, snapshot in selection.terms().values_list(*fields).iterator(PIECE_ROWS):
        beside = {"status": status, "revision": number, "url": url(slug)}
        yield line_of(flat_table.row_of(with_slugs(snapshot, slugs), **beside))


def line_of(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def content_zip(selection: Selection = EVERYTHING) -> Iterator[bytes]:
    """Content files in a zip, as `dump_content` writes them into a folder. Retired terms have no file."""
    with one_moment():
        yield from zipped(content_files(selection))


def zipped(files: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """A zip of (name, text), sent as it grows."""
    sent = Sent()
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(ZipInfo(name, NO_TIME), text.encode(), ZIP_DEFLATED)
            if sent.size() >= PIECE:
                yield sent.take()
    yield sent.take()


def content_files(selection: Selection) -> Iterator[tuple[str, str]]:
    yield "categories.toml", write_categories(selection.category_rows())
    for state in newest_states(selection.logs()):
        yield f"logs/{state.snapshot['slug']}.jsonl", write_log(state.snapshot)
    for state in newest_states(selection.scenarios()):
        yield f"scenarios/{state.snapshot['slug']}.toml", write_scenario(state.snapshot)
    slugs = dict(Term.objects.values_list("uid", "slug"))
    terms = selection.terms().published().values_list("slug", "current__snapshot")
    for slug, snapshot in terms.iterator(PIECE_ROWS):
        yield f"terms/{slug}.md", write_term(with_slugs(snapshot, slugs))


class Sent(io.RawIOBase):
    """A file that can only be written to, and is emptied as it is sent."""

    def __init__(self):
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def size(self) -> int:
        return sum(map(len, self._pieces))

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken
