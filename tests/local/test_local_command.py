from __future__ import annotations

import errno
import fcntl
import os
import re
import resource
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from shutil import rmtree
from typing import IO, TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore_data import read_once
from sentinels import EMAIL, PHONE, SUBJECT

from ssm_contacts_sdk import ConfigurationError, Contact, ContactType, Plan
from ssm_contacts_sdk.local import JournalEntry, LocalClock, LocalService, Message
from ssm_contacts_sdk.local import _command as command
from ssm_contacts_sdk.local._command import main

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "ssm_contacts_sdk.local"]
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
OTHER_PERSON: dict[str, Any] = {**PERSON, "Alias": "alejr"}
PATIENCE = 60.0


class Running:
    """The command as a process, and its output."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.variables: dict[str, str] = {}

    @property
    def out(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def line_with(self, part: str) -> str:
        """Return the next line that contains `part`."""
        for line in self.out:
            if line.startswith("export "):
                name, value = shlex.split(line)[1].split("=", 1)
                self.variables[name] = value
            if part in line:
                return line
        pytest.fail(f"no line with {part}")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        _, error = self.process.communicate()
        return self.process.returncode, error


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts the command, which is killed after the test."""
    begun: list[subprocess.Popen[str]] = []

    def started(*arguments: str, **variables: str) -> Running:
        process = subprocess.Popen(  # noqa: S603 - our own code
            [*PROGRAM, "--port", "0", *arguments],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        begun.append(process)
        running = Running(process)
        running.line_with("export NO_PROXY")
        return running

    def kill_all() -> None:
        for process in begun:
            process.kill()

    # So that no test waits forever for a missing line.
    watch = threading.Timer(PATIENCE, kill_all)
    watch.start()
    yield started
    watch.cancel()
    kill_all()
    for process in begun:
        with process:
            pass


@pytest.fixture
def client_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., SSMContactsClient]]:
    """Return a function that creates a boto3 client from environment variables alone."""
    read_once(monkeypatch)
    created: list[SSMContactsClient] = []

    def client(variables: dict[str, str]) -> SSMContactsClient:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        # Its type is the sum of all services' clients.
        session: Any = boto3.session.Session()
        created.append(session.client("ssm-contacts"))
        return created[-1]

    yield client
    for each in created:
        each.close()


def create_channel(client: SSMContactsClient, kind: str = "SMS", address: str = PHONE) -> str:
    """Create a channel of Akua, to which a code is sent, and return its ARN."""
    akua = client.create_contact(**PERSON)["ContactArn"]
    settings: dict[str, Any] = {"Type": kind, "DeliveryAddress": {"SimpleAddress": address}}
    created = client.create_contact_channel(ContactId=akua, Name="akuas channel", **settings)
    return created["ContactChannelArn"]


def test_the_output_has_all_that_boto3_and_its_user_need(
    start: Start, client_of: Callable[..., SSMContactsClient]
) -> None:
    running = start("--account-id", "444455556666", "--region", "eu-west-1")
    assert set(running.variables) == {
        "AWS_ENDPOINT_URL_SSM_CONTACTS",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "NO_PROXY",
    }
    client = client_of(running.variables)
    sms = create_channel(client)
    assert sms.startswith("arn:aws:ssm-contacts:eu-west-1:444455556666:contact-channel/akuam/")
    line = running.line_with(f"activation by SMS to {PHONE}")
    assert sms in line
    code = line.partition(", code ")[2][:6]
    client.activate_contact_channel(ContactChannelId=sms, ActivationCode=code)
    target: dict[str, Any] = {
        "ChannelTargetInfo": {"ContactChannelId": sms, "RetryIntervalInMinutes": 1}
    }
    akua = client.list_contacts()["Contacts"][0]["ContactArn"]
    stages: list[Any] = [{"DurationInMinutes": 5, "Targets": [target]}]
    client.update_contact(ContactId=akua, Plan={"Stages": stages})
    client.start_engagement(
        ContactId=akua,
        Sender="test",
        Subject="s",
        Content="c",
        PublicSubject=SUBJECT,
        PublicContent="one\n\x1b[2Jtwo",
    )
    line = running.line_with(f"page by SMS to {PHONE}")
    # Control characters in a message do not control the terminal.
    assert line.endswith(f": {SUBJECT}: one\\n\\x1b[2Jtwo\n")
    assert running.end() == (0, "")


