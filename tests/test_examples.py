from __future__ import annotations

import builtins
import importlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import icalendar
import pytest
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk.local import LocalService, throttle

EXAMPLES = Path(__file__).parent.parent / "examples"
SHARED = {"connecting", "made_up_team"}
NAMES = sorted({path.stem for path in EXAMPLES.glob("*.py")} - SHARED)
READERS = {"audit_account", "preview_escalation", "publish_calendar", "who_is_on_call"}
ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"


def run(
    name: str, *arguments: str, stdin: str = "", within: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs an example as a user does, on a machine that knows nothing of AWS."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull}
    environment |= {"AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    return subprocess.run(  # noqa: S603 - our own example
        [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=within,
        env=environment,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs_without_an_account(name: str, tmp_path: Path) -> None:
    done = run(name, within=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    act = "read" if name in READERS else "do"
    assert f"About to {act} this on the embedded service:" in done.stdout


def test_the_quickstart_shows_what_the_service_holds() -> None:
    shown = run("quickstart").stdout
    assert AKUA in shown
    for number, kind in enumerate(("SMS", "VOICE", "EMAIL"), start=1):
        assert f"stage {number}, 5 minutes\n    {kind} to akuam {kind.lower()}, ACTIVATED" in shown


def test_create_contact_gives_the_documented_arn() -> None:
    assert run("create_contact").stdout.splitlines()[-1] == AKUA


def test_update_contact_gives_the_documented_plan() -> None:
    stages = run("update_contact").stdout.splitlines()[-3:]
    for stage, channel in zip(stages, ("beb25840", "49f3c24d", "77d4f447"), strict=True):
        assert stage.startswith("Stage(duration_in_minutes=5, ")
        assert f"contact-channel/akuam/{channel}-" in stage
        assert "retry_interval_in_minutes=1" in stage


def test_who_is_on_call_tells_of_each_rotation_and_of_the_person_behind() -> None:
    shown = run("who_is_on_call", "--at", "2025-01-15T17:30:00Z").stdout.splitlines()
    assert shown[-6:] == [
        "Wed 15 Jan 2025 17:30 UTC",
        "  stage 1, checkout-berlin: nobody until Thu 07:00",
        "    next: Jonas Weber from Thu 16 Jan 07:00",
        "  stage 1, checkout-san-francisco: Maya Chen until Thu 07:00",
        "    next: Maya Chen from Thu 16 Jan 16:00",
        "  stage 2, always: Ana Carolina Silva",
    ]


def test_the_preview_shows_who_is_paged_and_draws_it(tmp_path: Path) -> None:
    done = run("preview_escalation", "--at", "2025-01-15T23:00+01:00", within=tmp_path)
    assert '● 0 min: a page to Maya Chen by "mayac sms"' in done.stdout
    assert '● 15 min: a page to Ana Carolina Silva by "anasi voice"' in done.stdout
    assert done.stdout.endswith("written: preview.svg\n")
    assert (tmp_path / "preview.svg").read_text(encoding="utf-8").startswith("<svg ")
    elsewhere = tmp_path / "elsewhere.svg"
    run("preview_escalation", "--svg", str(elsewhere), within=tmp_path)
    assert elsewhere.exists()


def test_the_audit_finds_what_nobody_has_noticed() -> None:
    shown = run("audit_account").stdout.splitlines()
    assert any(line.startswith('error: Nobody is on call in the schedule "Che') for line in shown)
    assert any(line.startswith('warning: The channel "mayac voice" of Maya') for line in shown)
    assert shown[-1] == "found: 2"
    # Where clocks are put forward is further away.
    shown = run("audit_account", "--days", "30").stdout.splitlines()
    assert "  - the shifts and overrides of the next 30 days" in shown
    assert shown[-1] == "found: 1"


def test_the_calendar_has_an_event_for_each_shift(tmp_path: Path) -> None:
    done = run(
        "publish_calendar",
        *("--since", "2025-01-13T00:00+01:00", "--days", "7", "--ics", "team.ics"),
        within=tmp_path,
    )
    assert done.stdout.splitlines()[-2:] == [
        "Somebody is on call all the time.",
        "written: team.ics",
    ]
    calendar: Any = icalendar.Calendar.from_ical((tmp_path / "team.ics").read_bytes())
    titles = Counter(str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))
    assert titles == {
        "Jonas Weber on call: checkout-berlin": 7,
        "Alejandro Rosalez on call: checkout-san-francisco": 1,
        "Maya Chen on call: checkout-san-francisco": 7,
    }


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("who_is_on_call", ["--at", "monday"], "--at: must be like 2025-01-06T18:30+01:00"),
        ("who_is_on_call", ["--at", "2025-01-06T18:30"], "--at: must have a time zone, as in 2"),
        ("publish_calendar", ["--since", "9999-12-31T00:00Z"], "--since: must leave some time"),
        ("publish_calendar", ["--days", "0"], "--days: must be 1 to 366"),
        ("audit_account", ["--days", "9" * 5000], "--days: must be 1 to 366"),
        ("audit_account", ["--days", "-1"], "--days: must be 1 to 366"),
        ("who_is_on_call", ["--yes"], "unrecognized arguments: --yes"),
    ],
)
def test_arguments_that_make_no_sense_are_told(name: str, arguments: list[str], told: str) -> None:
    done = run(name, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("who_is_on_call", ["--on-call", "akuam"], "InvalidValueError: on_call: what must be"),
        ("who_is_on_call", ["--on-call", AKUA], "InvalidValueError: on_call: what must be"),
        ("publish_calendar", ["--on-call", AKUA], "InvalidValueError: calendar: what must be"),
        ("preview_escalation", ["--escalation", f"{AKUA}x"], "ResourceNotFoundError: "),
        ("preview_escalation", ["--svg", "no/where.svg"], "no/where.svg cannot be written: No "),
    ],
)
def test_what_cannot_be_read_or_written_is_told_in_a_line(
    name: str, arguments: list[str], told: str, tmp_path: Path
) -> None:
    done = run(name, *arguments, within=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("who_is_on_call", ["--region", "us-east-2"]),
        ("preview_escalation", ["--region", "us-east-2"]),
        ("publish_calendar", ["--region", "us-east-2"]),
        ("quickstart", ["--region", "us-east-2"]),
        ("create_contact", ["--region", "us-east-2", "--alias", "akuam"]),
        ("update_contact", ["--endpoint-url", "http://127.0.0.1:1", "--region", "us-east-2"]),
    ],
)
def test_on_aws_nobody_is_made_up(name: str, arguments: list[str]) -> None:
    done = run(name, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("needed to run on AWS: --")


def test_what_is_missing_is_told_at_once() -> None:
    missing = run("quickstart", "--region", "us-east-2", "--sms", PHONE).stderr
    assert missing == "needed to run on AWS: --alias, --display-name, --voice, --email\n"


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_on_aws_nothing_is_written_without_a_yes(answer: str) -> None:
    done = run(
        "create_contact",
        *("--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua"),
        stdin=answer,
    )
    assert (done.returncode, done.stderr) == (1, "nothing was done\n")
    where = "About to do this on https://ssm-contacts.us-east-2.amazonaws.com:"
    assert where in done.stdout.splitlines()


def test_what_goes_wrong_is_told_in_a_line() -> None:
    done = run(
        "create_contact",
        *("--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua", "--yes"),
    )
    assert done.returncode == 1
    assert done.stderr.startswith("CredentialsError: there are no AWS credentials: set AWS_PROFILE")
    assert done.stderr.count("\n") == 1
    nobody = run("create_contact", "--profile", "nobody").stderr
    assert nobody.startswith("ConfigurationError: ")
    assert nobody.endswith("(here: --region, --profile, --endpoint-url)\n")


@pytest.fixture
def aws(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalService]:
    """What the examples take for AWS: the client is a real one, and this service answers it."""
    monkeypatch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
    connecting = importlib.import_module("connecting")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")

    def connected(**settings: Any) -> ContactsClient:
        client = ContactsClient(**settings)
        service.connect(client.boto3_client)
        return client

    monkeypatch.setattr(connecting, "ContactsClient", connected)
    yield service
    for name in (*SHARED, *NAMES):
        sys.modules.pop(name, None)


def example(name: str) -> ModuleType:
    return importlib.import_module(name)


ADDRESSES = ["--sms", PHONE, "--voice", PHONE, "--email", EMAIL]
AKUAM = ["--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua Mansa"]


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("who_is_on_call", ["--on-call", "escalation"], "Ana Carolina Silva"),
        ("preview_escalation", ["--escalation", "escalation"], "Ana Carolina Silva"),
        ("audit_account", [], "mayac voice"),
        ("publish_calendar", ["--on-call", "schedule"], "checkout-berlin"),
    ],
)
def test_on_aws_those_that_read_change_nothing_and_ask_nobody(
    name: str,
    arguments: list[str],
    told: str,
    aws: LocalService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    team = importlib.import_module("made_up_team").move_in(aws)
    monkeypatch.setattr(builtins, "input", None)
    monkeypatch.chdir(tmp_path)
    before, asked = aws.snapshot(), len(aws.requests)
    given = [getattr(team, each).arn if hasattr(team, each) else each for each in arguments]
    example(name).main(["--region", "us-east-2", *given])
    shown = capsys.readouterr().out
    assert "About to read this on https://ssm-contacts.us-east-2.amazonaws.com:" in shown
    assert told in shown
    assert aws.snapshot().kept == before.kept
    assert {each.operation[:3] for each in aws.requests[asked:]} <= {"Get", "Lis"}


def test_on_aws_the_codes_are_asked_for(
    aws: LocalService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        if prompt.startswith("Go on?"):
            return "y"
        if "voice" in prompt:
            return ""
        sent = aws.outbox[-1].code
        assert sent is not None
        # The first try is a slip of the finger.
        return "1" if len(asked) == 2 else sent

    monkeypatch.setattr(builtins, "input", answer)
    example("quickstart").main([*AKUAM, *ADDRESSES])
    assert [prompt.split(" (")[0] for prompt in asked] == [
        "Go on? [y/N] ",
        "The code sent to akuam sms",
        "The code sent to akuam sms",
        "The code sent to akuam voice",
        "The code sent to akuam email",
    ]
    shown = capsys.readouterr().out
    assert "that was not it: channels.activate: code must have 6 to 10 characters" in shown
    assert "akuam voice is not activated: nobody is paged there until it is" in shown
    assert "VOICE to akuam voice, NOT_ACTIVATED" in shown
    assert "EMAIL to akuam email, ACTIVATED" in shown
    assert PHONE not in shown
    assert EMAIL not in shown


def test_with_yes_nobody_is_asked(
    aws: LocalService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builtins, "input", None)
    example("create_contact").main([*AKUAM, "--yes"])
    assert capsys.readouterr().out.splitlines()[-1] == AKUA
    arguments = ["--region", "us-east-2", "--contact", AKUA, "--yes", "--channel"]
    channel = f"{ACCOUNT}:contact-channel/akuam/1"
    example("update_contact").main([*arguments, channel, channel])
    plan = aws.requests[1].body["Plan"]
    assert [stage["DurationInMinutes"] for stage in plan["Stages"]] == [5, 5]


def test_a_failure_and_an_interruption_end_in_a_line(aws: LocalService) -> None:
    connecting, create = importlib.import_module("connecting"), example("create_contact")
    aws.faults.add(throttle(3600))

    def throttled(_: object) -> None:
        create.main([*AKUAM, "--yes"])

    with pytest.raises(SystemExit, match="ThrottlingError: CreateContact: "):
        connecting.run(throttled)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit, match="stopped"):
        connecting.run(interrupted)
