"""A state file of an earlier version, with an engagement that is running.

Names of classes and fields are part of the file's format: a file must not become unreadable
because the code renames them.
"""

from __future__ import annotations

from pathlib import Path
from shutil import copy

from ssm_contacts_sdk.local import LocalService

SAVED = Path(__file__).parent / "data" / "state_format_2.json"


def test_an_engagement_of_an_earlier_version_goes_on(service: LocalService) -> None:
    service.load(SAVED)
    (contact,) = service.boto3_client().list_contacts()["Contacts"]
    assert contact["Alias"] == "akuam"
    assert [message.kind for message in service.outbox] == ["activation", "page"]
    service.clock.advance(hours=1)
    assert [message.kind for message in service.outbox] == ["activation", *["page"] * 3]
    started, last = service.outbox[1].sent_at, service.outbox[-1].sent_at
    assert (last - started).total_seconds() == 600
    assert service.journal[-1].text.endswith(" has ended")


def test_a_server_continues_with_a_file_of_an_earlier_version(
    service: LocalService, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    copy(SAVED, path)
    with service.persist(path):
        service.clock.advance(minutes=7)
        assert len(service.outbox) == 3
    other = LocalService()
    other.load(path)
    other.clock.advance(hours=1)
    assert len(other.outbox) == 4
