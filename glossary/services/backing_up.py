"""Writing a backup while the site runs: one moment of the whole database, whoever writes meanwhile."""

import hashlib
import json
import os
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connections, models
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from .backup_format import FORMAT, MANIFEST, NAMED, columns, line_of, names_by_id, surviving, tables
from .one_moment import one_moment


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
