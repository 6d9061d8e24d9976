from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from glossary.services.dumping import dump


class Command(BaseCommand):
    help = "Write the published dictionary into content files, in canonical form."

    def add_arguments(self, parser):
        parser.add_argument("folders", nargs="*", type=Path, help="content folders (default: CONTENT_DIRS)")

    def handle(self, *, folders, **options):
        written = dump(folders or settings.CONTENT_DIRS)
        self.stdout.write(f"Wrote {len(written)} files")
