from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import partial
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from amounts import amount
from arns import contact_arn
from attrs import evolve
from rejecting import violations_of
from sentinels import PHONE

from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType, Plan, StateFileError
from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock, LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START


@pytest.fixture
def busy(service: LocalService, client: ContactsClient) -> LocalService:
    """Return a service with all kinds of resources, in the middle of an engagement."""
    akua = client.contacts.create(
        Contact(alias="akuam", display_name="Łucja Ω", type=ContactType.PERSONAL),
        tags={"team": "web"},
        idempotency_token="first",
    )
    sms = client.channels.create(akua, Channel.sms("akuas sms", PHONE))
    client.channels.activate(sms, service.code_for(sms))
    plan = Plan.engagement().stage(minutes=5).channel(sms, retry_minutes=1).stage(minutes=1)
    client.contacts.update(akua, plan=plan.channel(sms).build())
    aws = service.boto3_client()
    rotation = aws.create_rotation(
        Name="web",
        ContactIds=[akua.arn],
        TimeZoneId="Europe/Berlin",
        Recurrence={
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "WeeklySettings": [
                {"DayOfWeek": "MON", "HandOffTime": {"HourOfDay": 9, "MinuteOfHour": 0}}
            ],
        },
    )["RotationArn"]
    aws.create_rotation_override(
        RotationId=rotation,
        NewContactIds=[],
        StartTime=DEFAULT_START + timedelta(hours=1),
        EndTime=DEFAULT_START + timedelta(hours=2),
    )
    aws.put_contact_policy(ContactArn=akua.arn, Policy="{}")
    schedule = client.contacts.create(
        Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(rotation))
    )
    escalation = Plan.escalation().stage(minutes=1).contact(akua, essential=False)
    client.contacts.create(
        Contact(
            alias="all",
            type=ContactType.ESCALATION,
            plan=escalation.stage(minutes=5).contact(schedule, essential=True).build(),
        )
    )
    service.delivery.fail(sms, times=1)
    client.engagements.start(
        contact_arn("all"),
        sender="cloudwatch",
        subject="disk",
        content="full",
        incident_id="arn:1",
    )
    service.clock.advance(seconds=61)
    return service


def seen(service: LocalService) -> list[object]:
    """Return everything that is visible of a service, except for the ids of requests."""
    aws = service.boto3_client()
    since, until = (DEFAULT_START + timedelta(hours=hours) for hours in (-20, 20))
    found: list[Mapping[str, Any]] = []
    for contact in aws.list_contacts()["Contacts"]:
        arn = contact["ContactArn"]
        found += [
            aws.get_contact(ContactId=arn),
            aws.get_contact_policy(ContactArn=arn),
            aws.list_contact_channels(ContactId=arn),
            aws.list_pages_by_contact(ContactId=arn),
            aws.list_tags_for_resource(ResourceARN=arn),
        ]
    for engagement in aws.list_engagements()["Engagements"]:
        arn = engagement["EngagementArn"]
        found.append(aws.describe_engagement(EngagementId=arn))
        for page in aws.list_pages_by_engagement(EngagementId=arn)["Pages"]:
            found.append(aws.list_page_receipts(PageId=page["PageArn"]))
            found.append(aws.list_page_resolutions(PageId=page["PageArn"]))
    for rotation in aws.list_rotations()["Rotations"]:
        arn = rotation["RotationArn"]
        found += [
            aws.get_rotation(RotationId=arn),
            aws.list_rotation_shifts(RotationId=arn, StartTime=since, EndTime=until),
            aws.list_rotation_overrides(RotationId=arn, StartTime=since, EndTime=until),
        ]
    responses = [{**response, "ResponseMetadata": None} for response in found]
    return [service.outbox, *responses]


def test_a_restored_service_continues_like_the_original(busy: LocalService) -> None:
    snapshot = busy.snapshot()
    before = seen(busy)
    busy.clock.advance(hours=1)
    later = seen(busy)
    now = busy.clock.now()
    busy.reset()
    busy.restore(snapshot)
    assert busy.requests == snapshot.requests
    assert seen(busy) == before
    busy.clock.advance(hours=1)
    assert busy.clock.now() == now
    assert seen(busy) == later
    assert later != before