class Polls:
    """Replaces the command's sleep: each call runs the next step; the last one is a signal."""

    def __init__(self, *steps: Callable[[], object], end: int = signal.SIGTERM) -> None:
        self.steps: list[Callable[[], object]] = [*steps, partial(signal.raise_signal, end)]

    def __call__(self, seconds: float) -> None:
        self.steps.pop(0)()


def calling(
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
    act: Callable[[SSMContactsClient], object],
) -> Callable[[], None]:
    """Return a function that reads the command's output and calls its server."""

    def call() -> None:
        exports = [e for e in capsys.readouterr().out.splitlines() if e.startswith("export ")]
        act(client_of(dict(shlex.split(each)[1].split("=", 1) for each in exports)))

    return call


def ran(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> list[str]:
    """Run the command, stop it at once, and return the lines that it printed."""
    monkeypatch.setattr(command, "sleep", Polls())
    assert main(["--port", "0", *arguments]) == 0
    out, error = capsys.readouterr()
    assert not error
    return [line for line in out.splitlines() if not line.startswith("export ")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    monkeypatch.setattr(command, "sleep", Polls(end=number))
    try:
        assert main(["--port", "0", "--quiet"]) == 0
    except KeyboardInterrupt:
        # It would end pytest.
        pytest.fail("the signal is not handled")
    assert not capsys.readouterr().err


def test_the_clock_runs_and_has_a_speed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
) -> None:
    monkeypatch.setattr(command, "sleep", Polls(calling(capsys, client_of, create_channel)))
    assert main(["--port", "0", "--speed", "100000"]) == 0
    after = datetime.now(timezone.utc)
    (line,) = capsys.readouterr().out.splitlines()
    sent_at = datetime.fromisoformat(line[:19]).replace(tzinfo=timezone.utc)
    assert sent_at > after


def test_all_messages_are_printed_with_a_limited_history(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
) -> None:
    created: list[tuple[SSMContactsClient, str]] = []

    def send_code() -> None:
        client, sms = created[0]
        client.send_activation_code(ContactChannelId=sms)

    create = calling(capsys, client_of, lambda each: created.append((each, create_channel(each))))
    monkeypatch.setattr(command, "sleep", Polls(create, *[send_code] * 12))
    assert main(["--port", "0", "--history-limit", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(set(lines)) == len(lines) == 13
    assert all("activation by SMS" in line for line in lines)


def test_lines_beyond_the_history_limit_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # The plan is due while no server runs: all of it happens when the server starts.
    service = LocalService()
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    stages = Plan.engagement()
    for _ in range(9):
        stages = stages.stage(minutes=1)
    client.contacts.update(akua, plan=stages.build())
    client.engagements.start(akua, sender="s", subject="s", content="c")
    path = tmp_path / "oncall.json"
    service.save(path)
    *_, first, second, third, last = ran(
        monkeypatch, capsys, "--state", str(path), "--history-limit", "2"
    )
    assert first == "(7 earlier lines are not shown: increase --history-limit)"
    assert "stage 9 of contact/akuam begins" in second
    assert "has ended" in third
    assert last == f"Saved to {path}"


@pytest.mark.parametrize(("arguments", "limit"), [((), 10_000), (("--history-limit", "7"), 7)])
def test_the_history_is_limited(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], limit: int
) -> None:
    limits: list[object] = []

    def fail(**settings: object) -> None:
        limits.append(settings["history_limit"])
        raise ConfigurationError("enough")

    monkeypatch.setattr(command, "LocalService", fail)
    assert main(["--port", "0", *arguments]) == 2
    assert limits == [limit]


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="only Linux limits pipes")
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)]
)
def test_a_signal_stops_the_command_while_its_output_is_full(
    start: Start, client_of: Callable[..., SSMContactsClient], number: int
) -> None:
    running = start()
    sms = create_channel(client := client_of(running.variables), "EMAIL", EMAIL)
    pipe = running.out.fileno()
    # The smaller the pipe, the fewer requests fill it.
    size = fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 2 * resource.getpagesize())
    # The command waits for a reader as soon as the pipe is full.
    while _unread(pipe) <= size // 2:
        client.send_activation_code(ContactChannelId=sms)
    for _ in range(40):
        client.send_activation_code(ContactChannelId=sms)
    running.process.send_signal(number)
    assert running.process.wait(PATIENCE) == 0


