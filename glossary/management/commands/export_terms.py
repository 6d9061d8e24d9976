import sys
from pathlib import Path

from django.core.management.base import BaseCommand

from glossary.services import exporting

WRITERS = {"json": exporting.terms_json, "csv": exporting.terms_csv, "zip": exporting.content_zip}


class Command(BaseCommand):
    help = "Write the dictionary, or a selection of its terms, as JSON, CSV or a zip of content files."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="where to write (default: standard output)")
        parser.add_argument("--format", choices=WRITERS, help="default: what the file is called, or json")
        parser.add_argument("--voice", action="append", default=[], help="only terms of this voice")
        parser.add_argument("--category", action="append", default=[], help="only terms of this category")
        parser.add_argument("--slug", action="append", default=[], help="only this term; may be repeated")

    def handle(self, *, file, voice, category, slug, **options):
        ending = file.suffix.removeprefix(".") if file else "json"
        write = WRITERS[options["format"] or (ending if ending in WRITERS else "json")]
        pieces = write(exporting.Selection(tuple(voice), tuple(category), tuple(slug)))
        if file is None:
            for piece in pieces:
                sys.stdout.buffer.write(piece)
            return
        with file.open("wb") as out:
            for piece in pieces:
                out.write(piece)
        self.stdout.write(f"Wrote {file}")
