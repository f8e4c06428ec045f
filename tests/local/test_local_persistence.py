"""Persistence in a state file: the file always contains what the service responded with."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from amounts import amount
from arns import contact_arn
from fuzzing import Requests
from programs import Ended, Interpreter
from sentinels import email_address, phone_number

from ssm_contacts_sdk import Contact, ContactType, InternalServerError, StateFileError
from ssm_contacts_sdk.local import LocalService, Quotas, throttle
from ssm_contacts_sdk.local._persistence import files, state_file
from ssm_contacts_sdk.local._responses import Response

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX's files and locks")

ROOT = Path(__file__).parents[2]


def create(service: LocalService, alias: str, **members: object) -> Response:
    """Return the response to a request for a new contact."""
    plan: dict[str, Any] = {"Stages": []}
    request = {"Alias": alias, "Type": "PERSONAL", "Plan": plan, **members}
    return service.handle("SSMContacts.CreateContact", {}, json.dumps(request).encode())


def aliases(service: LocalService) -> list[str]:
    response = service.handle("SSMContacts.ListContacts", {}, b"{}")
    assert response.status == 200
    return [each["Alias"] for each in json.loads(response.body)["Contacts"]]


def loaded(path: Path) -> LocalService:
    service = LocalService()
    service.load(path)
    return service


def content(service: LocalService, home: Path) -> Mapping[str, Any]:
    """Return the whole state of a service, in a fixed order."""
    service.save(home / "content.json")
    state_json: dict[str, Any] = json.loads(json.loads((home / "content.json").read_text())["kept"])
    state_json["timetable"]["entries"].sort()
    return state_json


@contextmanager
def full_disk(path: Path, room: int) -> Generator[None]:
    """Limit the size of files that the process writes to that of `path` and `room` bytes."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


# The content of the file


@pytest.mark.parametrize(("least", "limit"), [(0, 4), (1 << 20, None)])
def test_after_each_request_the_file_has_the_state(
    least: int, limit: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LEAST_RECORDS", least)
    service = LocalService(quotas=Quotas(contacts=20, rotations=10), history_limit=limit)
    # With this seed, they reach every operation.
    stream = Requests(Random(44))  # noqa: S311 - the same in every run
    path = tmp_path / "state.json"
    with service.persist(path):
        for number in range(800):
            sent = stream.next()
            stream.learn(sent, service.handle(sent.target, {}, sent.body).body)
            if number % 50 == 0:
                service.clock.advance(minutes=stream.random.choice([0, 1, 7, 60]))
                stream.messages = service.outbox[-20:]
            if number % amount(quick=100, long=20) == 0:
                live = content(service, tmp_path)
                assert content(loaded(path), tmp_path) == live
    if limit is None:
        assert {message.kind for message in service.outbox} == {"activation", "page"}
    assert content(loaded(path), tmp_path) == content(service, tmp_path)


def test_due_events_are_in_the_file_before_they_are_visible(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    client = service.boto3_client()
    with service.persist(path):
        akua = client.create_contact(
            Alias="akuam",
            Type="PERSONAL",
            Plan={"Stages": [{"DurationInMinutes": 5, "Targets": []}] * 2},
        )["ContactArn"]
        client.start_engagement(ContactId=akua, Sender="me", Subject="s", Content="c")
        service.clock.advance(minutes=5)
        journal = service.journal
        assert loaded(path).journal == journal
        assert len(journal) == 2


def test_replies_and_loaded_resources_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    arn = contact_arn("akuam")
    with service.persist(path):
        service.load_resources(
            {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}}
        )
        assert aliases(loaded(path)) == ["akuam"]
        empty = LocalService().snapshot()
        service.restore(empty)
        assert aliases(loaded(path)) == []
        create(service, "alejr")
        service.reset()
        assert aliases(loaded(path)) == []


def test_the_ids_of_loaded_resources_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    akua = contact_arn("akuam")
    with service.persist(path):
        service.load_resources(
            {"ContactArn": akua, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}},
            {
                "ContactArn": akua,
                "ContactChannelArn": f"{akua.replace(':contact/', ':contact-channel/')}/loaded",
                "Name": "mail",
                "Type": "EMAIL",
                "DeliveryAddress": {"SimpleAddress": email_address("a")},
            },
        )
        # No new resource gets one of them, also after a restart.
        assert content(loaded(path), tmp_path) == content(service, tmp_path)