@pytest.mark.skipif(not hasattr(fcntl, "F_GETPIPE_SZ"), reason="only Linux reports it")
def test_output_after_a_signal_does_not_wait_for_a_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as full:
        os.set_blocking(writer, False)
        with suppress(BlockingIOError):
            while True:
                os.write(writer, bytes(4096))
        os.set_blocking(writer, True)
        monkeypatch.setattr(sys, "stdout", full)
        console = cast("Any", command)._Console()
        console.stop(signal.SIGTERM, None)
        printing = threading.Thread(target=console.print, args=("A line.",), daemon=True)
        printing.start()
        printing.join(PATIENCE / 6)
        waits = printing.is_alive()
        # A thread that still waits gets a BrokenPipeError.
        os.close(reader)
        printing.join()
    assert not waits


def _unread(pipe: int) -> int:
    """Return how many bytes wait for a reader."""
    result = fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))
    return int.from_bytes(result, sys.byteorder)


def test_the_command_runs_on_when_nothing_reads_its_output(
    start: Start, client_of: Callable[..., SSMContactsClient]
) -> None:
    running = start()
    running.out.close()
    client = client_of(running.variables)
    create_channel(client)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.stderr is not None
    assert running.process.stderr.read() == ""
    assert running.process.wait() == 0


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.long)])
def test_characters_that_the_encoding_lacks_are_escaped(
    start: Start, client_of: Callable[..., SSMContactsClient], encoding: str, tmp_path: Path
) -> None:
    state = tmp_path / "\u0142.json"
    running = start("--state", str(state), PYTHONIOENCODING=encoding)
    create_channel(client_of(running.variables), "EMAIL", "a@\u0142.test")
    assert "a@\\u0142.test" in running.line_with("activation by EMAIL")
    running.process.send_signal(signal.SIGTERM)
    assert "\\u0142.json" in running.line_with("Saved to")
    assert running.process.communicate() == ("", "")
    assert running.process.returncode == 0


def test_help_lists_the_options_with_their_values_and_defaults(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out.partition("options:\n")[2]
    # The description of a long option is on a line of its own.
    lines = re.sub(r"\n {20,}", "  ", listed).splitlines()
    options = [re.split("  +", line.strip(), maxsplit=1) for line in lines]
    defaults = {
        option: re.findall(r"\(default: (.*)\)$", described) for option, described in options
    }
    assert defaults == {
        "-h, --help": [],
        "--port PORT": ["4583"],
        "--host HOST": ["127.0.0.1"],
        "--open-to-network": [],
        "--allow-host NAME": [],
        "--account-id ACCOUNT_ID": ["111122223333"],
        "--region REGION": ["us-east-2"],
        "--seed SEED": ["0"],
        "--speed SPEED": ["1"],
        "--start TIME": ["now"],
        "--state PATH": [],
        "--rates": [],
        "--history-limit COUNT": ["10000"],
        "--quiet": [],
    }


@pytest.mark.parametrize("arguments", [["--help"], ["--port", "0", "--state", "/no/\u0142/place"]])
def test_help_and_errors_are_printed_in_every_encoding(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    raw = BytesIO()
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, TextIOWrapper(raw, "ascii", write_through=True))
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code
    assert code == (0 if arguments == ["--help"] else 2)
    assert PROGRAM[2] in raw.getvalue().decode("ascii")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "x"], "argument --port: invalid int value"),
        (["--port", "70000"], "port must be an int between 0 and 65535 (got 70000)"),
        (["--prot", "0"], "unrecognized arguments: --prot"),
        (["--speed", "-1"], "speed must be at least 0"),
        (["--speed", "nan"], "speed must be at least 0"),
        (
            ["--start", "monday"],
            "argument --start: must be a date and time with a time",
        ),
        (["--start", ""], "argument --start: must be a date and time with a time zone"),
        (
            ["--start", "2025-01-13T10:00"],
            "argument --start: must be a date and time with a time zone",
        ),
        (["--start", "9999-12-31T23:59-12:00"], "must be in the years 1 to 9999 in UTC"),
        (["--history-limit", "0"], "history_limit must be at least 1 or None"),
        (["--account-id", "1"], "account_id must be 12 digits"),
        (["--region", "Ohio!"], "region_name must be the name of a Region"),
        (["--host", "0.0.0.0"], "--open-to-network"),  # noqa: S104
        (["--port", "0", "--state", "no/such/place"], "cannot be written"),
        (["--allow-host", "*", "--port", "0"], "allowed_hosts must be a list of host names"),
    ],
)
def test_wrong_arguments_are_one_line_of_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    try:
        code: object = main(arguments)
    except SystemExit as ended:
        code = ended.code
    out, error = capsys.readouterr()
    assert (code, out) == (2, "")
    assert message in error
    assert error.count("\n") == 1


