from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from glossary.services.backup_format import Unusable
from glossary.services.restoring import restore


class Command(BaseCommand):
    help = "Put a backup into an empty database, SQLite or PostgreSQL, on which only `migrate` was run."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `backup` wrote")

    def handle(self, *, file, **options):
        try:
            manifest = restore(file)
        except Unusable as unusable:
            raise CommandError(str(unusable)) from None
        rows = sum(table["rows"] for table in manifest["tables"])
        self.stdout.write(f"Restored {rows} rows of {len(manifest['tables'])} tables, as of {manifest['made_at']}")
