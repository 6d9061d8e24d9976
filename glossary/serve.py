"""Run a server and the worker side by side, until one is told to stop or the server ends.

    python -m glossary.serve -m granian … glossary.wsgi:application

Nothing but the standard library, so that the server starts no later than alone. A worker that crashes is started
again, with a line on standard error; a server that ends takes the worker with it, and its exit code is ours.
"""

import signal
import subprocess
import sys
import threading
import time

WORKER = ["manage.py", "work"]
SECONDS_BETWEEN_LOOKS = 0.2
# A signal to the whole group has reached the children already; a second one would cut short what they are finishing.
SECONDS_BEFORE_SIGNAL = 0.5
SECONDS_TO_END = 15
LONGEST_PAUSE = 60


def start(command: list[str]) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *command])  # noqa: S603 – from the command line of whoever starts us


def say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def main(server_command: list[str]) -> int:
    told_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.set())
    server = start(server_command)
    worker = watch(server, told_to_stop)
    end([server, worker])
    return 0 if told_to_stop.is_set() else server.returncode


def watch(server: subprocess.Popen, told_to_stop: threading.Event) -> subprocess.Popen:
    """Keep a worker beside the server, until that has ended or we are told to stop; the last worker."""
    worker, started, pause = start(WORKER), time.monotonic(), 1
    while not told_to_stop.wait(SECONDS_BETWEEN_LOOKS):
        if server.poll() is not None:
            say(f"The server ended (exit code {server.returncode}), so the worker ends too.")
            break
        lasted = time.monotonic() - started
        if worker.poll() is not None and lasted >= pause:
            say(f"The worker ended (exit code {worker.returncode}) and is started again.")
            pause = 1 if lasted > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            worker, started = start(WORKER), time.monotonic()
    return worker


def end(running: list[subprocess.Popen]) -> None:
    """End what still runs: asked first, made to after a while."""
    await_end(running, SECONDS_BEFORE_SIGNAL)
    for process in running:
        if process.poll() is None:
            process.terminate()
    await_end(running, SECONDS_TO_END)
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()


def await_end(running: list[subprocess.Popen], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(process.poll() is None for process in running) and time.monotonic() < deadline:
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