def test_the_package_runs_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["local", "--port", "-1"])
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(ROOT / "ssm_contacts_sdk/local/__main__.py"), run_name="__main__")
    assert "port must be an int between 0 and 65535 (got -1)" in capsys.readouterr().err


def test_a_port_in_use_is_one_line_of_error(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert main(["--port", port]) == 2
    out, error = capsys.readouterr()
    assert not out
    assert f"port {port}" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("quiet", [False, True])
def test_messages_are_printed_once_or_with_quiet_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
    quiet: bool,
) -> None:
    printed: list[str] = []

    def call() -> None:
        printed.append(capsys.readouterr().out)
        exports = [each for each in printed[0].splitlines() if each.startswith("export ")]
        variables = dict(shlex.split(each)[1].split("=", 1) for each in exports)
        create_channel(client_of(variables), "EMAIL", EMAIL)

    monkeypatch.setattr(command, "sleep", Polls(call, int))
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    assert main(["--port", "0", *["--quiet"] * quiet]) == 0
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
    out, error = capsys.readouterr()
    assert not error
    assert out.count(f"activation by EMAIL to {EMAIL}, code ") == (0 if quiet else 1)
    assert "http://127.0.0.1:" in printed[0]
    assert ("Messages to people:" in printed[0]) is not quiet


def test_the_state_is_saved_from_run_to_run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
    tmp_path: Path,
) -> None:
    state = tmp_path / "state.json"
    found: list[str] = []

    def change(client: SSMContactsClient) -> None:
        assert state.exists()
        create_channel(client)

    def read(client: SSMContactsClient) -> None:
        found.extend(each["Alias"] for each in client.list_contacts()["Contacts"])

    for act in (change, read):
        monkeypatch.setattr(command, "sleep", Polls(calling(capsys, client_of, act), int))
        assert main(["--port", "0", "--state", str(state)]) == 0
        # Messages that were printed before are not printed again.
        assert capsys.readouterr().out.count("activation by SMS") == (act is change)
    assert found == ["akuam"]


def test_pages_that_became_due_between_two_runs_are_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    service = LocalService()
    client = service.boto3_client()
    sms = create_channel(client)
    code = service.code_for(sms)
    client.activate_contact_channel(ContactChannelId=sms, ActivationCode=code)
    target: dict[str, Any] = {
        "ChannelTargetInfo": {"ContactChannelId": sms, "RetryIntervalInMinutes": 1}
    }
    akua = client.list_contacts()["Contacts"][0]["ContactArn"]
    stages: list[Any] = [{"DurationInMinutes": 2, "Targets": [target]}] * 3
    client.update_contact(ContactId=akua, Plan={"Stages": stages})
    client.start_engagement(ContactId=akua, Sender="test", Subject="s", Content="c")
    service.save(state)
    before = len(service.outbox)
    monkeypatch.setattr(command, "sleep", Polls())
    assert main(["--port", "0", "--state", str(state)]) == 0
    service.load(state)
    service.clock.advance(days=1)
    assert capsys.readouterr().out.count(" page by SMS") == len(service.outbox) - before
    assert len(service.outbox) - before == 2


