"""State files that are damaged, edited, or not state files at all."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
from amounts import amount
from arns import contact_arn
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinels import PHONE

from ssm_contacts_sdk import StateFileError
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._persistence.format import record_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's files")


class Caller:
    """Send a request, and return the members of its response."""

    def __init__(self, service: LocalService) -> None:
        self.service = service

    def __call__(self, operation: str, **members: object) -> Any:
        response = self.service.handle(f"SSMContacts.{operation}", {}, json.dumps(members).encode())
        # Never 500: a loaded state must not break later requests.
        assert response.status in {200, 400}, (operation, response.body)
        return json.loads(response.body)


def person(call: Caller, alias: str) -> str:
    arn = call("CreateContact", Alias=alias, Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    address = {"SimpleAddress": PHONE}
    created = call(
        "CreateContactChannel", ContactId=arn, Name="c", Type="SMS", DeliveryAddress=address
    )
    sms = created["ContactChannelArn"]
    code = call.service.code_for(sms)
    call("ActivateContactChannel", ContactChannelId=sms, ActivationCode=code)
    target = {"ChannelTargetInfo": {"ContactChannelId": sms, "RetryIntervalInMinutes": 1}}
    stage = {"DurationInMinutes": 5, "Targets": [target]}
    call("UpdateContact", ContactId=arn, Plan={"Stages": [stage, stage]})
    return str(arn)


def fill_service(service: LocalService) -> None:
    """Create all kinds of resources, in the middle of an engagement."""
    call = Caller(service)
    people = [person(call, alias) for alias in ("akuam", "alejr")]
    recurrence = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
    }
    rotation = call(
        "CreateRotation",
        Name="web",
        ContactIds=people,
        TimeZoneId="Europe/Berlin",
        Recurrence=recurrence,
        Tags=[{"Key": "k", "Value": "v"}],
        IdempotencyToken="rotation",
    )["RotationArn"]
    now = service.clock.now().timestamp()
    times = {"StartTime": now + 60, "EndTime": now + 3600}
    call("CreateRotationOverride", RotationId=rotation, NewContactIds=people[:1], **times)
    call("PutContactPolicy", ContactArn=people[0], Policy="{}")
    schedule = call(
        "CreateContact", Alias="web", Type="ONCALL_SCHEDULE", Plan={"RotationIds": [rotation]}
    )["ContactArn"]
    targets = [
        {"ContactTargetInfo": {"ContactId": arn, "IsEssential": False}}
        for arn in (people[1], schedule)
    ]
    stages = [{"DurationInMinutes": 5, "Targets": [each]} for each in targets]
    plan = {"Stages": stages}
    everybody = call("CreateContact", Alias="all", Type="ESCALATION", Plan=plan)["ContactArn"]
    for arn in (people[0], everybody):
        call("StartEngagement", ContactId=arn, Sender="me", Subject="s", Content="c")
    (page,) = call("ListPagesByContact", ContactId=people[0])["Pages"]
    code = service.outbox[-2].code
    call("AcceptPage", PageId=page["PageArn"], AcceptType="READ", AcceptCode=code)
    service.clock.advance(seconds=61)


@cache
def saved_text() -> str:
    service = LocalService()
    fill_service(service)
    with TemporaryDirectory() as home:
        service.save(Path(home, "state.json"))
        return Path(home, "state.json").read_text()


@cache
def live_bytes() -> bytes:
    """Return the content of the file of a persisted service."""
    service = LocalService()
    with TemporaryDirectory() as home:
        path = Path(home, "state.json")
        with service.persist(path):
            fill_service(service)
            return path.read_bytes()


def file_with(text: str) -> bytes:
    """Return a state file with this text and a valid checksum."""
    check = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return json.dumps({**json.loads(saved_text()), "kept": text, "check": check}).encode()


def use(service: LocalService) -> None:
    """Read everything, change some of it, and let an engagement run to its end."""
    call = Caller(service)
    since, until = (service.clock.now().timestamp() + hours * 3600 for hours in (-20, 20))
    times = {"StartTime": since, "EndTime": until}
    for contact in call("ListContacts").get("Contacts", []):
        arn = contact["ContactArn"]
        call("GetContact", ContactId=arn)
        call("GetContactPolicy", ContactArn=arn)
        call("ListTagsForResource", ResourceARN=arn)
        call("ListPagesByContact", ContactId=arn)
        for channel in call("ListContactChannels", ContactId=arn)["ContactChannels"]:
            call("GetContactChannel", ContactChannelId=channel["ContactChannelArn"])
            call("SendActivationCode", ContactChannelId=channel["ContactChannelArn"])
    for rotation in call("ListRotations").get("Rotations", []):
        arn = rotation["RotationArn"]
        call("ListRotationShifts", RotationId=arn, **times)
        call("ListRotationOverrides", RotationId=arn, **times)
    for engagement in call("ListEngagements").get("Engagements", []):
        arn = engagement["EngagementArn"]
        call("DescribeEngagement", EngagementId=arn)
        for page in call("ListPagesByEngagement", EngagementId=arn)["Pages"]:
            call("DescribePage", PageId=page["PageArn"])
            call("ListPageReceipts", PageId=page["PageArn"])
            call("ListPageResolutions", PageId=page["PageArn"])
    call("CreateRotation", Name="web", IdempotencyToken="rotation")
    person(call, "new")
    everybody = contact_arn("all")
    call("StartEngagement", ContactId=everybody, Sender="me", Subject="s", Content="c")
    service.clock.advance(hours=1)
    service.transcript()
    assert service.journal
    service.restore(service.snapshot())


# Other than regular files


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(path))


def link_to_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def link_to_fifo(path: Path) -> None:
    os.mkfifo(path.with_name("fifo"))
    path.symlink_to("fifo")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def save(path: Path) -> None:
    LocalService().save(path)


def load(path: Path) -> None:
    LocalService().load(path)


def persist(path: Path) -> None:
    with LocalService().persist(path):
        pass


@pytest.mark.parametrize("use_it", [save, load, persist])
@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (make_fifo, r"must be a regular file \(got a FIFO\)"),
        (make_socket, r"must be a regular file \(got a socket\)"),
        (Path.mkdir, r"must be a regular file \(got a directory\)"),
        (link_to_device, r"must be a regular file \(got a device\)"),
        (link_to_fifo, r"must be a regular file \(got a FIFO\)"),
        (link_to_itself, "symbolic links"),
    ],
)
def test_only_a_regular_file_can_be_used(
    make: Callable[[Path], object], shown: str, use_it: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "state"
    make(path)
    before = path.lstat()
    with pytest.raises(StateFileError, match=shown) as caught:
        use_it(path)
    assert caught.value.path == str(path)
    after = path.lstat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    assert {each.name for each in tmp_path.iterdir()} <= {"state", "fifo"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do anything")
@pytest.mark.parametrize("use_it", [load, persist])
def test_an_unreadable_file_is_reported(use_it: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    LocalService().save(path)
    path.chmod(0)
    with pytest.raises(StateFileError, match="Permission denied"):
        use_it(path)


@pytest.mark.parametrize("use_it", [save, load, persist])
def test_a_name_that_no_file_can_have_is_reported(
    use_it: Callable[[Path], None], tmp_path: Path
) -> None:
    with pytest.raises(StateFileError, match=r"\(no file can have this name or size\)"):
        use_it(tmp_path / "state\0.json")


def test_a_huge_other_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for start in (b"", b"{"):
        path.write_bytes(start)
        os.truncate(path, 1 << 40)
        with pytest.raises(StateFileError, match="it is damaged"):
            load(path)


# The content of a file


def test_a_complete_file_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for data in (saved_text().encode(), live_bytes(), file_with(json.loads(saved_text())["kept"])):
        path.write_bytes(data)
        service = LocalService()
        service.load(path)
        use(service)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "",
        "null",
        "[]",
        "{}",
        '"text"',
        "1" * 5000,
        "NaN",
    ],
)
def test_a_text_that_is_not_a_state_is_damage_even_with_a_valid_checksum(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(file_with(text))
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ('"now": ', '"now": 1, "now": '),
        ('"now": ', '"now": NaN, "x": '),
        ('"now": ', '"now": 1e999, "x": '),
        ('"now": ', f'"now": {"1" * 5000}, "x": '),
        ('"now": ', '"now": "1736154000", "x": '),
        ('"now": ', '"now": true, "x": '),
        ('"seed": 0', '"seed": "\\ud800"'),
        ('"_numbered": ', '"_numbered": -1, "x": '),
        ('"_numbered": ', '"_numbered": 1.5, "x": '),
        ('"outbox": [', '"outbox": [null, '),
        ('"type": "PERSONAL"', '"type": "PERSON"'),
        ('"time_zone_id": "Europe/Berlin"', '"time_zone_id": "../../etc/passwd"'),
        ('"time_zone_id": "Europe/Berlin"', '"time_zone_id": "Mars/Olympus"'),
        ('"DailySettings": [{"HourOfDay": 9,', '"DailySettings": [{"HourOfDay": 99,'),
        ('"activated": true', '"activated": 1'),
        ('"number": 1', '"number": "1"'),
        ('"entries": [[', '"entries": [[NaN, 1, "a", {}], ['),
        ("contact/akuam", "contact/nobody"),
        ('"RetryIntervalInMinutes": 1}', '"RetryIntervalInMinutes": 1e9}'),
        ('"DurationInMinutes": 5', '"DurationInMinutes": null'),
        ('"ContactChannelId": "arn', '"ContactChannelId": null, "x": "arn'),
        ('"IsEssential": false', '"IsEssential": null'),
    ],
)
def test_an_invalid_value_is_damage_even_with_a_valid_checksum(
    change: str, by: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    text = json.loads(saved_text())["kept"]
    assert change in text
    path.write_bytes(file_with(text.replace(change, by)))
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


@pytest.mark.parametrize("at", [1e300, -1e300, float("nan"), float("inf")])
@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("rotations", "start"),
        *(("_overrides", name) for name in ("start", "end", "created")),
        *(("engagements", name) for name in ("start", "stop")),
        *(("pages_sent", name) for name in ("sent", "delivered", "read", "time")),
    ],
)
def test_a_time_outside_the_calendar_is_damage(
    table: str, name: str, at: float, tmp_path: Path
) -> None:
    *way, last = next(each for each in all_places() if (each[0], each[-1]) == (table, name))
    state_json = place = json.loads(json.loads(saved_text())["kept"])
    for key in way:
        place = place[key]
    place[last] = at
    path = tmp_path / "state.json"
    path.write_bytes(file_with(json.dumps(state_json)))
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


@pytest.mark.parametrize("at", [None, "1736154000", True, [], {}, 1e300, float("inf")])
def test_an_event_without_a_valid_time_is_damage(at: object, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    state_json = json.loads(json.loads(saved_text())["kept"])
    state_json["timetable"]["entries"] = [[at, *state_json["timetable"]["entries"][0][1:]]]
    path.write_bytes(file_with(json.dumps(state_json)))
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


@pytest.mark.parametrize(
    "changes",
    [
        "5",
        "[5]",
        "[[]]",
        '[["set"]]',
        '[["copy", ["now"], 1]]',
        '[["set", ["now", "x"], 1]]',
        '[["set", ["now"], "later"]]',
        '[["set", [], {}]]',
        '[["set", [], null]]',
        '[["set", "now", 1]]',
        '[["add", ["contacts"], [1]]]',
        '[["add", ["outbox"], 1]]',
        '[["drop", ["outbox"], "x"]]',
        '[["remove", ["outbox", "x"]]]',
        '[["over", [], {}]]',
        '[["over", ["timetable"], 1]]',
        '[["over", ["timetable"], [{}]]]',
    ],
)
def test_an_invalid_record_is_damage_even_with_a_valid_checksum(
    changes: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    data = live_bytes()
    check = data.splitlines()[-1].split()[1].decode()
    path.write_bytes(data + record_bytes([["set", ["now"], 2e9]], check)[0])
    load(path)
    path.write_bytes(data + record_bytes(json.loads(changes), check)[0])
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


@pytest.mark.parametrize("more", [b"x", b" {}", b"\n\n", b"\nx\n", b"\n1 2 []\n", b"\n1\n"])
def test_anything_but_records_after_a_snapshot_is_damage(more: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(saved_text().encode() + more)
    with pytest.raises(StateFileError, match="it is damaged"):
        load(path)


# Fuzzing


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return the paths to all values in a JSON value."""
    yield way
    if isinstance(value, (dict, list)):
        items = cast("dict[str, Any] | list[Any]", value)
        for key, each in items.items() if isinstance(items, dict) else enumerate(items):
            yield from places(each, (*way, key))


