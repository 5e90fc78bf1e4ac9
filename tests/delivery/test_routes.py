"""Delivery by desktop notification, by a command, on standard output, and by the first route that works."""

from __future__ import annotations

import os
import select

import pytest

from crm_cli.config import Config
from crm_cli.delivery import desktop, process, routes
from crm_cli.delivery.message import Message
from crm_cli.errors import DeliveryError, TryLaterError, UsageError

QUICK = Config(delivery_timeout="0.2", notify_command="notify", remind_routes="desktop command")
HOSTILE = Message("k", "-u <b>x</b>\n\x1b]2;P\x07$(id)", "<b>a</b> & `id`\nb\0c\x1b[1m", fields={"CRM_ID": "a1\nb"})


@pytest.fixture
def bus(tmp_path, monkeypatch, surroundings):
    """The socket of a session bus, as cron finds it: its address is not in the environment."""
    path = tmp_path / "run" / str(os.getuid()) / "bus"
    path.parent.mkdir(parents=True)
    path.touch()
    monkeypatch.setattr(desktop, "RUNTIME", tmp_path / "run")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    return path


def test_a_notification_finds_the_session_bus(bus, program):
    folder = program("notify-send", 'printf "%s\\n" "$DBUS_SESSION_BUS_ADDRESS" "$@" > args')
    routes.send(HOSTILE._replace(fields={"CRM_PRIORITY": "high"}), "desktop", QUICK)

    assert (folder / "args").read_text().splitlines() == [
        f"unix:path={bus}", "--app-name=crm", "--urgency=critical", "--",
        "-u <b>x</b> ]2;P $(id)", "&lt;b&gt;a&lt;/b&gt; &amp; `id`", "b c [1m",
    ]  # fmt: skip


def test_the_bus_of_the_environment_is_used(bus, program, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/elsewhere")
    folder = program("notify-send", 'echo "$DBUS_SESSION_BUS_ADDRESS" > args')
    routes.send(HOSTILE, "desktop", QUICK)

    assert (folder / "args").read_text() == "unix:path=/elsewhere\n"


def test_without_a_desktop(bus, program):
    program("notify-send", "exit 0")
    bus.unlink()

    with pytest.raises(DeliveryError, match="no desktop session"):
        routes.send(HOSTILE, "desktop", QUICK)


@pytest.mark.parametrize(("lines", "words"), [("echo bad >&2; exit 1", "bad"), ("sleep 9", "did not end")])
def test_a_notification_that_fails(bus, program, lines, words):
    program("notify-send", lines)

    with pytest.raises(DeliveryError, match=words):
        routes.send(HOSTILE, "desktop", QUICK)


def test_notify_send_that_is_not_installed(bus, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DeliveryError, match="cannot run notify-send: No such file"):
        routes.send(HOSTILE, "desktop", QUICK)


def test_a_command_gets_the_text_and_the_fields(surroundings, program):
    folder = program("notify", 'cat > text; printf "%s\\n" "$CRM_SUBJECT" "$CRM_KEY" "$CRM_ID" "$@" > args')
    config = QUICK._replace(notify_command="notify '$(id)' --to 'my phone'")
    routes.send(HOSTILE, "command", config)

    assert (folder / "text").read_text() == "<b>a</b> & `id`\nb c [1m"
    assert (folder / "args").read_text().splitlines() == [
        "-u <b>x</b> ]2;P $(id)", "k", "a1 b", "$(id)", "--to", "my phone",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        ("exit 3", DeliveryError, "notify failed: exit code 3"),
        ("echo; echo 'no \033[31mnet' >&2; exit 1", DeliveryError, "notify failed: no [31mnet"),
        ("exit 75", TryLaterError, "exit code 75"),
        ("sleep 9", TryLaterError, "notify did not end within 0.2 s"),
        ("yes", TryLaterError, "did not end"),
    ],
)
def test_a_command_that_fails(surroundings, program, lines, kind, words):
    program("notify", lines)

    with pytest.raises(DeliveryError) as caught:
        routes.send(HOSTILE, "command", QUICK)
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_command_that_hangs_is_killed_with_its_children(surroundings, program):
    folder = program("notify", "sleep 9 & echo $! > child; wait")
    with pytest.raises(TryLaterError):
        routes.send(HOSTILE, "command", QUICK)

    assert _has_ended(int((folder / "child").read_text()))


def _has_ended(pid):
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    return bool(select.select([handle], [], [], 5)[0])


def test_a_megabyte_of_output_neither_blocks_nor_is_kept(surroundings, program):
    program("notify", "head -c 1000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero | tr '\\0' x >&2")
    done = process.run(["notify"], seconds=20)

    assert (done.code, len(done.out), len(done.err)) == (0, process.KEPT, process.KEPT)
    assert len(done.reason) == 200


def test_a_command_that_reads_nothing(surroundings, program):
    program("notify", "exit 0")
    routes.send(HOSTILE._replace(text="x" * 1_000_000), "command", QUICK._replace(delivery_timeout="20"))


def test_a_command_that_leaves_a_process_behind(surroundings, program):
    program("notify", "sleep 3 & exit 0")
    routes.send(HOSTILE, "command", QUICK._replace(delivery_timeout="20"))


@pytest.mark.parametrize("command", ["", "'", "  "])
def test_a_command_that_is_not_set(surroundings, command):
    with pytest.raises((DeliveryError, UsageError)):
        routes.send(HOSTILE, "command", QUICK._replace(notify_command=command))


def test_print_writes_the_text(surroundings, capsys):
    routes.send(HOSTILE, "print", QUICK)

    assert capsys.readouterr().out == "<b>a</b> & `id`\nb c [1m\n"


@pytest.mark.conv("D04")
def test_the_next_route_is_taken(bus, program):
    folder = program("notify", "cat > text")
    bus.unlink()

    assert routes.deliver(HOSTILE, routes.chosen(QUICK), QUICK) == "command"
    assert (folder / "text").exists()


def test_all_routes_fail(bus, program):
    program("notify", "exit 75")
    bus.unlink()

    with pytest.raises(TryLaterError, match=r"desktop: no desktop session is running; command: notify failed"):
        routes.deliver(HOSTILE, routes.chosen(QUICK), QUICK)


def test_a_route_that_is_not_one(surroundings):
    with pytest.raises(UsageError, match="there is no route dekstop"):
        routes.chosen(Config(remind_routes="dekstop, mail"))