def test_a_change_is_in_the_file_before_its_response(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
    tmp_path: Path,
) -> None:
    state = tmp_path / "state.json"
    found: list[str] = []

    def change(client: SSMContactsClient) -> None:
        client.create_contact(**PERSON)
        service = LocalService()
        service.load(state)
        found.extend(each.alias for each in service.client().contacts.list())

    monkeypatch.setattr(command, "sleep", Polls(calling(capsys, client_of, change)))
    assert main(["--port", "0", "--state", str(state)]) == 0
    assert found == ["akuam"]


def test_an_unwritable_file_is_reported_once_until_it_is_writable_again(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    state = folder / "state.json"
    clients: list[SSMContactsClient] = []
    reports: list[int] = []

    def fail(client: SSMContactsClient) -> None:
        with pytest.raises(ClientError, match="was not carried out .* cannot be written"):
            client.create_contact(**PERSON)

    def remove_folder(client: SSMContactsClient) -> None:
        clients.append(client)
        rmtree(folder)
        fail(client)

    def fail_again() -> None:
        reports.append(capsys.readouterr().err.count("cannot be written"))
        fail(clients[0])

    def restore_folder() -> None:
        reports.append(capsys.readouterr().err.count("cannot be written"))
        folder.mkdir()
        clients[0].create_contact(**PERSON)
        assert "akuam" in state.read_text()

    def remove_folder_again() -> None:
        reports.append(capsys.readouterr().err.count("cannot be written"))
        rmtree(folder)
        clients[0].list_contacts()
        with pytest.raises(ClientError):
            clients[0].create_contact(**OTHER_PERSON)

    def restore_folder_again() -> None:
        reports.append(capsys.readouterr().err.count("cannot be written"))
        folder.mkdir()

    folder.mkdir()
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    steps = (
        calling(capsys, client_of, remove_folder),
        fail_again,
        restore_folder,
        remove_folder_again,
        restore_folder_again,
    )
    monkeypatch.setattr(command, "sleep", Polls(*steps))
    assert main(["--port", "0", "--state", str(state)]) == 0
    assert reports == [1, 0, 0, 1]
    service = LocalService()
    service.load(state)
    assert [each.alias for each in service.client().contacts.list()] == ["akuam"]


def test_the_clock_continues_at_the_time_of_the_state(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ahead = (datetime.now(timezone.utc) + timedelta(days=3)).replace(microsecond=0)
    service = LocalService(clock=LocalClock(ahead))
    service.save(tmp_path / "state.json")
    lines = ran(monkeypatch, capsys, "--speed", "0", "--state", str(tmp_path / "state.json"))
    assert lines[1].startswith(f"The clock shows {ahead:%Y-%m-%d %H:%M:%SZ} and does not run.")


@pytest.mark.parametrize("text", ["", "{}", None])
def test_a_file_that_is_no_state_file_is_not_changed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str | None
) -> None:
    state = tmp_path / "state.json"
    if text is None:
        state.mkdir()
    else:
        state.write_text(text)
    assert main(["--port", "0", "--state", str(state)]) == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert text is None or state.read_text() == text


@pytest.mark.parametrize(
    ("start_time", "shown"),
    [
        ("2025-01-13T10:00+01:00", "2025-01-13 09:00:00Z"),
        ("2025-01-13T10:00:05Z", "2025-01-13 10:00:05Z"),
        ("2025-01-13 10:00z", "2025-01-13 10:00:00Z"),
        ("1960-02-29T00:00+00:00", "1960-02-29 00:00:00Z"),
    ],
)
def test_the_clock_starts_at_any_time(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    start_time: str,
    shown: str,
) -> None:
    lines = ran(monkeypatch, capsys, "--speed", "0", "--start", start_time)
    assert f"The clock shows {shown} and does not run." in lines


@pytest.mark.parametrize(
    ("speed", "pace"),
    [
        ("0", "does not run"),
        ("1", "runs in real time"),
        ("60", "runs 60 times as fast as real time"),
        ("0.5", "runs 0.5 times as fast as real time"),
    ],
)
def test_the_speed_of_the_clock_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], speed: str, pace: str
) -> None:
    lines = ran(monkeypatch, capsys, "--speed", speed, "--start", "2025-01-13T10:00Z")
    assert lines[1].startswith("The clock shows 2025-01-13 10:00:0")
    assert lines[1].endswith(f"Z and {pace}.")


