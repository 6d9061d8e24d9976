"""Publishing sample logs and scenarios: the newest state in a row, every state in a revision."""

from django.db import transaction

from .models import SampleLog, Scenario


@transaction.atomic
def publish_log(
    *, snapshot: dict, at, origin: str, content_digest: str | None = None, author=None, change="meaning", note=""
) -> SampleLog:
    """Publish a sample log: {slug, title, description, records}."""
    values = {name: snapshot[name] for name in ("title", "description", "records")}
    about = {"published_at": at, "origin": origin, "author": author, "change": change, "note": note}
    return publish_state(SampleLog, snapshot, values, content_digest, about)


@transaction.atomic
def publish_scenario(
    *, snapshot: dict, at, origin: str, content_digest: str | None = None, author=None, change="meaning", note=""
) -> Scenario:
    """Publish a scenario; `log` is the slug of its sample log."""
    values = {
        "title": snapshot["title"],
        "model": snapshot["model"],
        "log": SampleLog.objects.get(slug=snapshot["log"]),
        "start": snapshot.get("start", 0),
        "params": snapshot.get("params", {}),
        "interventions": snapshot.get("interventions", []),
        "captions": snapshot["captions"],
        "question": snapshot["question"],
        "breakage": snapshot["break"],
        "claims": snapshot["claims"],
    }
    about = {"published_at": at, "origin": origin, "author": author, "change": change, "note": note}
    return publish_state(Scenario, snapshot, values, content_digest, about)


def publish_state(model, snapshot: dict, values: dict, content_digest: str | None, about: dict):
    """The row with its new values, and the revision that keeps this state; `about` says whence and when it came."""
    slug = snapshot["slug"]
    row = model.objects.select_for_update().filter(slug=slug).first() or model(slug=slug, revision=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    if content_digest is not None:
        row.content_digest = content_digest
    row.save()
    row.revisions.create(number=row.revision, snapshot=snapshot, **about)
    return row


@transaction.atomic
def append_records(*, slug: str, title: str, description: str, records: list[dict], most: int) -> SampleLog:
    """Add records to a sample log that the site writes itself; only the newest `most` are kept.

    Such a log is made of what is stored elsewhere, so no revisions of it are kept.
    """
    log = SampleLog.objects.select_for_update().filter(slug=slug).first()
    log = log or SampleLog(slug=slug, title=title, description=description, revision=1, records=[])
    log.records = [*log.records, *records][-most:]
    log.save()
    return log