def test_a_snapshot_can_be_restored_more_than_once(busy: LocalService) -> None:
    snapshot = busy.snapshot()
    before = seen(busy)
    for _ in range(2):
        busy.clock.advance(minutes=3)
        busy.client().contacts.delete(contact_arn("all"))
        busy.restore(snapshot)
        assert seen(busy) == before


def test_the_repr_of_a_snapshot_contains_nothing_private(busy: LocalService) -> None:
    assert "+1500" not in repr(busy.snapshot())


def test_a_snapshot_of_another_region_is_rejected(busy: LocalService) -> None:
    other = LocalService(region_name="eu-west-1")
    with pytest.raises(InvalidValueError, match="account and Region"):
        other.restore(busy.snapshot())


def test_a_saved_service_continues_in_another_process(busy: LocalService, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    again = LocalService()
    again.load(path)
    assert again.clock.now() == busy.clock.now()
    assert seen(again) == seen(busy)
    for service in (again, busy):
        service.clock.advance(hours=1)
    assert seen(again) == seen(busy)
    created = [
        service.client().contacts.create(Contact(alias="new", type=ContactType.PERSONAL))
        for service in (again, busy)
    ]
    assert created[0] == created[1]


def test_each_process_saves_the_same_resources_as_the_same_file(tmp_path: Path) -> None:
    script = """
import sys
from random_accounts import RandomAccount
from ssm_contacts_sdk.local import LocalService
service = LocalService()
RandomAccount.of(0).load_into(service)
service.save(sys.argv[1])
"""
    paths = [tmp_path / f"{seed}.json" for seed in range(amount(quick=2, long=3))]
    for seed, path in enumerate(paths):
        # The seed decides in which order a process iterates over a set.
        env = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", script, str(path)]
        subprocess.run(command, env=env, check=True)  # noqa: S603 - Python, with the script above
    assert len({path.read_bytes() for path in paths}) == 1


def test_a_token_is_known_after_a_restart(busy: LocalService, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    again = LocalService()
    again.load(path)
    akua = Contact(alias="akuam", display_name="Łucja Ω", type=ContactType.PERSONAL)
    client = again.client()
    assert client.contacts.create(akua, tags={"team": "web"}, idempotency_token="first").alias


def test_load_does_not_set_a_later_clock_back_and_runs_due_events_at_their_time(
    busy: LocalService, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    again = LocalService()
    again.clock.advance(days=1)
    now = again.clock.now()
    again.load(path)
    assert again.clock.now() == now
    busy.clock.advance(hours=1)
    assert again.outbox == busy.outbox


def test_a_service_whose_calendar_has_ended_can_be_loaded_while_the_clock_runs(
    tmp_path: Path,
) -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    path = tmp_path / "state.json"
    LocalService(clock=LocalClock(end)).save(path)
    a_look_each_millisecond = partial(next, count(0.0, 0.001))
    again = LocalService(clock=LocalClock(speed=1.0, real=a_look_each_millisecond))
    again.load(path)
    assert again.clock.now() == end
    assert again.boto3_client().list_contacts()["Contacts"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such modes there")
def test_only_its_owner_can_read_the_file(busy: LocalService, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_saving_leaves_no_temporary_file(busy: LocalService, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for _ in range(2):
        busy.save(path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_unchanged(
    busy: LocalService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    busy.clock.advance(minutes=1)
    with pytest.raises(StateFileError, match="No space left") as caught:
        busy.save(path)
    assert caught.value.path == str(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_directory_is_reported(busy: LocalService, tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="cannot be written"):
        busy.save(tmp_path / "nowhere" / "state.json")


def _newer(envelope: dict[str, Any]) -> str:
    return json.dumps({**envelope, "version": envelope["version"] + 1})


def _changed(envelope: dict[str, Any]) -> str:
    return json.dumps({**envelope, "kept": envelope["kept"].replace("akuam", "akuan")})


def _unlike_what_is_kept(envelope: dict[str, Any]) -> str:
    check = blake2b(b"{}", digest_size=16).hexdigest()
    return json.dumps({**envelope, "kept": "{}", "check": check})


def _without_a_region(envelope: dict[str, Any]) -> str:
    return json.dumps({**envelope, "region_name": None})


def _of_elsewhere(envelope: dict[str, Any]) -> str:
    return json.dumps({**envelope, "region_name": "eu-west-1"})


def _cut(envelope: dict[str, Any]) -> str:
    return json.dumps(envelope)[:-50]


def _something_else(_: dict[str, Any]) -> str:
    return '{"name": "package.json"}'


def _a_list(_: dict[str, Any]) -> str:
    return "[]"


def _without_end(_: dict[str, Any]) -> str:
    return "[" * 100_000


def _empty(_: dict[str, Any]) -> str:
    return ""


@pytest.mark.parametrize(
    ("damage", "shown"),
    [
        (_newer, "a later version"),
        (_changed, "damaged"),
        (_unlike_what_is_kept, "damaged"),
        (_without_a_region, "damaged"),
        (_of_elsewhere, "of account 111122223333 in eu-west-1"),
        (_cut, "damaged"),
        (_something_else, "not a state file of the local service"),
        (_a_list, "not a state file of the local service"),
        (_without_end, "damaged"),
        (_empty, "damaged"),
    ],
)
def test_an_unusable_file_is_rejected_and_unchanged(
    busy: LocalService, tmp_path: Path, damage: Callable[[dict[str, Any]], str], shown: str
) -> None:
    path = tmp_path / "state.json"
    busy.save(path)
    path.write_text(damage(json.loads(path.read_text())))
    before = path.read_bytes()
    again = LocalService()
    again.client().contacts.create(Contact(alias="here", type=ContactType.PERSONAL))
    with pytest.raises(StateFileError, match=shown):
        again.load(path)
    assert path.read_bytes() == before
    assert [each.alias for each in again.client().contacts.list()] == ["here"]


def test_a_snapshot_without_start_is_given_shows_every_start_time(
    busy: LocalService, service: LocalService
) -> None:
    akua = busy.boto3_client().list_contacts()["Contacts"][0]["ContactArn"]
    recurrence: Any = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
    }
    arn = busy.boto3_client().create_rotation(
        Name="no start", ContactIds=[akua], TimeZoneId="UTC", Recurrence=recurrence
    )["RotationArn"]
    snapshot = busy.snapshot()
    members = json.loads(snapshot.state)
    for rotation in members["rotations"].values():
        del rotation["start_is_given"]
    old = evolve(snapshot, state=json.dumps(members))
    service.restore(old)
    aws = service.boto3_client()
    assert aws.get_rotation(RotationId=arn)["StartTime"] == busy.clock.now()
    service.restore(snapshot)
    assert "StartTime" not in aws.get_rotation(RotationId=arn)


@pytest.mark.parametrize("path", [None, 7, b"state.json"])
def test_a_path_must_be_a_str_or_path(path: Any) -> None:
    service = LocalService()
    methods: dict[str, Callable[[], object]] = {
        "save": lambda: service.save(path),
        "load": lambda: service.load(path),
        "persist": service.persist(path).__enter__,
    }
    for name, call in methods.items():
        with pytest.raises(InvalidValueError, match=f"^LocalService.{name}: path ") as caught:
            call()
        assert [(each.path, each.code) for each in caught.value.violations] == [
            ("path", "wrong_type")
        ]


def test_a_snapshot_must_be_a_snapshot_of_this_account() -> None:
    wrong: Any = "snapshot"
    expected = [("snapshot", "wrong_type")]
    assert violations_of(lambda: LocalService().restore(wrong)) == expected
    other = LocalService(account_id="444455556666").snapshot()
    expected = [("snapshot", "conflict")]
    assert violations_of(lambda: LocalService().restore(other)) == expected


def test_a_missing_file_is_reported(service: LocalService, tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="cannot be read"):
        service.load(tmp_path / "state.json")
