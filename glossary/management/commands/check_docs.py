from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from glossary import documents
from glossary.domain import reports
from glossary.domain.prose import SUFFIXES

LARGEST = 10_000_000


class Command(BaseCommand):
    help = "Say which terms documents use, and where a word is ambiguous, misspelt, to be avoided or retired."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders of .md, .rst, .adoc and .txt files")
        parser.add_argument("--format", choices=reports.FORMATS, default="text")
        parser.add_argument("--fail-on", choices=reports.LEVELS, help="end with 1 if there is anything of this level")
        parser.add_argument("--all", action="store_true", help="tell of terms that are used well, too")

    def handle(self, *, paths, format, fail_on, **options):
        findings = [found for path in files(paths) for found in self.findings(path)]
        least = "info" if options["all"] or fail_on == "info" else "warning"
        told = [each for each in findings if at_least(each.level, least)]
        self.stdout.write(reports.FORMATS[format](told), ending="")
        if fail_on and any(at_least(each.level, fail_on) for each in findings):
            raise SystemExit(1)

    def findings(self, path: Path) -> Iterator[reports.Finding]:
        try:
            if path.stat().st_size > LARGEST:
                raise CommandError(f"{path} is larger than {LARGEST // 1_000_000} MB; nobody reads it as a document.")
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise CommandError(f"{path} is not UTF-8; save it as UTF-8, or leave it out.") from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        for hit in documents.check(text, SUFFIXES.get(path.suffix.lower(), "text")):
            address = settings.PUBLIC_URL + reverse("term", args=[hit.term.slug])
            yield reports.Finding(
                path.as_posix(),
                *hit[:4],
                hit.term.slug,
                hit.term.label,
                address,
                hit.matched,
                hit.level,
                hit.message,
            )


def at_least(level: str, least: str) -> bool:
    return reports.LEVELS.index(level) >= reports.LEVELS.index(least)


def files(paths: list[Path]) -> Iterator[Path]:
    """Files as they are named; of folders, those that documents are written in, in order."""
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.suffix.lower() in SUFFIXES and each.is_file())
        else:
            yield path
