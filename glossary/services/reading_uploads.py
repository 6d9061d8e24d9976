"""What somebody uploads or pastes, read without trust: JSON, zipped content files, a table of CSV, or SKOS."""

import io
import re
import stat
import zlib
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings

from ..domain import openmetadata_table, skos_graph, table_text
from ..domain.content_file import read_categories
from ..domain.exchange import Entry, read_document, things_in
from ..domain.flat_table import read_table
from ..domain.plain_json import read_json
from ..domain.problems import Problem
from .reading_files import READERS

# How much is read of what a browser sends; the command line takes more.
MOST_UNPACKED = 60_000_000
MOST_FILES = 20_000
MOST_ENTRIES = 5_000
MOST_PROBLEMS = 500
SUBJECTS = {"terms": "term", "scenarios": "scenario", "logs": "log"}
CONTENT_NAME = re.compile(r"(?:(?:.+/)?(terms|scenarios|logs)/([^/]+)(\.md|\.toml|\.jsonl))|(?:.+/)?categories\.toml")
# What systems put beside the files of a folder.
NOISE = re.compile(r"(^|/)(\.(?!\.)|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
XML = re.compile(r"\s*<(?:\?xml|!DOCTYPE|!--|html|rdf:RDF)", re.IGNORECASE)
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Unreadable(ValueError):
    """An upload that is nothing we read; the message is a sentence with the way out."""


class Upload(NamedTuple):
    """What was read. A problem's path is where it stands: a row, a file with its line, a list of the document.

    remarks: sentences on what another tool says and is not kept here.
    table: the rows of what was a table, its header first; else nothing.
    """

    entries: list[Entry]
    problems: list[Problem]
    remarks: list[str] = []
    table: list[list[str]] = []


def read_upload(raw: bytes, *, bounded: bool = True) -> Upload:
    """Raises Unreadable where it is nothing that is read or, from strangers (`bounded`), too much."""
    if not raw.strip():
        raise Unreadable("There is nothing in it: choose a file, or paste its text.")
    if raw[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        upload = read_zip(raw, most=MOST_UNPACKED if bounded else 100 * MOST_UNPACKED)
    else:
        try:
            upload = read_text(decoded(raw), bounded=bounded)
        except (skos_graph.NotRead, table_text.TooMany) as error:
            raise Unreadable(str(error)) from None
    if bounded and len(upload.entries) > MOST_ENTRIES:
        raise Unreadable(too_many(len(upload.entries)))
    if not upload.entries and not upload.problems:
        raise Unreadable("It holds no term, scenario, sample log or category.")
    return upload._replace(problems=shortened(upload.problems))


def too_many(count: int) -> str:
    return f"It holds {count} things; the most at once is {MOST_ENTRIES}. Import it in parts."


def shortened(problems: list[Problem]) -> list[Problem]:
    """So many as somebody mends before trying again."""
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], Problem("", f"and {more} more of the kind")]


def read_text(text: str, *, bounded: bool) -> Upload:
    match text.lstrip()[:1]:
        case "{" | "[":
            return read_json_text(text, bounded=bounded)
        case "<" if XML.match(text):
            raise Unreadable("This is XML or HTML, which is not read; save it as CSV, JSON, Turtle or JSON-LD.")
    if skos_graph.is_turtle(text):
        return Upload(*skos_graph.read_turtle(text, settings.PUBLIC_URL))
    table = table_text.split(text, most=MOST_ENTRIES if bounded else None)
    if openmetadata_table.is_one(table.header):
        return Upload(*openmetadata_table.read_table(table), table.raw)
    return Upload(*read_table(table, settings.PUBLIC_URL), table=table.raw)


def decoded(raw: bytes) -> str:
    encoding = next((name for mark, name in MARKS.items() if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"Line {line} holds the byte 0x{raw[error.start]:02x}, which is not {encoding.upper()} text; "
            "save the file as UTF-8 (in Excel: “CSV UTF-8”)."
        ) from None
    if "\0" in text:
        raise Unreadable("It holds NUL characters, so it is no text, or UTF-16 without a mark; save the file as UTF-8.")
    return text


def read_json_text(text: str, *, bounded: bool) -> Upload:
    try:
        document = read_json(text)
    except ValueError as error:
        raise Unreadable(f"It begins as JSON does, and cannot be read so: {error}") from None
    if skos_graph.is_json_ld(document):
        return Upload(*skos_graph.read_json_ld(document, settings.PUBLIC_URL))
    if bounded and (count := things_in(document)) > MOST_ENTRIES:
        raise Unreadable(too_many(count))
    return Upload(*read_document(document, settings.PUBLIC_URL))


def read_zip(raw: bytes, *, most: int) -> Upload:
    entries: list[Entry] = []
    problems: list[Problem] = []
    try:
        with ZipFile(io.BytesIO(raw)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and not NOISE.search(info.filename)]
            refuse_what_is_no_content(files)
            left = most
            for info in files:
                if reason := reason_against(info):
                    problems.append(Problem(shown(info.filename), reason))
                    continue
                data = unpacked(archive, info, left)
                left -= len(data)
                found = read_content_file(info.filename, data)
                entries += found.entries
                problems += found.problems
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"The zip is damaged ({error}); make it again.") from None
    return Upload(entries, problems)


def refuse_what_is_no_content(files: list[ZipInfo]) -> None:
    names = {info.filename for info in files}
    if "[Content_Types].xml" in names:
        raise Unreadable("This is a workbook or document of an office program; save the table as CSV (UTF-8).")
    if len(files) > MOST_FILES:
        raise Unreadable(f"The zip holds {len(files)} files; the most is {MOST_FILES}.")
    if len(names) < len(files):
        raise Unreadable("The zip holds two files of one name; keep one of them.")


def reason_against(info: ZipInfo) -> str | None:
    name = info.filename
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        return "leads out of the zip; names must be like terms/<slug>.md"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link to another file; put the file itself into the zip"
    if info.flag_bits & 1:
        return "is encrypted; make the zip without a password"
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "is compressed in a way that is not read here; make the zip with Deflate"
    if not CONTENT_NAME.fullmatch(name):
        return "is none of categories.toml, terms/<slug>.md, scenarios/<slug>.toml and logs/<slug>.jsonl; leave it out"
    return None


def unpacked(archive: ZipFile, info: ZipInfo, left: int) -> bytes:
    """The bytes of a file, whatever size its header claims; never more than are left."""
    with archive.open(info) as file:
        data = file.read(left + 1)
    if len(data) > left:
        raise Unreadable("The zip unpacks to more than is read at once; import it in parts.")
    return data


def read_content_file(name: str, raw: bytes) -> Upload:
    matched = CONTENT_NAME.fullmatch(name)
    kind, slug, suffix = matched.groups()
    place = shown(name)
    if kind and READERS[kind][0] != suffix:
        return Upload([], [Problem(place, f"must end in {READERS[kind][0]}")])
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return Upload([], [Problem(f"{place}:{raw.count(10, 0, error.start) + 1}", "is not UTF-8 text")])
    file = READERS[kind][1](text, slug) if kind else read_categories(text)
    if file.problems or file.data is None:
        told = [Problem(f"{place}:{file.line_of(path)}", f"{path}: {message}") for path, message in file.problems]
        return Upload([], told)
    if kind:
        return Upload([Entry(SUBJECTS[kind], place, file.data, lines=file.lines)], [])
    rows = file.data.get("categories", [])
    if not isinstance(rows, list):
        return Upload([], [Problem(place, "categories must be a list")])
    return Upload([Entry("category", place, row) for row in rows], [])


def shown(name: str) -> str:
    return f"{name:.120}"
