"""Run a server and the worker side by side, until one is told to stop or the server ends.

    python -m glossary.serve -m granian … glossary.wsgi:application

Nothing but the standard library, so that the server starts no later than alone. A worker that crashes is started
again, with a line on standard error; a server that ends takes the worker with it, and its exit code is ours.
"""

import signal
import subprocess
import sys
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


class Orders:
    """Whether we were told to stop.

    Without a lock, such as a threading.Event has: a second signal may come while the first one is heeded, as make hands
    on what the whole group gets, and would wait for ever.
    """

    def __init__(self):
        self.are_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.heed)

    def heed(self, number, frame) -> None:
        self.are_to_stop = True


def main(server_command: list[str]) -> int:
    orders = Orders()
    server = start(server_command)
    worker = watch(server, orders)
    end([server, worker])
    return 0 if orders.are_to_stop else server.returncode


def watch(server: subprocess.Popen, orders: Orders) -> subprocess.Popen:
    """Keep a worker beside the server, until that has ended or we are told to stop; the last worker."""
    worker, started, pause = start(WORKER), time.monotonic(), 1
    while not orders.are_to_stop:
        if server.poll() is not None:
            say(f"The server ended (exit code {server.returncode}), so the worker ends too.")
            break
        lasted = time.monotonic() - started
        if worker.poll() is not None and lasted >= pause:
            say(f"The worker ended (exit code {worker.returncode}) and is started again.")
            pause = 1 if lasted > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            worker, started = start(WORKER), time.monotonic()
        time.sleep(SECONDS_BETWEEN_LOOKS)
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
