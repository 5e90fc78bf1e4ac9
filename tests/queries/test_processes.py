"""Work shared out among processes gives what one process gives, and leaves none behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from crm_cli.queries import processes

DIVIDED = """
import multiprocessing, os, sys
from crm_cli.queries.processes import divided
data, first = list(range(300)), os.getpid()
def work(share):
    if sys.argv[1] == "dies" and share == 1 and os.getpid() != first:
        os._exit(1)
    if sys.argv[1] == "fails" and share == 1:
        raise ValueError(share)
    return [share, sum(data[share::3]), os.getpid() == first]
try:
    print(divided(work, 3))
except ValueError as error:
    print("failed", error)
print(multiprocessing.active_children())
"""

KILLED = """
import os, signal, sys, time
from pathlib import Path
from crm_cli.queries.processes import divided
copy = Path(sys.argv[1])
def work(share):
    if share:
        copy.write_text(str(os.getpid()))
        return "x" * 1_000_000
    while not copy.exists():
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
divided(work, 2)
"""


def run(how: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", DIVIDED, how], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_each_share_is_done_once_and_all_but_the_first_elsewhere():
    assert run("well") == ["[[0, 14850, True], [1, 14950, False], [2, 15050, False]]", "[]"]


def test_the_share_of_a_process_that_dies_is_done_here():
    assert run("dies") == ["[[0, 14850, True], [1, 14950, True], [2, 15050, False]]", "[]"]


def test_an_error_in_a_share_is_raised():
    assert run("fails") == ["failed 1", "[]"]


def test_a_copy_ends_when_the_first_process_is_killed(tmp_path: Path):
    """It has more to hand over than a pipe holds, and waits for a reader that is gone."""
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "copy"], stderr=subprocess.DEVNULL, check=False)
    process = Path("/proc", (tmp_path / "copy").read_text())

    assert done.returncode == -signal.SIGKILL
    until = time.monotonic() + 20
    while process.exists() and "Z" not in (process / "stat").read_text().rpartition(")")[2][:3]:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_nothing_is_shared_out_beside_another_thread():
    """A copy of a process has no other threads: what one of them has locked would be locked for ever."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    assert processes.shares() == 1
    end.set()
    thread.join()
