"""The queue of tasks is for admins, who see why something failed and run it again."""

import pytest
from django_tasks_db.models import DBTaskResult

from glossary.services import mailing
from tests.factories import UserFactory
from tests.working import work


@pytest.fixture
def failed():
    mailing.mail_person.enqueue("nobody", strangely=True)
    [result] = work()
    return result


@pytest.mark.parametrize(("traits", "status"), [({}, 403), ({"member": True}, 403), ({"curator": True}, 403)])
def test_the_queue_is_not_for_others(client, failed, traits, status):
    client.force_login(UserFactory(**traits))
    assert client.get("/tasks/").status_code == status
    assert client.post("/tasks/", {"task": failed.pk}).status_code == status
    client.logout()
    assert client.get("/tasks/").status_code == 302
    assert client.post("/tasks/", {"task": failed.pk}).status_code == 401
    assert DBTaskResult.objects.count() == 1


def test_an_admin_sees_why_a_task_failed_and_runs_it_again(client, failed, words):
    client.force_login(UserFactory(admin=True))
    page = words(client.get("/tasks/?status=FAILED"))
    assert "mail_person nobody" in page
    assert "TypeError" in page
    assert "Failed 1" in page
    assert client.post("/tasks/", {"task": failed.pk}).status_code == 302
    assert "Ready 1" in words(client.get("/tasks/"))
    assert "Nothing here." in words(client.get("/tasks/?status=RUNNING"))


@pytest.mark.parametrize("task", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_task_that_is_not_there_is_not_found(client, task):
    client.force_login(UserFactory(admin=True))
    assert client.post("/tasks/", {"task": task}).status_code == 404
