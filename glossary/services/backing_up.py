"""Writing a backup while the site runs: one moment of the whole database, whoever writes meanwhile."""

import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from .backup_format import FORMAT, MANIFEST, NAMED, columns, line_of, names_by_id, surviving, tables


@cache
def product_version() -> str:
    return tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text())["project"]["version"]


def back_up(path: Path, *, using: str = "default", at=None) -> dict:
    """Write everything that must survive into a file; its manifest.

    The file appears whole or not at all, and only its owner reads it: it holds password hashes.
    """
    at = at or timezone.now()
    # mkstemp's file is its owner's alone.
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file, one_moment(using), ZipFile(file, "w", ZIP_DEFLATED) as archive:
            manifest = {
                "format": FORMAT,
                "version": product_version(),
                "made_at": at.isoformat(),
                "database": connections[using].vendor,
                "migrations": sorted(map(list, MigrationRecorder(connections[using]).applied_migrations())),
                "tables": write_tables(archive, using),
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise
    return manifest


@contextmanager
def one_moment(using: str) -> Iterator[None]:
    """Read the database as it is now until the end, without keeping anybody from writing."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with transaction.atomic(using=using), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    # Django's own transactions on SQLite take the lock of a writer; a deferred one reads one state of the log (WAL).
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def write_tables(archive: ZipFile, using: str) -> list[dict]:
    names = names_by_id(using)
    return [write_table(archive, model, names, using) for model in tables()]


def write_table(archive: ZipFile, model: type[models.Model], names: dict, using: str) -> dict:
    fields = columns(model)
    named = [(index, names[field.related_model]) for index, field in enumerate(fields) if field.related_model in NAMED]
    rows, digest = 0, hashlib.sha256()
    with archive.open(f"{model._meta.label_lower}.jsonl", "w", force_zip64=True) as member:
        found = surviving(model, using).values_list(*(field.attname for field in fields))
        for row in found.iterator(chunk_size=200):
            values = list(row)
            for index, names_of in named:
                values[index] = names_of.get(values[index])
            line = line_of(values)
            digest.update(line)
            member.write(line)
            rows += 1
    return {
        "name": model._meta.label_lower,
        "columns": [field.attname for field in fields],
        "rows": rows,
        "sha256": digest.hexdigest(),
    }
