"""Publishing sample logs and scenarios: the newest state in a row, every state in a revision."""

from django.db import transaction

from .models import SampleLog, SampleLogRevision, Scenario, ScenarioRevision


@transaction.atomic
def publish_log(
    *, snapshot: dict, at, origin: str, content_digest: str | None = None, author=None, change="meaning", note=""
) -> SampleLog:
    """Publish a sample log: {slug, title, description, records}."""
    values = {name: snapshot[name] for name in ("title", "description", "records")}
    log = publish_state(SampleLog, snapshot["slug"], values, content_digest)
    SampleLogRevision.objects.create(
        log=log,
        number=log.revision,
        snapshot=snapshot,
        origin=origin,
        published_at=at,
        author=author,
        change=change,
        note=note,
    )
    return log


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
    scenario = publish_state(Scenario, snapshot["slug"], values, content_digest)
    ScenarioRevision.objects.create(
        scenario=scenario,
        number=scenario.revision,
        snapshot=snapshot,
        origin=origin,
        published_at=at,
        author=author,
        change=change,
        note=note,
    )
    return scenario


def publish_state(model, slug: str, values: dict, content_digest: str | None):
    row = model.objects.select_for_update().filter(slug=slug).first() or model(slug=slug, revision=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    if content_digest is not None:
        row.content_digest = content_digest
    row.save()
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
