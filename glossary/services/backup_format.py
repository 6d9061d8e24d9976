"""What a backup file is: a zip with one member of JSON Lines per table, and a manifest of what it must hold.

A line is a row: its values in the order of the manifest's columns. Values are plain JSON; moments are ISO 8601 to the
microsecond. The manifest is written last and read first, so neither side holds more than some rows in memory.
"""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_iso_string

FORMAT = 1
MANIFEST = "manifest.json"
# What migrations make, and what does not outlive the processes that made it.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session", "usersessions.usersession"}
# A finished task's result is history; one that waits, or was running, is still to be done.
UNFINISHED_TASKS = {"status__in": ["READY", "RUNNING"]}
# These have other ids in every database, so a row that points at one says its names instead.
NAMED = {
    ContentType: ("app_label", "model"),
    Permission: ("content_type__app_label", "content_type__model", "codename"),
}
READERS = {
    models.DateTimeField: datetime.fromisoformat,
    models.DateField: date.fromisoformat,
    models.TimeField: time.fromisoformat,
    models.DurationField: parse_duration,
    models.DecimalField: Decimal,
    models.UUIDField: UUID,
    models.BinaryField: bytes.fromhex,
}


class Unusable(Exception):
    """A backup that cannot be restored here; the message is one sentence, with the way out."""


def tables() -> list[type[models.Model]]:
    """Every table that must survive, those between many and many included."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]


def columns(model: type[models.Model]) -> list[models.Field]:
    return list(model._meta.local_concrete_fields)


def surviving(model: type[models.Model], using: str) -> models.QuerySet:
    rows = model._base_manager.using(using).order_by("pk")
    is_task = model._meta.label_lower == "django_tasks_database.dbtaskresult"
    return rows.filter(**UNFINISHED_TASKS) if is_task else rows


def names_by_id(using: str) -> dict[type[models.Model], dict]:
    return {
        model: {pk: list(names) for pk, *names in model._base_manager.using(using).values_list("pk", *fields)}
        for model, fields in NAMED.items()
    }


def written(value) -> object:
    """A value that JSON does not know, as `READERS` read it."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case Decimal() | UUID():
            return str(value)
    raise TypeError(f"{value!r} cannot be written into a backup")


def line_of(values: list) -> bytes:
    return json.dumps(values, separators=(",", ":"), default=written).encode() + b"\n"


def reader_of(field: models.Field):
    """What turns a value of a line into a value of a row."""
    target = field.target_field if field.is_relation else field
    read = next((read for kind, read in READERS.items() if isinstance(target, kind)), None)
    return (lambda value: None if value is None else read(value)) if read else lambda value: value
