"""Tasks that fail for a passing reason are tried again, later each time, and each attempt can be seen."""

from datetime import timedelta
from itertools import pairwise
from smtplib import SMTPServerDisconnected

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from glossary.models import AuditEntry, Schedule
from glossary.permissions import PermissionDenied
from glossary.services import tending
from glossary.tasks import MOST_ATTEMPTS, background, enqueue_once, pause_after
from tests.factories import UserFactory
from tests.working import work

pytestmark = pytest.mark.django_db

done: list[str] = []
failures: list[BaseException] = []


@background
def greet(name: str, *, politely: bool = False) -> str:
    if failures:
        raise failures.pop(0)
    done.append(name)
    return f"Dear {name}" if politely else name


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()
    failures.clear()


def statuses() -> list[str]:
    return [result.status for result in DBTaskResult.objects.order_by("enqueued_at")]


def test_a_task_runs_with_its_arguments_and_its_answer_is_kept():
    greet.enqueue("Ann", politely=True)
    [result] = work()
    assert (result.status, result.return_value) == ("SUCCESSFUL", "Dear Ann")


@pytest.mark.parametrize(
    "reason",
    [ConnectionRefusedError("away"), SMTPServerDisconnected("gone"), OperationalError("locked"), SystemExit(1)],
)
def test_a_passing_failure_is_recorded_and_tried_again_later(reason):
    failures.append(reason)
    greet.enqueue("Ann", politely=True)
    first, second = work()
    assert (first.status, second.status) == ("FAILED", "READY")
    assert str(reason) in first.traceback
    assert second.run_after > timezone.now()
    assert work(later=True)[-1].return_value == "Dear Ann"
    assert statuses() == ["FAILED", "SUCCESSFUL"]


def test_a_lasting_failure_is_not_tried_again():
    failures.append(ValueError("nobody of that name"))
    greet.enqueue("Ann")
    work(later=True)
    assert statuses() == ["FAILED"]


def test_attempts_end():
    failures.extend(ConnectionError("away") for _ in range(100))
    greet.enqueue("Ann")
    for _ in range(MOST_ATTEMPTS + 3):
        work(later=True)
    assert statuses() == ["FAILED"] * MOST_ATTEMPTS
    assert done == []


def test_pauses_grow_from_seconds_to_hours():
    pauses = [pause_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert pauses[0] == timedelta(seconds=30)
    assert all(later == 4 * earlier for earlier, later in pairwise(pauses))
    assert timedelta(hours=2) < sum(pauses, timedelta()) < timedelta(hours=3)


def test_what_is_rolled_back_enqueues_nothing():
    with transaction.atomic():
        greet.enqueue("Ann")
        transaction.set_rollback(True)
    assert work() == []


def test_a_task_that_waits_already_is_not_enqueued_again():
    for name in ("Ann", "Ann", "Bob"):
        enqueue_once(greet, name)
    work()
    assert done == ["Ann", "Bob"]
    enqueue_once(greet, "Ann")
    assert statuses() == ["SUCCESSFUL", "SUCCESSFUL", "READY"]


def test_a_task_that_is_put_off_does_not_stand_for_one_that_is_wanted_now():
    failures.append(ConnectionError("away"))
    enqueue_once(greet, "Ann")
    work()
    enqueue_once(greet, "Ann")
    work()
    assert done == ["Ann"]


# --- a worker that went down


def test_a_task_whose_worker_went_down_is_failed_and_tried_again():
    greet.enqueue("Ann")
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["lost"])
    assert tending.recover_abandoned(at=timezone.now() + timedelta(minutes=14)) == 0
    assert tending.recover_abandoned(at=timezone.now() + timedelta(minutes=16)) == 1
    assert tending.recover_abandoned(at=timezone.now() + timedelta(minutes=16)) == 0
    first, _ = work(later=True)
    assert "worker lost did not end this task" in first.traceback
    assert done == ["Ann"]


# --- running again


def test_an_admin_runs_a_failed_task_again_and_it_is_audited():
    failures.append(ValueError("nobody of that name"))
    greet.enqueue("Ann", politely=True)
    [failed] = work()
    admin = UserFactory(admin=True)
    tending.run_again(result=failed, by=admin)
    assert work()[-1].return_value == "Dear Ann"
    assert AuditEntry.objects.get(action="task.rerun").by == admin


def test_only_failed_tasks_are_run_again_and_only_by_admins():
    greet.enqueue("Ann")
    [succeeded] = work()
    tending.run_again(result=succeeded, by=UserFactory(admin=True))
    assert statuses() == ["SUCCESSFUL"]
    with pytest.raises(PermissionDenied):
        tending.run_again(result=succeeded, by=UserFactory(curator=True))


# --- what recurs


def test_what_recurs_is_enqueued_once_when_it_is_due():
    at = timezone.now().replace(hour=1)
    assert tending.enqueue_due(at=at) == []
    assert set(Schedule.objects.values_list("name", flat=True)) == set(tending.ROUTINES)
    assert tending.enqueue_due(at=at + timedelta(minutes=59)) == []
    assert tending.enqueue_due(at=at + timedelta(hours=1)) == ["mail left over"]
    assert tending.enqueue_due(at=at + timedelta(hours=1)) == []
    assert set(tending.enqueue_due(at=at + timedelta(days=1))) == set(tending.ROUTINES)
    assert tending.enqueue_due(at=at + timedelta(days=1)) == []


def test_days_that_nobody_worked_are_not_made_up_for():
    at = timezone.now()
    tending.enqueue_due(at=at)
    assert len(tending.enqueue_due(at=at + timedelta(days=9))) == len(tending.ROUTINES)
    assert DBTaskResult.objects.count() == len(tending.ROUTINES)


@pytest.mark.parametrize(("hour", "day"), [(5, 10), (6, 11), (23, 11)])
def test_a_daily_routine_has_its_hour(hour, day):
    at = timezone.now().replace(day=10, month=3, hour=hour, minute=0, second=0, microsecond=0)
    next_at = tending.ROUTINES["digests"].next_after(at)
    assert (next_at.day, next_at.hour) == (day, 6)


def test_old_results_are_forgotten_and_failures_kept_longer():
    failures.append(ValueError("no"))
    greet.enqueue("Ann")
    greet.enqueue("Bob")
    work()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=8))
    tending.forget_old_results.call()
    assert statuses() == ["FAILED"]
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=31))
    tending.forget_old_results.call()
    assert statuses() == []