def test_the_clock_continues_at_most_a_minute_earlier(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        for _ in range(11):
            service.clock.advance(seconds=50)
            aliases(service)
            behind = service.clock.now() - loaded(path).clock.now()
            assert 0 <= behind.total_seconds() < 60
        end = service.clock.now()
    assert loaded(path).clock.now() == end


def test_a_service_continues_from_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    first = LocalService()
    create(first, "akuam")
    first.save(path)
    for alias, before in (("alejr", ["akuam"]), ("mateo", ["akuam", "alejr"])):
        service = LocalService()
        with service.persist(path):
            assert aliases(service) == before
            create(service, alias)
    # After the end of persistence, the service does not write to the file.
    create(service, "late")
    assert aliases(loaded(path)) == ["akuam", "alejr", "mateo"]


def test_a_new_file_has_the_current_state(tmp_path: Path) -> None:
    service = LocalService()
    create(service, "akuam")
    with service.persist(tmp_path / "state.json"):
        assert aliases(loaded(tmp_path / "state.json")) == ["akuam"]
        assert len(service.requests) == 1


def test_a_service_is_persisted_in_one_file_at_a_time(tmp_path: Path) -> None:
    service = LocalService()
    with service.persist(tmp_path / "one.json"):
        second = service.persist(tmp_path / "two.json")
        with pytest.raises(StateFileError, match="persisted in another file already"), second:
            pass
        create(service, "akuam")
    assert aliases(loaded(tmp_path / "one.json")) == ["akuam"]
    assert not (tmp_path / "two.json").exists()


def test_an_existing_file_becomes_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    LocalService().save(path)
    path.chmod(0o644)
    with LocalService().persist(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_persisted_service_can_load_another_file(tmp_path: Path) -> None:
    path, other = tmp_path / "state.json", tmp_path / "other.json"
    source = LocalService()
    create(source, "akuam")
    source.save(other)
    service = LocalService()
    with service.persist(path):
        create(service, "alejr")
        service.load(other)
        create(service, "mateo")
        assert aliases(loaded(path)) == ["akuam", "mateo"]


def test_a_file_of_another_region_is_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with LocalService(region_name="eu-west-1").persist(path):
        before = path.read_bytes() + b"\nnot complete"
    path.write_bytes(before)
    service = LocalService()
    with pytest.raises(StateFileError, match="in eu-west-1"), service.persist(path):
        pass
    assert path.read_bytes() == before
    with LocalService(region_name="eu-west-1").persist(path):
        pass


# Incomplete lines


def test_an_incomplete_line_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        whole = path.read_bytes()
        create(service, "alejr")
        longer = path.read_bytes()
    ends = range(len(whole), len(longer))
    for end in {*ends[:: amount(quick=20, long=1)], ends[-1]}:
        path.write_bytes(longer[:end])
        assert aliases(loaded(path)) == ["akuam"]
    path.write_bytes(longer)
    assert aliases(loaded(path)) == ["akuam", "alejr"]


@pytest.mark.parametrize("end", [1, 20, 100])
def test_a_service_continues_after_the_last_complete_line(tmp_path: Path, end: int) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        create(service, "alejr")
        torn = path.read_bytes()[:-end]
    path.write_bytes(torn)
    again = LocalService()
    with again.persist(path):
        assert aliases(again) == ["akuam"]
        create(again, "mateo")
        assert aliases(loaded(path)) == ["akuam", "mateo"]


@pytest.mark.parametrize("how", ["changed", "left out", "exchanged", "repeated"])
def test_a_changed_line_is_damage(tmp_path: Path, how: str) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        for alias in ("akuam", "alejr", "mateo"):
            create(service, alias)
        snapshot, one, two, three = path.read_bytes().splitlines(keepends=True)
    lines = {
        "changed": [snapshot, one, two.replace(b"alejr", b"alejs"), three],
        "left out": [snapshot, one, three],
        "exchanged": [snapshot, two, one, three],
        "repeated": [snapshot, one, one, two, three],
    }[how]
    path.write_bytes(b"".join(lines))
    with pytest.raises(StateFileError, match="it is damaged"):
        loaded(path)


def test_a_line_of_a_later_version_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        data = path.read_bytes().replace(b"\n1 ", b"\n2 ")
    path.write_bytes(data)
    with pytest.raises(StateFileError, match="a later version"):
        loaded(path)


# A file that cannot be written


@pytest.mark.parametrize("room", [0, 1, 100, 300])
def test_on_a_full_disk_a_change_is_undone(tmp_path: Path, room: int) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path) as file:
        create(service, "akuam")
        before, entries = path.read_bytes(), content(service, tmp_path)
        with full_disk(path, room):
            for alias in ("alejr", "mateo"):
                response = create(service, alias, IdempotencyToken=alias)
                error = json.loads(response.body)
                assert (response.status, error["__type"]) == (500, "InternalServerException")
                assert "cannot be written" in error["Message"]
            assert service.requests[-1].status == 500
            assert aliases(service) == ["akuam"]
        assert file.problem is not None
        assert path.read_bytes() == before
        assert content(service, tmp_path) == entries
        # The request is as if it were sent for the first time.
        assert create(service, "alejr", IdempotencyToken="alejr").status == 200
        assert file.problem is None
        assert aliases(loaded(path)) == aliases(service) == ["akuam", "alejr"]


def test_entries_that_could_not_be_written_are_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService(history_limit=3)
    arn = contact_arn("akuam")

    def add_channel(number: int) -> int:
        request = {"ContactId": arn, "Name": "c", "Type": "SMS"}
        address = {"SimpleAddress": phone_number(100 + number)}
        body = json.dumps({**request, "DeliveryAddress": address}).encode()
        return service.handle("SSMContacts.CreateContactChannel", {}, body).status

    with service.persist(path):
        create(service, "akuam")
        assert [add_channel(number) for number in range(5)] == [200] * 5
        _, seen = service.journal_since(0)
        with full_disk(path, 10):
            assert add_channel(5) == 500
        assert service.journal_since(seen) == ((), 5)
        assert add_channel(6) == 200
        entries, count = service.journal_since(seen)
        assert (len(entries), count) == (1, 6)
        assert loaded(path).journal == service.journal


def test_due_events_on_a_full_disk_happen_later(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    client = service.boto3_client()
    with service.persist(path):
        akua = client.create_contact(
            Alias="akuam",
            Type="PERSONAL",
            Plan={"Stages": [{"DurationInMinutes": 5, "Targets": []}] * 2},
        )["ContactArn"]
        client.start_engagement(ContactId=akua, Sender="me", Subject="s", Content="c")
        due = service.clock.now()
        with full_disk(path, 10):
            service.clock.advance(hours=1)
            with pytest.raises(StateFileError):
                _ = service.journal
            assert create(service, "alejr").status == 500
        assert [note.text[:7] for note in service.journal] == ["stage 1", "stage 2", "engagem"]
        assert [(note.at - due).total_seconds() for note in service.journal] == [0, 300, 600]
        assert loaded(path).journal == service.journal


def test_reads_work_on_a_full_disk(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path) as file:
        create(service, "akuam")
        with full_disk(path, 10):
            service.clock.advance(hours=1)
            assert aliases(service) == ["akuam"]
            assert service.outbox == ()
            # The server reports that the time could not be written.
            assert "cannot be written" in str(file.problem)
        before = path.stat().st_size
        service.clock.advance(hours=1)
        assert aliases(service) == ["akuam"]
        assert file.problem is None
        assert path.stat().st_size > before
        assert loaded(path).clock.now() == service.clock.now()


@pytest.mark.parametrize("room", [0, 10])
def test_a_reset_that_cannot_be_written_deletes_nothing(tmp_path: Path, room: int) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    service.faults.add(throttle(), operation="GetContact")
    with service.persist(path):
        create(service, "akuam")
        with full_disk(path, room), pytest.raises(StateFileError):
            service.reset()
        assert [request.operation for request in service.requests] == ["CreateContact"]
        response = service.handle("SSMContacts.GetContact", {}, b"{}")
        assert json.loads(response.body)["__type"] == "ThrottlingException"
        assert aliases(service) == ["akuam"]


def test_a_state_that_can_be_neither_written_nor_read_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        with monkeypatch.context() as broken, full_disk(path, 10):

            def fail(_: int) -> bytes:
                raise OSError(5, "Input/output error")

            broken.setattr(state_file, "read_all", fail)
            assert create(service, "alejr").status == 500
            response = service.handle("SSMContacts.ListContacts", {}, b"{}")
            assert response.status == 500
        assert aliases(service) == ["akuam"]


def test_a_full_disk_prevents_rewriting_without_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LEAST_RECORDS", 0)
    rewritten: list[Path] = []

    def fail(path: Path, data: bytes) -> int:
        rewritten.append(path)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state_file, "replace", fail)
    service = LocalService()
    names = [f"c{number:02}" for number in range(40)]
    with service.persist(tmp_path / "state.json"):
        for name in names:
            assert create(service, name).status == 200
    assert aliases(loaded(tmp_path / "state.json")) == names
    # Rewriting is not tried each time, because it costs as much as all earlier changes.
    assert 2 <= len(rewritten) <= 8


def test_a_file_that_is_rewritten_often_is_open_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LEAST_RECORDS", 0)
    path = tmp_path / "state.json"
    service = LocalService()
    written: set[int] = set()
    with service.persist(path):
        before = len([*Path("/dev/fd").iterdir()])
        for number in range(30):
            create(service, f"c{number}")
            written.add(path.stat().st_ino)
        assert len([*Path("/dev/fd").iterdir()]) == before
    # Each time, it is a new file.
    assert len(written) > 1


# Names of the file


@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_two_services_cannot_use_one_file_by_two_names(
    link: Callable[[Path, Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LEAST_RECORDS", 0)
    path, other = tmp_path / "state.json", tmp_path / "other.json"
    LocalService().save(path)
    link(path, other)
    service = LocalService()
    with service.persist(path):
        for alias in ("akuam", "alejr", "mateo", "nadia"):
            # This applies after rewriting too.
            create(service, alias)
            for name in (path, other):
                second = LocalService().persist(name)
                with pytest.raises(StateFileError, match="another server is using it"), second:
                    pass
    # Both are still names of one file.
    assert aliases(loaded(other)) == aliases(loaded(path)) == aliases(service)
    with LocalService().persist(other):
        pass


def test_a_link_to_a_file_that_is_rewritten_stays_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_file, "_LEAST_RECORDS", 0)
    home = tmp_path / "home"
    home.mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(Path("home") / "state.json")
    with LocalService().persist(link):
        pass
    service = LocalService()
    with (home / "state.json").open() as first:
        with service.persist(link):
            for number in range(20):
                create(service, f"c{number}")
        # It was replaced.
        assert os.fstat(first.fileno()).st_nlink == 0
    assert link.is_symlink()
    assert [each.name for each in home.iterdir()] == ["state.json"]


def test_a_file_replaced_before_it_was_locked_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, newer = tmp_path / "state.json", tmp_path / "newer.json"
    LocalService().save(path)
    source = LocalService()
    create(source, "akuam")
    source.save(newer)
    lock = files.lock

    def lock_late(file: int) -> None:
        if newer.exists():
            # This is what a server does at its end.
            newer.replace(path)
        lock(file)

    monkeypatch.setattr(state_file, "lock", lock_late)
    service = LocalService()
    with service.persist(path):
        create(service, "alejr")
    assert aliases(loaded(path)) == ["akuam", "alejr"]


@pytest.mark.parametrize("there", [False, True])
def test_a_file_is_created_without_hard_links_and_replaces_none(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"

    def reject_link(_: Path, to: Path) -> None:
        if there:
            # Another server locked it first.
            source = LocalService()
            create(source, "akuam")
            source.save(to)
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", reject_link)
    service = LocalService()
    with service.persist(path):
        create(service, "alejr")
    assert aliases(loaded(path)) == ["akuam", "alejr"][not there :]
    assert list(tmp_path.iterdir()) == [path]


def test_a_temporary_file_that_another_process_removes_is_created_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, tries = files.lock, iter(["locked", "removed", "free"])

    def lock_late(file: int) -> None:
        now = next(tries)
        if now == "locked":
            raise files.FileInUseError
        if now == "removed":
            for each in tmp_path.iterdir():
                each.unlink()
        lock(file)

    def leave_all(_: Path) -> None:
        pass

    monkeypatch.setattr(files, "lock", lock_late)
    monkeypatch.setattr(files, "remove_leftovers", leave_all)
    path = tmp_path / "state.json"
    LocalService().save(path)
    assert list(tmp_path.iterdir()) == [path]
    assert list(tries) == []


def test_a_deleted_file_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        path.unlink()
        assert create(service, "alejr").status == 200
        assert aliases(loaded(path)) == ["akuam", "alejr"]
        second = LocalService().persist(path)
        with pytest.raises(StateFileError, match="another server is using it"), second:
            pass


def test_a_file_in_its_place_is_unchanged(tmp_path: Path) -> None:
    path, other = tmp_path / "state.json", tmp_path / "other.json"
    service = LocalService()
    with service.persist(path) as file:
        create(service, "akuam")
        other.write_text("mine")
        other.replace(path)
        assert create(service, "alejr").status == 500
        assert "another file has taken its place" in str(file.problem)
        assert path.read_text() == "mine"
        path.unlink()
        assert create(service, "mateo").status == 200
    assert aliases(loaded(path)) == ["akuam", "mateo"]


@pytest.mark.parametrize("size", [0, 1, 100])
def test_nothing_is_appended_to_a_damaged_file(tmp_path: Path, size: int) -> None:
    path, copy = tmp_path / "state.json", tmp_path / "copy.json"
    service = LocalService()
    with service.persist(path) as file:
        create(service, "akuam")
        shutil.copy(path, copy)
        os.truncate(path, size)
        damaged = path.read_bytes()
        for alias in ("alejr", "mateo"):
            assert create(service, alias).status == 500
            assert "it is damaged" in str(file.problem)
        assert path.read_bytes() == damaged
        # Like `cp`, this overwrites the same file.
        shutil.copyfile(copy, path)
        assert create(service, "mateo").status == 200
        assert aliases(loaded(path)) == aliases(service) == ["akuam", "mateo"]


def test_a_service_continues_from_a_copy_over_its_file(tmp_path: Path) -> None:
    path, copy = tmp_path / "state.json", tmp_path / "copy.json"
    service = LocalService()
    with service.persist(path) as file:
        create(service, "akuam")
        shutil.copy(path, copy)
        create(service, "alejr")
        shutil.copyfile(copy, path)
        response = create(service, "mateo")
        assert response.status == 500
        assert "another program has changed it" in str(file.problem)
        assert aliases(service) == ["akuam"]
        assert create(service, "mateo").status == 200
        assert file.problem is None
        assert aliases(loaded(path)) == aliases(service) == ["akuam", "mateo"]


def test_a_copy_of_another_region_over_its_file_is_reported(tmp_path: Path) -> None:
    path, other, copy = (tmp_path / f"{name}.json" for name in ("state", "other", "copy"))
    LocalService(region_name="eu-central-1").save(other)
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        shutil.copy(path, copy)
        shutil.copyfile(other, path)
        for alias in ("alejr", "mateo"):
            response = create(service, alias)
            assert response.status == 500
            assert "eu-central-1" in json.loads(response.body)["Message"]
        assert path.read_bytes() == other.read_bytes()
        shutil.copyfile(copy, path)
        assert aliases(service) == ["akuam"]


def test_a_moved_file_is_written_in_its_new_place(tmp_path: Path) -> None:
    path, other = tmp_path / "state.json", tmp_path / "other.json"
    service = LocalService()
    with service.persist(path):
        path.rename(other)
        create(service, "akuam")
    assert aliases(loaded(other)) == ["akuam"]
    assert not path.exists()


def test_save_does_not_replace_the_file_of_a_persisted_service(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    with service.persist(path):
        create(service, "akuam")
        for each in (service, LocalService()):
            with pytest.raises(StateFileError, match="another server is using it"):
                each.save(path)
        assert aliases(loaded(path)) == ["akuam"]
    service.save(path)


def test_a_file_cannot_be_used_while_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    LocalService().save(path)
    started: list[bool] = []
    replace = files.replace

    def replace_late(place: Path, data: bytes) -> int:
        server = LocalService().persist(path)
        with pytest.raises(StateFileError, match="another server is using it"), server:
            started.append(True)
        return replace(place, data)

    monkeypatch.setattr(state_file, "replace", replace_late)
    LocalService().save(path)
    with LocalService().persist(path):
        assert started == []


def test_only_temporary_files_of_killed_processes_are_removed(tmp_path: Path) -> None:
    import fcntl

    path = tmp_path / "state.json"
    left = [tmp_path / f".state.json.{name}.tmp" for name in ("abcdefgh", "01234_67")]
    others = [tmp_path / ".state.json.original", tmp_path / ".other.json.abcdefgh.tmp"]
    busy = tmp_path / ".state.json.inuseabc.tmp"
    for each in (*left, *others, busy):
        each.write_text("{")
    with busy.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with LocalService().persist(path):
            assert sorted(tmp_path.iterdir()) == sorted([path, *others, busy])
        for each in left:
            each.write_text("{")
        LocalService().save(path)
        assert sorted(tmp_path.iterdir()) == sorted([path, *others, busy])


# Other processes


PREPARATION = """
from pathlib import Path
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._persistence import state_file
"""

FRAME = (
    PREPARATION
    + """
import json, os, signal, sys, warnings

# Python warns of a fork of a process with threads.
warnings.simplefilter("ignore", DeprecationWarning)
write, path = os.write, Path(sys.argv[1])

def create(alias):
    request = {"Alias": alias, "Type": "PERSONAL", "Plan": {"Stages": []}}
    status = service.handle("SSMContacts.CreateContact", {}, json.dumps(request).encode()).status
    write(1, f"{alias} {status}\\n".encode())

service = LocalService()
"""
)


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Interpreter]:
    # The service loads the service model.
    with Interpreter(PREPARATION + "LocalService()") as started:
        yield started


def test_a_context_that_is_never_left_ends_quietly_with_python(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    program = """
import contextlib

class App:
    def __init__(self):
        self.stack, self.itself = contextlib.ExitStack(), self
        self.stack.enter_context(service.persist(path))

# A module is among the last things that end.
sys.modules["app"] = App()
create("akuam")
os.dup2(1, 2)
"""
    # The end of Python needs an interpreter of its own.
    ended = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", FRAME + program, str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert ended.stdout == "akuam 200\n"
    assert [contact.alias for contact in loaded(path).client().contacts.list()] == ["akuam"]


def test_a_fork_does_not_write_to_the_file(interpreter: Interpreter, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    program = """
with service.persist(path):
    create("akuam")
    if not (child := os.fork()):
        create("child")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    create("alejr")
"""
    ended = interpreter.run(FRAME + program, [str(path)])
    assert ended == Ended(0, "akuam 200\nchild 500\nalejr 200\n", "")
    assert aliases(loaded(path)) == ["akuam", "alejr"]


def test_a_fork_does_not_hold_the_lock_after_its_parent_was_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "state.json"
    program = """
with service.persist(path):
    create("akuam")
    if not os.fork():
        write(1, b"forked\\n")
        # It ends when the test closes its input.
        sys.stdin.read()
        os._exit(0)
    signal.pause()
"""
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", FRAME + program, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert [parent.stdout.readline() for _ in range(2)] == ["akuam 200\n", "forked\n"]
        second = LocalService().persist(path)
        with pytest.raises(StateFileError, match="another server is using it"), second:
            pass
        parent.kill()
        parent.wait()
        # The child is still running.
        service = LocalService()
        with service.persist(path):
            assert aliases(service) == ["akuam"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step", ["os.link", "Path.unlink", "Path.replace", "os.fsync", "os.write", "os.ftruncate"]
)
def test_a_kill_at_any_step_of_writing_loses_nothing_and_leaves_no_files(
    interpreter: Interpreter, step: str, when: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    program = """
owner, name = sys.argv[2].split(".")
owner, nth = {"os": os, "Path": Path}[owner], int(sys.argv[4])
done, calls = getattr(owner, name), []

def kill(*given, **named):
    calls.append(name)
    if len(calls) == nth and sys.argv[3] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = done(*given, **named)
    if len(calls) == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, kill)
state_file._LEAST_RECORDS = 0
with service.persist(path):
    for number in range(30):
        create(f"c{number:02}")
"""
    for nth in (1, 4):
        ended = interpreter.run(FRAME + program, [str(path), step, when, str(nth)])
        assert ended.code in {-signal.SIGKILL, 0}
        assert ended.code or nth > 1 or step == "os.ftruncate"
        lines = ended.out.split("\n")[:-1]
        responded = [line.split()[0] for line in lines if line.endswith(" 200")]
        service = LocalService()
        with service.persist(path):
            assert list(tmp_path.iterdir()) == [path]
            # One more may have been written before its response was sent.
            found = aliases(service)
            assert found[: len(responded)] == responded
            assert len(found) <= len(responded) + 1
        path.unlink()


def test_a_client_gets_an_error_if_the_file_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    service = LocalService()
    client = service.client()
    akua = Contact(alias="akuam", type=ContactType.PERSONAL)
    with service.persist(path):
        with full_disk(path, 10), pytest.raises(InternalServerError, match="cannot be written"):
            client.contacts.create(akua)
        # Its token was not recorded.
        assert client.contacts.create(akua).alias == "akuam"
