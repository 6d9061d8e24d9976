from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from glossary.services.backing_up import back_up


class Command(BaseCommand):
    help = "Write everything that must survive into one file, while the site runs."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the backup to write; one that is there is replaced when done")

    def handle(self, *, file, **options):
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        manifest = back_up(file)
        rows = sum(table["rows"] for table in manifest["tables"])
        self.stdout.write(f"Backed up {rows} rows of {len(manifest['tables'])} tables into {file}")
