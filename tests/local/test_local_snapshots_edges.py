"""Snapshots and state files in unusual situations."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
from arns import channel_arn, contact_arn, rotation_arn
from scenarios import Scenario, stage, to_channel, to_contact
from sentinels import PHONE

from ssm_contacts_sdk import Channel, Contact, ContactType, StateFileError
from ssm_contacts_sdk.local import LocalService

Again = Callable[[LocalService, Path], LocalService]


def loaded(service: LocalService, home: Path) -> LocalService:
    service.save(home / "state.json")
    again = LocalService()
    again.load(home / "state.json")
    return again


def restored(service: LocalService, home: Path) -> LocalService:
    again = LocalService()
    again.restore(service.snapshot())
    return again


def written(service: LocalService, path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write a valid file with an edited state."""
    service.save(path)
    envelope = json.loads(path.read_text())
    state_json = json.loads(envelope["kept"])
    change(state_json)
    text = json.dumps(state_json)
    check = blake2b(text.encode(), digest_size=16).hexdigest()
    path.write_text(json.dumps({**envelope, "kept": text, "check": check}))


# Plans with both arms


@pytest.mark.parametrize("again", [loaded, restored])
@pytest.mark.parametrize("kind", ["PERSONAL", "ESCALATION"])
def test_an_engagement_with_stages_and_rotations_continues_after_a_load(
    kind: str, again: Again, tmp_path: Path
) -> None:
    scenario = Scenario()
    scenario.person("akuam", 5, 5)
    targets = [to_channel("akuam", 1), to_channel("akuam", 2)]
    if kind == "ESCALATION":
        scenario.person("alejr", 0)
        targets = [to_contact("akuam", essential=False), to_contact("alejr")]
    stages = [stage(2, target) for target in targets]
    both = scenario.contact("both", kind, Stages=stages, RotationIds=[rotation_arn("gone")])
    scenario.engage(both)
    scenario.wait(1)
    other = Scenario(again(scenario.service, tmp_path))
    for each in (scenario, other):
        each.wait(60)
    assert other.service.outbox == scenario.service.outbox
    assert other.service.journal == scenario.service.journal
    assert [(each.channel_arn, each.sent_at) for each in scenario.sent()][-1][0] in {
        channel_arn("akuam", 2),
        channel_arn("alejr"),
    }
    assert other.client.contacts.get(both) == scenario.client.contacts.get(both)


# Loads that fail


@pytest.mark.parametrize("now", [1e12, 1e300, float("inf"), float("nan")])
def test_a_load_beyond_the_calendar_does_not_change_the_service(now: float, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    written(LocalService(), path, lambda state_json: state_json.update(now=now))
    scenario = Scenario()
    scenario.engage(scenario.person("akuam", 5, 5))
    scenario.wait(1)
    service = scenario.service
    before = (service.clock.now(), service.outbox, service.journal, service.requests)
    with pytest.raises(StateFileError, match="it is damaged"):
        service.load(path)
    assert (service.clock.now(), service.outbox, service.journal, service.requests) == before
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam"), (5, "akuam")]


def test_a_state_with_a_lone_surrogate_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    LocalService().save(path)
    envelope = json.loads(path.read_text())
    path.write_text(json.dumps({**envelope, "kept": envelope["kept"] + "\ud800"}))
    with pytest.raises(StateFileError, match="it is damaged"):
        LocalService().load(path)


# Paths


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
@pytest.mark.parametrize("how", [LocalService.save, LocalService.load])
def test_an_impossible_path_is_a_state_file_error(
    how: Callable[[LocalService, Path], None], name: str, tmp_path: Path
) -> None:
    service = LocalService()
    with pytest.raises(StateFileError) as caught:
        how(service, tmp_path / name)
    assert caught.value.path == str(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def linked(place: Path, to: Path) -> None:
    try:
        place.symlink_to(to)
    except OSError:
        pytest.skip("no links here")


@pytest.mark.parametrize("there", [True, False])
def test_save_follows_symbolic_links(there: bool, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    if there:
        (home / "state.json").write_text("old")
    linked(tmp_path / "second", Path("home") / "state.json")
    linked(tmp_path / "first", tmp_path / "second")
    service = LocalService()
    service.client().contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    service.save(tmp_path / "first")
    assert [(tmp_path / name).readlink() for name in ("first", "second")] == [
        tmp_path / "second",
        Path("home") / "state.json",
    ]
    assert sorted(each.name for each in tmp_path.rglob("*")) == [
        "first",
        "home",
        "second",
        "state.json",
    ]
    again = LocalService()
    again.load(home / "state.json")
    assert [each.alias for each in again.client().contacts.list()] == ["akuam"]


# What continues after a load


def test_the_transcript_starts_again_after_a_load(
    tmp_path: Path,
) -> None:
    scenario = Scenario()
    scenario.engage(scenario.person("akuam", 5))
    scenario.service.save(tmp_path / "state.json")
    before = scenario.service.transcript().splitlines()
    assert len(before) == 3
    other = Scenario()
    for number in range(7):
        other.client.contacts.create(Contact(alias=f"a{number}", type=ContactType.PERSONAL))
    other.service.load(tmp_path / "state.json")
    assert other.service.requests == ()
    # The journal from before the load stays, and no entry is lost.
    assert other.service.transcript().splitlines() == before[1:]
    akua = other.client.contacts.get(scenario.person("akuam", 5))
    other.engage(akua.arn)
    lines = other.service.transcript().splitlines()
    assert [line[26:] for line in lines[2:]] == [
        "GetContact  contact/akuam  200",
        "StartEngagement  contact/akuam  200",
        "  -> stage 1 of contact/akuam begins",
        "  -> page by SMS to contact-channel/akuam/1",
    ]
    assert other.service.transcript(skip=2) == ""


@pytest.mark.parametrize("seed", [0, 7])
def test_a_page_token_is_valid_after_a_load_with_another_seed(seed: int, tmp_path: Path) -> None:
    service = LocalService()
    for alias in ("a", "b", "c"):
        service.client().contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
    token = service.boto3_client().list_contacts(MaxResults=1).get("NextToken", "")
    service.save(tmp_path / "state.json")
    again = LocalService(seed=seed)
    again.load(tmp_path / "state.json")
    rest = again.boto3_client().list_contacts(NextToken=token)
    assert [each["Alias"] for each in rest["Contacts"]] == ["b", "c"]
    # Ids continue from the loaded state, not from the seed of this service.
    sms = Channel.sms("sms", PHONE)
    created = [
        each.client().channels.create(contact_arn("a"), sms, defer_activation=True)
        for each in (service, again)
    ]
    assert created[0].arn == created[1].arn