def test_a_clock_ahead_of_real_time_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    in_two_days = datetime.now(timezone.utc) + timedelta(days=2, minutes=1)
    lines = ran(monkeypatch, capsys, "--speed", "0", "--start", in_two_days.isoformat())
    assert ". It is 2 days, 0:0" in lines[1]
    assert lines[1].endswith(" ahead of this machine's clock.")
    assert "ahead" not in ran(monkeypatch, capsys, "--speed", "0")[1]


def test_with_a_state_the_clock_starts_at_the_later_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    state = str(tmp_path / "state.json")
    for start_time, shown in (
        ("2025-03-01T09:00Z", "2025-03-01 09:00:00Z"),
        ("2025-02-01T09:00Z", "2025-03-01 09:00:00Z"),
        ("2025-04-01T09:00Z", "2025-04-01 09:00:00Z"),
    ):
        lines = ran(monkeypatch, capsys, "--speed", "0", "--state", state, "--start", start_time)
        assert lines[1] == f"The clock shows {shown} and does not run."


def test_the_state_file_is_printed_at_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    assert ran(monkeypatch, capsys, "--state", str(state))[-1] == f"Saved to {state}"
    assert not any("Saved" in line for line in ran(monkeypatch, capsys))


def test_two_servers_cannot_use_one_state_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    state, other, link = (tmp_path / f"{name}.json" for name in ("state", "other", "link"))
    link.symlink_to(state)
    codes: list[int] = []

    def start_three_more() -> None:
        codes.extend(main(["--port", "0", "--state", str(path)]) for path in (state, link, other))

    stop = partial(signal.raise_signal, signal.SIGTERM)
    monkeypatch.setattr(command, "sleep", Polls(start_three_more, stop))
    assert main(["--port", "0", "--state", str(state)]) == 0
    assert codes == [2, 2, 0]
    error = capsys.readouterr().err
    for path in (state, link):
        assert f"{path}: another server is using it" in error
    assert error.count("\n") == 2
    # When one has stopped, the next one can start.
    ran(monkeypatch, capsys, "--state", str(state))
    assert sorted(tmp_path.iterdir()) == [link, other, state]


@pytest.mark.parametrize("without", ["a system", "a file system"])
def test_the_command_runs_without_file_locks(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    without: str,
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    state = tmp_path / "state.json"
    if without == "a system":
        monkeypatch.setattr(sys, "platform", "win32")
    else:
        monkeypatch.setattr(fcntl, "flock", no_locks)
    assert ran(monkeypatch, capsys, "--state", str(state))[-1] == f"Saved to {state}"


def test_rates_throttles_as_aws_does(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    client_of: Callable[..., SSMContactsClient],
) -> None:
    codes: list[str] = []

    def hurry(client: SSMContactsClient) -> None:
        for _ in range(3):
            try:
                client.create_contact(**PERSON)
            except ClientError as error:
                codes.append(error.response.get("Error", {}).get("Code", ""))

    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(command, "sleep", Polls(calling(capsys, client_of, hurry)))
    # The clock does not run, or a slow machine would stay below the rate.
    assert main(["--port", "0", "--rates", "--speed", "0"]) == 0
    assert "ThrottlingException" in codes


def test_open_to_network_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "sleep", Polls())
    arguments = ["--port", "0", "--host", "0.0.0.0", "--open-to-network"]  # noqa: S104
    assert main([*arguments, "--allow-host", "box.test"]) == 0
    assert "can read and change everything" in capsys.readouterr().out


def test_the_line_of_a_message_without_a_code() -> None:
    message = Message(
        kind="page",
        channel_type="EMAIL",
        channel_arn="arn",
        address="a@b",
        code=None,
        subject="s",
        content="\u202ec\r",
        sent_at=datetime(2025, 1, 6, 9, 0, 5, tzinfo=timezone.utc),
    )
    line = command.line_of(JournalEntry(message.sent_at, "", message))
    assert line == "2025-01-06 09:00:05Z page by EMAIL to a@b (arn): s: \\u202ec\\r"
