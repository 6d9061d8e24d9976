"""Restoring a backup into an empty database of either kind: all of it, or nothing."""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.migrations.loader import MigrationLoader
from redis.exceptions import RedisError

from .backing_up import product_version
from .backup_format import FORMAT, MANIFEST, NAMED, Unusable, columns, names_by_id, reader_of, surviving, tables

BATCH = 200
# What zipfile raises over files that were cut off, changed or never were one.
DAMAGES = (BadZipFile, EOFError, zlib.error, struct.error, NotImplementedError, RuntimeError)


def restore(path: Path, *, using: str = "default") -> dict:
    """Put everything that a backup holds into a migrated, empty database; its manifest.

    Raises Unusable, and nothing is written then.
    """
    try:
        with ZipFile(path) as archive:
            manifest = read_manifest(archive)
            check_fits(manifest, using)
            check_whole(archive, manifest)
            with transaction.atomic(using=using):
                check_empty(using)
                write_everything(archive, manifest, using)
    except DAMAGES as error:
        raise Unusable(f"{path} is no whole backup ({error}); get it again, or take another one.") from error
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from error
    except DatabaseError as error:
        raise Unusable(f"The database refused a row, so nothing was restored: {error}") from error
    # Whatever was kept of another dictionary under the same number is not asked for again.
    with suppress(RedisError):
        cache.clear()
    return manifest


def read_manifest(archive: ZipFile) -> dict:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        made_by, format = manifest["version"], manifest["format"]
    except (KeyError, ValueError, TypeError):
        raise Unusable("This file has no manifest, so it is no backup of a glossary.") from None
    if not isinstance(format, int) or format > FORMAT:
        raise Unusable(
            f"This backup was made by release {made_by}, and this is {product_version()}: restore it with that release."
        )
    return manifest


def check_fits(manifest: dict, using: str) -> None:
    """Rows fit the tables of the migrations under which they were written, and of no others."""
    loader = MigrationLoader(connections[using])
    here, there = set(loader.applied_migrations), set(map(tuple, manifest["migrations"]))
    release = manifest["version"]
    if unknown := there - here - loader.disk_migrations.keys():
        raise Unusable(
            f"This backup was made by release {release}, which has migrations that this one ({product_version()}) does "
            f"not know, such as {'.'.join(min(unknown))}: restore it with that release or a newer one."
        )
    if there - here:
        raise Unusable("The tables of this database are not there yet, or not up to date: run `manage.py migrate`.")
    if newer := here - there:
        raise Unusable(
            f"This backup was made by the older release {release}, before the migration {'.'.join(min(newer))}: "
            "restore it with that release, then upgrade."
        )


def check_whole(archive: ZipFile, manifest: dict) -> None:
    known = {model._meta.label_lower: model for model in tables()}
    if {table["name"] for table in manifest["tables"]} != known.keys():
        raise Unusable("The manifest of this backup does not list the tables of this release; take another backup.")
    for table in manifest["tables"]:
        if table["columns"] != [field.attname for field in columns(known[table["name"]])]:
            raise Unusable(f"The columns of {table['name']} are others in this release; take another backup.")
        digest, rows = hashlib.sha256(), 0
        for line in lines(archive, table):
            digest.update(line)
            rows += 1
        if (digest.hexdigest(), rows) != (table["sha256"], table["rows"]):
            raise Unusable(
                f"The table {table['name']} is not what the manifest says ({rows} rows of {table['rows']}, or another "
                "checksum): the file was damaged or changed; take another backup."
            )


def lines(archive: ZipFile, table: dict):
    try:
        with archive.open(f"{table['name']}.jsonl") as member:
            yield from member
    except KeyError:
        raise Unusable(f"The table {table['name']} is missing from this backup; take another one.") from None


def check_empty(using: str) -> None:
    """The three roles that a migration makes are all that an empty database holds."""
    for model in tables():
        if model is not Group and surviving(model, using).exists():
            raise Unusable(
                f"This database is not empty: it has {model._meta.verbose_name_plural}. "
                "Restore into a new one, on which only `manage.py migrate` was run."
            )
    Group._base_manager.using(using).all().delete()


def write_everything(archive: ZipFile, manifest: dict, using: str) -> None:
    connection = connections[using]
    models_by_name = {model._meta.label_lower: model for model in tables()}
    ids = {model: {tuple(names): pk for pk, names in found.items()} for model, found in names_by_id(using).items()}
    for table in manifest["tables"]:
        write_table(archive, table, models_by_name[table["name"]], ids, connection)
    connection.check_constraints()
    with connection.cursor() as cursor:
        # New rows are counted on from the restored ones.
        for statement in connection.ops.sequence_reset_sql(no_style(), [*models_by_name.values()]):
            cursor.execute(statement)


def write_table(archive: ZipFile, table: dict, model: type[models.Model], ids: dict, connection) -> None:
    fields = columns(model)
    quote = connection.ops.quote_name
    names, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 – names of models
    rows = read_rows(lines(archive, table), table["name"], fields, ids)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            prepared = [
                [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
                for row in batch
            ]
            cursor.executemany(insert, prepared)


def read_rows(found: Iterable[bytes], table: str, fields: list[models.Field], ids: dict) -> Iterator[list]:
    readers = [reader_of(field) for field in fields]
    named = [(index, ids[field.related_model]) for index, field in enumerate(fields) if field.related_model in NAMED]
    for number, line in enumerate(found, 1):
        try:
            values = json.loads(line)
            for index, id_of in named:
                values[index] = values[index] and id_of[tuple(values[index])]
            row = [read(value) for read, value in zip(readers, values, strict=True)]
        except KeyError:
            # A permission or model that this release no longer has, and so nobody can be given.
            continue
        except (ValueError, TypeError) as error:
            raise Unusable(f"Row {number} of {table} cannot be read ({error}); take another backup.") from error
        yield row
