import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.core.management.base import BaseCommand, CommandError

from glossary import documents
from glossary.absolute import absolute
from glossary.domain import reports
from glossary.domain.problems import Invalid
from glossary.domain.prose import SUFFIXES
from glossary.domain.readable import LARGEST, Unreadable, decoded
from glossary.services import registering
from glossary.services.registering import Description

# Places of one document; whoever has more mends these first.
MOST_TOLD = 20_000


class Trouble(CommandError):
    """What was not done, as a sentence; ends with 2, as 1 says that something was found."""

    def __init__(self, sentence: str):
        super().__init__(sentence, returncode=2)


class Command(BaseCommand):
    help = "Say which terms documents use, and where a word is ambiguous, misspelt, to be avoided or retired."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of .md, .rst, .adoc and .txt files")
        parser.add_argument("--format", choices=reports.FORMATS, default="text")
        parser.add_argument("--fail-on", choices=reports.LEVELS, help="end with 1 if there is anything of this level")
        parser.add_argument("--all", action="store_true", help="tell of terms that are used well, too")
        parser.add_argument(
            "--register", default="", metavar="ADDRESS", help="register them: where the paths are found"
        )
        parser.add_argument("--repository", default="", help="of the documents that are registered")
        parser.add_argument("--team", default="", help="whose they are")

    def handle(self, *, paths, format, fail_on, register, repository, team, **options):
        if not register and (repository or team):
            raise Trouble("Say with --register below which address the paths are, to register them.")
        least = "info" if options["all"] or fail_on == "info" else "warning"
        told, levels, troubles = [], set(), []
        for path in files(paths):
            written_in = SUFFIXES.get(path.suffix.lower(), "text")
            try:
                text, count = read(path), 0
                for count, finding in enumerate(findings_in(path, text, written_in, least), start=1):
                    levels.add(finding.level)
                    if count <= MOST_TOLD:
                        told.append(finding)
                if count > MOST_TOLD:
                    self.stderr.write(f"{path} has {count:,} places to tell of; the first {MOST_TOLD:,} are told.")
                if register:
                    address = address_of(path, register)
                    keep(Description(address, repository=repository, team=team, format=written_in), path, text)
            except Trouble as trouble:
                troubles.append(str(trouble))
        # A name of a file may be no text; whatever reads the output gets text all the same.
        self.stdout.write(reports.FORMATS[format](told).encode(errors="backslashreplace").decode(), ending="")
        if troubles:
            raise Trouble("\n".join(troubles))
        if fail_on and any(at_least(level, fail_on) for level in levels):
            raise SystemExit(1)


def read(path: Path) -> str:
    """The text of a file. No more is read than a document may have, whatever its size is said to be."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Trouble(f"{path} is no file that can be read as a document; leave it out.")
        with path.open("rb") as file:
            return decoded(file.read(LARGEST + 1), str(path))
    except Unreadable as unreadable:
        raise Trouble(str(unreadable)) from None
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}.") from None


def findings_in(path: Path, text: str, written_in: str, least: str) -> Iterator[reports.Finding]:
    for hit in documents.check(text, written_in):
        if at_least(hit.level, least):
            address = absolute("term", hit.term.slug)
            yield reports.Finding(
                path.as_posix(), *hit[:4], hit.term.slug, hit.term.label, address, hit.matched, hit.level, hit.message
            )


def address_of(path: Path, base: str) -> str:
    """Where readers find a path: below an address, as it is below the folder in which this runs."""
    place = Path(os.path.relpath(path)).as_posix()
    if place.startswith("../"):
        raise Trouble(f"{path} was not registered: it is not below the folder in which this runs.")
    return f"{base.rstrip('/')}/{quote(os.fsencode(place))}"


def keep(description: Description, path: Path, text: str) -> None:
    try:
        registering.register(description=description, text=text)
    except Invalid as invalid:
        told = " ".join(f"{problem.path}: {problem.message}" for problem in invalid.problems)
        raise Trouble(f"{path} was not registered: {told}") from None


def at_least(level: str, least: str) -> bool:
    return reports.LEVELS.index(level) >= reports.LEVELS.index(least)


def files(paths: list[Path]) -> Iterator[Path]:
    """Files as they are named, and those of folders."""
    for path in paths:
        if os.path.isdir(path):
            yield from documents_below(path)
        else:
            yield path


def documents_below(folder: Path) -> list[Path]:
    """What documents are written in, and folders that cannot be looked into, in order."""
    found, closed = [], []
    for at, _, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        found += (Path(at, name) for name in names if Path(name).suffix.lower() in SUFFIXES)
    return sorted([*filter(os.path.isfile, found), *closed])
