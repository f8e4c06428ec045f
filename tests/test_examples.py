from __future__ import annotations

import builtins
import importlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from subprocess import CompletedProcess
from types import ModuleType
from typing import Any

import icalendar
import pytest
from arns import channel_arn, contact_arn
from running_examples import EXAMPLES, run, run_process
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan, Recurrence, Rotation
from ssm_contacts_sdk.local import LocalService, throttle

SHARED = {"backend", "command_line", "output_files", "sample_team"}
NAMES = sorted({path.stem for path in EXAMPLES.glob("*.py")} - SHARED)
READERS = {"audit_account", "preview_escalation", "publish_calendar", "who_is_on_call"}
AKUA = contact_arn("akuam")


@pytest.fixture(autouse=True, scope="module")
def shared_modules() -> Iterator[None]:
    """Forget the modules that the examples import, which have names that others may use."""
    yield
    for name in (*SHARED, *NAMES):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs_without_an_account_and_with_any_terminal(
    name: str, tmp_path: Path
) -> None:
    done = run_process(name, within=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    verb = "read" if name in READERS else "do"
    assert f"About to {verb} this on the embedded service:" in done.stdout
    assert done.stdout.isascii()
    # There are no escapes: pictures are drawn with ASCII characters.
    assert "\\" not in done.stdout


def test_the_quickstart_prints_the_person_and_the_plan() -> None:
    shown = run("quickstart").stdout
    assert AKUA in shown
    for number, kind in enumerate(("SMS", "VOICE", "EMAIL"), start=1):
        assert f"stage {number}, 5 minutes\n    {kind} to akuam {kind.lower()}, ACTIVATED" in shown


def test_create_contact_prints_the_documented_arn() -> None:
    assert run("create_contact").stdout.splitlines()[-1] == AKUA


def test_update_contact_prints_the_documented_plan() -> None:
    stages = run("update_contact").stdout.splitlines()[-3:]
    for stage, channel in zip(stages, ("beb25840", "49f3c24d", "77d4f447"), strict=True):
        assert stage.startswith("Stage(duration_in_minutes=5, ")
        assert f"contact-channel/akuam/{channel}-" in stage
        assert "retry_interval_in_minutes=1" in stage


def test_who_is_on_call_prints_each_rotation_and_the_person_of_the_next_stage() -> None:
    shown = run("who_is_on_call", "--at", "2025-01-15T17:30:00Z").stdout.splitlines()
    assert shown[-7:] == [
        "Wed 15 Jan 2025 17:30 UTC",
        "  stage 1, checkout-berlin: nobody until Thu 07:00",
        "    next: Jonas Weber from Thu 16 Jan 07:00",
        "  stage 1, checkout-san-francisco: Maya Chen until Thu 07:00",
        "    next: Maya Chen from Thu 16 Jan 16:00",
        "  stage 2, always: Ana Carolina Silva",
        "others take over: Jonas Weber from Thu 16 Jan 07:00",
    ]


def test_the_preview_is_printed_and_drawn(tmp_path: Path) -> None:
    done = run("preview_escalation", "--at", "2025-01-15T23:00+01:00", within=tmp_path)
    assert '● 0 min: a page to Maya Chen by "mayac sms"' in done.stdout
    assert '● 15 min: a page to Ana Carolina Silva by "anasi voice"' in done.stdout
    assert done.stdout.endswith("written: preview.svg\n")
    assert (tmp_path / "preview.svg").read_text(encoding="utf-8").startswith("<svg ")
    elsewhere = tmp_path / "elsewhere.svg"
    run("preview_escalation", "--svg", str(elsewhere), within=tmp_path)
    assert elsewhere.exists()


def test_the_preview_counts_the_acknowledgements_of_people_who_were_paged() -> None:
    acknowledged = ("--acknowledge", "anasi=12", "--acknowledge", "mayac=7", "--svg", "-")
    shown = run("preview_escalation", *acknowledged, "--at", "2025-01-06T10:00Z").stderr
    assert "Ana Carolina Silva acknowledges" in shown.replace("\n", " ")
    assert "mayac cannot acknowledge after 7 min: not paged by then\n" in shown
    assert "anasi cannot acknowledge" not in shown


@pytest.mark.parametrize(
    ("name", "option", "file"),
    [
        ("preview_escalation", "--svg", "preview.svg"),
        ("publish_calendar", "--ics", "on_call.ics"),
        ("publish_calendar", "--svg", "picture.svg"),
    ],
)
def test_an_existing_file_is_only_overwritten_with_force(
    name: str, option: str, file: str, tmp_path: Path
) -> None:
    existing = tmp_path / file
    existing.write_text("mine")
    done = run(name, option, file, within=tmp_path)
    message = f"{file} already exists: choose another name, or use --force\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)
    assert existing.read_text() == "mine"
    assert [each.name for each in tmp_path.iterdir()] == [file]
    done = run(name, option, file, "--force", within=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    step = f" to {file}, and overwrites the existing file.\n"
    assert done.stdout.index(step) < done.stdout.index(f"written: {file}\n")
    assert existing.read_text(encoding="utf-8") != "mine"


def test_a_file_that_another_program_creates_is_not_overwritten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
    parser = importlib.import_module("command_line").argument_parser("", writes=False)
    files = importlib.import_module("output_files").OutputFiles(parser)
    existing = tmp_path / "existing.svg"
    with files.reserved(parser.parse_args([]), existing):
        existing.write_text("mine")
        with pytest.raises(SystemExit, match="cannot be written: File exists"):
            files.write(existing, b"ours")
    assert existing.read_text() == "mine"


def test_a_file_that_is_standard_output_is_alone_in_it(tmp_path: Path) -> None:
    done = run("preview_escalation", "--svg", "-", within=tmp_path)
    assert done.stdout.startswith("<svg ")
    assert done.stdout.rstrip().endswith("</svg>")
    assert "Then it writes a picture to standard output.\n" in done.stderr
    done = run("publish_calendar", "--ics", "-", "--svg", "team.svg", within=tmp_path)
    assert done.stdout.startswith("BEGIN:VCALENDAR")
    assert "written: team.svg\n" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["team.svg"]


def run_unread(
    name: str, *arguments: str, within: Path, unbuffered: str = ""
) -> CompletedProcess[str]:
    """Run an example whose output nobody reads."""
    nobody, out = os.pipe()
    os.close(nobody)
    try:
        return run_process(name, *arguments, within=within, stdout=out, PYTHONUNBUFFERED=unbuffered)
    finally:
        os.close(out)


@pytest.mark.parametrize(
    ("name", "arguments", "files", "status"),
    [
        ("preview_escalation", [], ["preview.svg"], 0),
        ("publish_calendar", ["--svg", "team.svg"], ["on_call.ics", "team.svg"], 0),
        ("audit_account", ["--fail-on", "error"], [], 3),
        ("preview_escalation", ["--svg", "-"], [], 1),
    ],
)
def test_an_example_is_complete_even_if_nobody_reads_its_output(
    name: str, arguments: list[str], files: list[str], status: int, tmp_path: Path
) -> None:
    done = run_unread(name, *arguments, within=tmp_path)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "BrokenPipeError" not in done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == files


def test_an_example_that_cannot_print_any_more_ends_without_a_message(tmp_path: Path) -> None:
    done = run_unread("quickstart", within=tmp_path, unbuffered="1")
    assert (done.returncode, done.stderr) == (1, "")


def test_a_picture_is_drawn_with_ascii_on_an_ascii_terminal(tmp_path: Path) -> None:
    shown = run("preview_escalation", within=tmp_path, encoding="ascii").stdout
    assert '* 15 min: a page to Ana Carolina Silva by "anasi voice"' in shown


def test_names_are_escaped_on_a_terminal_without_their_characters(tmp_path: Path) -> None:
    service = LocalService()
    client = service.client()
    lucja = client.contacts.create(
        Contact(alias="lucja", display_name="Łucja", type=ContactType.PERSONAL)
    )
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[lucja],
            start_time=datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc),
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    stages = Plan.escalation().stage(minutes=5).contact(lucja, essential=True).build()
    plan = client.contacts.create(
        Contact(alias="plan", display_name="Łysa", type=ContactType.ESCALATION, plan=stages)
    )
    with service.serve() as server:
        here = ("--region", "us-east-2", "--endpoint-url", server.url)
        for name, arguments in {
            "who_is_on_call": ["--on-call", rotation.arn],
            "publish_calendar": ["--on-call", rotation.arn],
            "preview_escalation": ["--escalation", plan.arn],
            "audit_account": [],
        }.items():
            done = run(
                name,
                *here,
                *arguments,
                within=tmp_path,
                encoding="cp1252",
                AWS_ACCESS_KEY_ID="any",
                AWS_SECRET_ACCESS_KEY="any",
            )
            assert (done.returncode, done.stderr) == (0, "")
            assert "\\u0141ucja" in done.stdout


@pytest.mark.parametrize("aws_or_not", [(), ("--region", "us-east-2", "--on-call", AKUA)])
def test_a_missing_extra_is_reported_first(
    aws_or_not: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    done = run("publish_calendar", *aws_or_not)
    message = "this example needs icalendar: pip install 'ssm-contacts-sdk[ics]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", message)


def test_the_audit_prints_its_findings() -> None:
    shown = run("audit_account").stdout.splitlines()
    assert any(line.startswith('error: Nobody is on call in the schedule "Che') for line in shown)
    assert any(line.startswith('warning: The channel "mayac voice" of Maya') for line in shown)
    assert shown[-1] == "findings: 2"
    assert (
        "clocks are changed on different days in America/Los_Angeles and Europe/Berlin" in shown[3]
    )
    assert [line[:4] == " " * 4 for line in shown[3:-1]] == [False, True, True] * 2
    # Daylight saving time starts later than that.
    shown = run("audit_account", "--days", "30").stdout.splitlines()
    assert "  - the shifts and overrides of the next 30 days" in shown
    assert shown[-1] == "findings: 1"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--fail-on", "never"], 0),
        (["--fail-on", "error"], 3),
        (["--fail-on", "warning"], 3),
        (["--fail-on", "error", "--days", "30"], 0),
        (["--fail-on", "warning", "--days", "30"], 3),
    ],
)
def test_the_audit_fails_on_the_chosen_severity(arguments: list[str], status: int) -> None:
    done = run("audit_account", *arguments)
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.splitlines()[-1].startswith("findings: ")


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
    ("name", "arguments", "expected"),
    [
        ("who_is_on_call", ["--at", "monday"], "--at: must be like 2025-01-06T18:30+01:00"),
        ("who_is_on_call", ["--at", "2025-01-06T18:30"], "--at: must have a time zone, as in 2"),
        (
            "publish_calendar",
            ["--since", "9999-12-31T00:00Z"],
            "--since: must be before the year 9999",
        ),
        ("publish_calendar", ["--days", "0"], "--days: must be between 1 and 366"),
        ("audit_account", ["--days", "9" * 5000], "--days: must be between 1 and 366"),
        ("audit_account", ["--days", "-1"], "--days: must be between 1 and 366"),
        ("audit_account", ["--fail-on", "info"], "--fail-on: invalid choice: 'info'"),
        ("preview_escalation", ["--acknowledge", "akuam"], "must be like akuam=12, in whole min"),
        ("preview_escalation", ["--acknowledge", "=5"], "must be like akuam=12"),
        ("preview_escalation", ["--acknowledge", f"akuam={'9' * 5000}"], "must be like akuam=12"),
        ("publish_calendar", ["--ics", "-", "--svg", "-"], "two files cannot have the same name"),
        ("who_is_on_call", ["--yes"], "unrecognized arguments: --yes"),
    ],
)
def test_invalid_arguments_are_reported(name: str, arguments: list[str], expected: str) -> None:
    done = run(name, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("who_is_on_call", ["--on-call", "akuam"], "InvalidValueError: on_call: target must be"),
        ("who_is_on_call", ["--on-call", AKUA], "InvalidValueError: on_call: target must be"),
        ("publish_calendar", ["--on-call", AKUA], "InvalidValueError: calendar: target must be"),
        ("preview_escalation", ["--escalation", f"{AKUA}x"], "ResourceNotFoundError: "),
        ("preview_escalation", ["--svg", "no/where.svg"], "no/where.svg cannot be written: No "),
    ],
)
def test_a_failed_read_or_write_is_reported_in_one_line(
    name: str, arguments: list[str], expected: str, tmp_path: Path
) -> None:
    done = run(name, *arguments, within=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(expected)
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
def test_on_aws_there_are_no_sample_values(name: str, arguments: list[str]) -> None:
    done = run(name, *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("required on AWS: --")


def test_missing_arguments_are_reported_together() -> None:
    missing = run("quickstart", "--region", "us-east-2", "--sms", PHONE).stderr
    assert missing == "required on AWS: --alias, --display-name, --voice, --email\n"


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_on_aws_nothing_is_written_without_a_confirmation(answer: str) -> None:
    done = run(
        "create_contact",
        *("--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua"),
        stdin=answer,
    )
    assert (done.returncode, done.stderr) == (1, "nothing was changed\n")
    where = "About to do this on https://ssm-contacts.us-east-2.amazonaws.com:"
    assert where in done.stdout.splitlines()


def test_an_error_is_reported_in_one_line() -> None:
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


@pytest.mark.parametrize(
    ("endpoint", "is_local"),
    [
        ("http://127.0.0.1:1", True),
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("https://contacts.example.com", False),
    ],
)
def test_a_local_endpoint_without_credentials_has_a_hint(endpoint: str, is_local: bool) -> None:
    done = run("who_is_on_call", "--region", "us-east-2", "--endpoint-url", endpoint, *ON_CALL)
    assert done.returncode == 1
    assert done.stderr.startswith("CredentialsError: there are no AWS credentials")
    assert done.stderr.count("\n") == 1
    hint = "(the embedded server accepts any: AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any)"
    assert (hint in done.stderr) == is_local
    assert ("(here: --region" in done.stderr) != is_local


ON_CALL = ["--on-call", contact_arn("checkout")]


@pytest.fixture
def aws(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> LocalService:
    """Return an embedded service, which the clients of the examples call in place of AWS."""
    monkeypatch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
    backend = importlib.import_module("backend")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")

    def connected(**settings: Any) -> ContactsClient:
        client = ContactsClient(**settings)
        service.connect(client.boto3_client)
        return client

    monkeypatch.setattr(backend, "ContactsClient", connected)
    return service


def example(name: str) -> ModuleType:
    return importlib.import_module(name)


ADDRESSES = ["--sms", PHONE, "--voice", PHONE, "--email", EMAIL]
AKUAM = ["--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua Mansa"]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("who_is_on_call", ["--on-call", "escalation"], "Ana Carolina Silva"),
        ("preview_escalation", ["--escalation", "escalation"], "Ana Carolina Silva"),
        ("audit_account", [], "mayac voice"),
        ("publish_calendar", ["--on-call", "schedule"], "checkout-berlin"),
    ],
)
def test_on_aws_examples_that_read_change_nothing_and_ask_nothing(
    name: str,
    arguments: list[str],
    expected: str,
    aws: LocalService,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    team = importlib.import_module("sample_team").create_team(aws)
    monkeypatch.setattr(builtins, "input", None)
    monkeypatch.chdir(tmp_path)
    before, sent = aws.snapshot(), len(aws.requests)
    arns = [getattr(team, each).arn if hasattr(team, each) else each for each in arguments]
    example(name).main(["--region", "us-east-2", *arns])
    shown = capsys.readouterr().out
    assert "About to read this on https://ssm-contacts.us-east-2.amazonaws.com:" in shown
    assert expected in shown
    assert aws.snapshot().state == before.state
    assert {each.operation[:3] for each in aws.requests[sent:]} <= {"Get", "Lis"}


def test_on_aws_the_user_types_in_the_codes(
    aws: LocalService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts: list[str] = []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        if prompt.startswith("Continue?"):
            return "y"
        if "voice" in prompt:
            return ""
        code = aws.outbox[-1].code
        assert code is not None
        # The first attempt is a typing error.
        return "1" if len(prompts) == 2 else code

    monkeypatch.setattr(builtins, "input", answer)
    example("quickstart").main([*AKUAM, *ADDRESSES])
    assert [prompt.split(" (")[0] for prompt in prompts] == [
        "Continue? [y/N] ",
        "The code sent to akuam sms",
        "The code sent to akuam sms",
        "The code sent to akuam voice",
        "The code sent to akuam email",
    ]
    shown = capsys.readouterr().out
    assert (
        "the code was not accepted: channels.activate: code must have 6 to 10 characters" in shown
    )
    assert "akuam voice is not activated: it gets no pages until it is" in shown
    assert "VOICE to akuam voice, NOT_ACTIVATED" in shown
    assert "EMAIL to akuam email, ACTIVATED" in shown
    assert PHONE not in shown
    assert EMAIL not in shown


def test_with_yes_there_is_no_confirmation(
    aws: LocalService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builtins, "input", None)
    example("create_contact").main([*AKUAM, "--yes"])
    assert capsys.readouterr().out.splitlines()[-1] == AKUA
    arguments = ["--region", "us-east-2", "--contact", AKUA, "--yes", "--channel"]
    channel = channel_arn("akuam")
    example("update_contact").main([*arguments, channel, channel])
    plan = aws.requests[1].body["Plan"]
    assert [stage["DurationInMinutes"] for stage in plan["Stages"]] == [5, 5]


def test_a_failure_and_an_interruption_end_with_one_line(aws: LocalService) -> None:
    run_example = importlib.import_module("command_line").run
    create = example("create_contact")
    aws.faults.add(throttle(3600))

    def throttled(_: object) -> None:
        create.main([*AKUAM, "--yes"])

    with pytest.raises(SystemExit, match="ThrottlingError: CreateContact: "):
        run_example(throttled)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit, match="stopped"):
        run_example(interrupted)
