from __future__ import annotations

import builtins
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk.local import LocalService, throttle

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "connecting")
ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"


def run(name: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
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
        env=environment,
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_example_runs_without_an_account(name: str) -> None:
    done = run(name)
    assert (done.returncode, done.stderr) == (0, "")
    assert "About to do this on the embedded service:" in done.stdout


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


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
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
    for name in ("connecting", *NAMES):
        sys.modules.pop(name, None)


def example(name: str) -> ModuleType:
    return importlib.import_module(name)


ADDRESSES = ["--sms", PHONE, "--voice", PHONE, "--email", EMAIL]
AKUAM = ["--region", "us-east-2", "--alias", "akuam", "--display-name", "Akua Mansa"]


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
