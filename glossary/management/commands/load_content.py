from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from glossary.services.loading import load
from glossary.services.reading_files import ContentInvalid


class Command(BaseCommand):
    help = "Load the content files into the dictionary; what a person edited is never overwritten."

    def add_arguments(self, parser):
        parser.add_argument("folders", nargs="*", type=Path, help="content folders (default: CONTENT_DIRS)")
        parser.add_argument("--check", action="store_true", help="validate everything, write nothing")

    def handle(self, *, folders, check, **options):
        try:
            report = load(folders or settings.CONTENT_DIRS, check=check, progress=self.stderr.write)
        except ContentInvalid as invalid:
            count = f"{len(invalid.problems)} problems; nothing was loaded"
            raise CommandError("\n".join([*invalid.problems, count])) from None
        for name in report.proposed:
            self.stdout.write(f"{name}: edited by a person since; the file is now a proposal")
        self.stdout.write(f"{'Would load' if check else 'Loaded'} the dictionary: {report}")