@cache
def all_places() -> list[tuple[Any, ...]]:
    return [way for way in places(json.loads(json.loads(saved_text())["kept"])) if way]


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.sampled_from([-1, 0, 1, 2, 1e12, 1e300]),
    st.text(max_size=3),
    st.sampled_from(["PERSONAL", "SMS", "READ", "arn:aws:x", "2025-01-06", "9999-12-31T23:59:59"]),
    st.lists(st.none() | st.integers() | st.text(max_size=2), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none() | st.integers(), max_size=2),
)


@settings(deadline=None, max_examples=amount(quick=30, long=150))
@given(st.data())
def test_a_changed_state_is_damage_or_can_be_used(data: st.DataObject) -> None:
    state = json.loads(json.loads(saved_text())["kept"])
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(all_places()))
        try:
            place: Any = state
            for key in way:
                place = place[key]
            kind = data.draw(st.sampled_from(["set", "remove", "add"]))
            if kind == "set":
                place[last] = data.draw(ODD)
            elif kind == "remove":
                del place[last]
            elif isinstance(last, int):
                place.append(place[last])
            else:
                place[f"{last}x"] = place[last]
        except (LookupError, TypeError):
            # An earlier change has removed it.
            continue
    with TemporaryDirectory() as home:
        path = Path(home, "state.json")
        path.write_bytes(file_with(json.dumps(state)))
        service = LocalService()
        try:
            service.load(path)
        except StateFileError:
            return
        use(service)


@settings(deadline=None, max_examples=amount(quick=30, long=150))
@given(st.data())
def test_a_file_with_changed_bytes_is_damage_or_has_its_complete_records(
    data: st.DataObject,
) -> None:
    changed = bytearray(live_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed)))
        length = data.draw(st.sampled_from([0, 1, 1, 10, 1000, 10**6]))
        new = data.draw(st.sampled_from([b"", b"\n", b"\xff", b"[" * 5000, bytes(changed[-40:])]))
        changed[at : at + length] = new or data.draw(st.binary(max_size=2))
    with TemporaryDirectory() as home:
        path = Path(home, "state.json")
        path.write_bytes(changed)
        service = LocalService()
        try:
            service.load(path)
        except StateFileError:
            return
        assert [each.alias for each in service.client().contacts.list()] in (
            [],
            ["akuam"],
            ["akuam", "alejr"],
            ["akuam", "alejr", "web"],
            ["akuam", "alejr", "all", "web"],
            ["all", "akuam", "alejr", "web"],
        )
        with service.persist(Path(home, "other.json")):
            use(service)
