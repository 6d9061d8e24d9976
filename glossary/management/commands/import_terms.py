import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from glossary.domain.problems import Invalid
from glossary.domain.vocabulary import VOICES
from glossary.models import User
from glossary.permissions import may
from glossary.services import import_result, importing
from glossary.services.reading_uploads import Unreadable, read_upload


class Command(BaseCommand):
    help = "Propose what a file holds (JSON, CSV, zipped content, OpenMetadata's CSV, SKOS), as one set for review."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="the name of the curator in whose name it is proposed")
        parser.add_argument("--title", help="what reviewers read above it (default: the name of the file)")
        parser.add_argument("--voice", choices=VOICES, default=VOICES[0], help="of new terms whose file names none")
        parser.add_argument("--category", default="", help="slug, of new terms whose file names none")
        parser.add_argument("--result", type=Path, help="write the dry run to this file, as CSV")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of each thing; write nothing")

    def handle(self, *, file, by, title, voice, category, result, dry_run, **options):
        person = User.objects.filter(username=by).first()
        if person is None or not may(person, "import"):
            raise CommandError(f"{by!r} is nobody who may import; name an active curator or admin.")
        try:
            otherwise = {"voice": voice, "category": category}
            upload = importing.with_uids(read_upload(file.read_bytes(), bounded=False), otherwise)
            plan = importing.plan(upload, by=person)
            self.tell(plan, upload.remarks)
            if result:
                self.write(result, import_result.result(plan, upload.table))
            if plan.refused:
                raise CommandError("Nothing was proposed: an import is taken whole or not at all.")
            if dry_run or not plan.changes:
                return
            review_set = importing.propose(upload, title=title or f"Import of {file.name}"[:200], by=person)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except Unreadable as unreadable:
            raise CommandError(f"{file}: {unreadable}") from None
        except importing.NotAsShown as told:
            raise CommandError(str(told)) from None
        except Invalid as invalid:
            raise CommandError("; ".join(problem.message for problem in invalid.problems)) from None
        self.stdout.write(f"Proposed {len(plan.changes)} changes as review set {review_set.pk}")

    def write(self, path, rows):
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None

    def tell(self, plan, remarks):
        for row in plan.told:
            fields = ", ".join(field.path for field in row.fields)
            self.stdout.write(f"{row.outcome}: {row.subject} {row.label} ({row.place}) {fields}".rstrip())
            for problem in row.problems:
                self.stdout.write(f"  {problem.path}: {problem.message}")
        for remark in remarks:
            self.stdout.write(remark)
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in plan.counts.items()))
