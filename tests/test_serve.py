"""A server and its worker, as real processes: they start together, and neither outlives the other."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Stands for a server: says its number, and waits to be told to end.
SERVER = ["-c", "import os, time; print(os.getpid(), flush=True); time.sleep(120)"]
ENDING_SERVER = ["-c", "raise SystemExit(7)"]


# The same as -m glossary.serve, to which each call that heeding a signal makes sends another one.
HEEDING = [
    "-c",
    """
import os, signal, sys
from glossary import serve

def another(frame, event, argument):
    heeding = frame.f_back and frame.f_back.f_code.co_name in {"<lambda>", "heed", "set"}
    if event == "call" and heeding and frame.f_back.f_back and signals:
        signals.pop()
        os.kill(os.getpid(), signal.SIGTERM)

signals = [None] * 20
sys.setprofile(another)
sys.exit(serve.main(sys.argv[1:]))
""",
]


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("serve") / "glossary.sqlite3"
    manage(path, "migrate", "-v0")
    return path


def manage(database, *command) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(database), check=True)


def environment(database) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": f"sqlite:///{database}"}


@contextmanager
def served(database, server=SERVER, program=("-m", "glossary.serve")):
    command = [sys.executable, *program, *server]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(database),
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def eventually(answer, seconds: float = 60):
    """What `answer()` gives, as soon as it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := answer():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing within {seconds} s")


def group_of(process) -> set[int]:
    """The processes of a group that live, by Linux's /proc."""
    members = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == process.pid and fields[0] != "Z":
            members.add(int(entry.parent.name))
    return members


def worker_of(process, *, but=()) -> int | None:
    return next(
        (pid for pid in group_of(process) - {*but} if b"\0work\0" in Path(f"/proc/{pid}/cmdline").read_bytes() + b"\0"),
        None,
    )


def query(database, sql):
    with sqlite3.connect(database, timeout=20) as connection:
        return connection.execute(sql).fetchall()


def test_the_worker_works_and_keeps_time_while_the_server_runs(database):
    enqueue = "from glossary.services.tending import forget_old_results; forget_old_results.enqueue()"
    manage(database, "shell", "--no-imports", "-v0", "-c", enqueue)
    with served(database):
        eventually(
            lambda: query(database, "SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'")
        )
        eventually(lambda: query(database, "SELECT name FROM glossary_schedule"))


@pytest.mark.parametrize(
    ("number", "to_group"), [(signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGINT, True)]
)
def test_a_signal_ends_both(database, number, to_group):
    with served(database) as process:
        eventually(lambda: worker_of(process))
        (os.killpg if to_group else os.kill)(process.pid, number)
        assert process.wait(timeout=30) == 0
        assert group_of(process) == set()


def test_a_signal_that_comes_while_another_is_heeded_changes_nothing(database):
    """As make hands on what the whole group gets: here at every call that is made meanwhile."""
    with served(database, SERVER, HEEDING) as process:
        eventually(lambda: worker_of(process))
        process.terminate()
        assert process.wait(timeout=30) == 0
        assert group_of(process) == set()


def test_a_server_that_ends_takes_its_worker_along_and_leaves_its_exit_code(database):
    with served(database, ENDING_SERVER) as process:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 7
        assert "The server ended (exit code 7), so the worker ends too." in errors
        assert group_of(process) == set()


def test_a_worker_that_crashes_is_started_again_and_said_to_be(database):
    with served(database) as process:
        first = eventually(lambda: worker_of(process))
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: worker_of(process, but=[first])) != first
        process.terminate()
        _, errors = process.communicate(timeout=30)
        assert f"The worker ended (exit code {-signal.SIGKILL}) and is started again." in errors
