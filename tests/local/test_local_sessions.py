"""Embedded clients are created in little time, and share nothing that can be changed."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, cast

import pytest
from botocore import register_initializer, unregister_initializer
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.hooks import HierarchicalEmitter
from botocore.session import Session

from ssm_contacts_sdk import Contact, ContactsClient, ContactType
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._sessions import new_session


def events_of_a_client(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of the events while an embedded client is created, called and documented."""
    names: set[str] = set()
    for method in ("emit", "emit_until_response"):
        original = getattr(HierarchicalEmitter, method)

        def record(self: Any, event_name: str, _original: Any = original, **named: Any) -> Any:
            names.add(event_name)
            return _original(self, event_name, **named)

        monkeypatch.setattr(HierarchicalEmitter, method, record)
    client: Any = LocalService().boto3_client()
    client.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
    client.generate_presigned_url("list_contacts")
    list(client.get_paginator("list_contacts").paginate())
    with pytest.raises(AttributeError):
        _ = client.nothing
    assert inspect.getdoc(client.create_contact)
    return names


def handlers_of(events: Any, name: str) -> list[Any]:
    return list(events._emitter._handlers.prefix_search(name))


def test_a_session_has_the_handlers_of_botocore_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = events_of_a_client(monkeypatch)
    assert any(name.startswith("before-send.ssm-contacts") for name in names)
    assert any(name.startswith("docs.") for name in names)
    embedded, plain = new_session(), Session()
    found = 0
    for name in names:
        expected = handlers_of(plain.get_component("event_emitter"), name)
        assert handlers_of(embedded.get_component("event_emitter"), name) == expected
        found += len(expected)
    # Otherwise this would prove nothing.
    assert found > 10


def count(calls: list[str], name: str) -> Any:
    def handler(**_: object) -> None:
        calls.append(name)

    return handler


@pytest.mark.parametrize("event", ["before-call", "before-call.ssm-contacts.ListContacts"])
def test_handlers_that_a_library_adds_to_those_of_botocore_are_used(event: str) -> None:
    before, calls = LocalService().client(), list[str]()
    added = [
        (event, count(calls, "last"), REGISTER_LAST),
        (event, count(calls, "middle")),
        (event, count(calls, "first"), REGISTER_FIRST),
        ("before-call.s3", count(calls, "s3")),
    ]
    handlers = cast("list[Any]", BUILTIN_HANDLERS)
    handlers.extend(added)
    try:
        client = LocalService().client()
    finally:
        del handlers[-len(added) :]
    list(client.contacts.list())
    assert calls == ["first", "middle", "last"]
    after = LocalService().client()
    for other in (before, after):
        list(other.contacts.list())
    assert len(calls) == 3


def test_initializers_of_sessions_run_for_each_client_and_change_only_its_session() -> None:
    sessions, calls = list[Session](), list[str]()

    def initialize(session: Session) -> None:
        sessions.append(session)
        session.register("before-call", count(calls, f"session {len(sessions)}"))

    register_initializer(initialize)
    try:
        clients = [ContactsClient.local() for _ in range(2)]
    finally:
        unregister_initializer(initialize)
    for client in (*clients, ContactsClient.local()):
        list(client.contacts.list())
    assert calls == ["session 1", "session 2"]


def test_clients_share_no_handlers_settings_or_credentials() -> None:
    service, calls = LocalService(), list[str]()
    first, second = service.client(), service.client()
    events = first.boto3_client.meta.events
    events.register("before-call.ssm-contacts", count(calls, "first"))
    list(second.contacts.list())
    assert calls == []
    raw: list[Any] = [first.boto3_client, second.boto3_client]
    for attribute in ("_endpoint", "_client_config", "_request_signer", "_cache", "meta"):
        assert getattr(raw[0], attribute) is not getattr(raw[1], attribute)
    assert raw[0]._request_signer._credentials is not raw[1]._request_signer._credentials
    assert raw[0]._endpoint.http_session is not raw[1]._endpoint.http_session
    assert type(raw[0]) is not type(raw[1])


def test_a_client_of_another_service_is_not_affected_by_a_change_of_a_class() -> None:
    first, second = LocalService().client(), LocalService().client()
    cast("Any", type(first.boto3_client)).list_contacts = None
    second.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    assert [contact.alias for contact in second.contacts.list()] == ["akuam"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "missing"),
        ("AWS_CONFIG_FILE", "[damaged"),
        ("AWS_SHARED_CREDENTIALS_FILE", "[damaged"),
        ("AWS_DEFAULTS_MODE", "nonsense"),
        ("AWS_ENDPOINT_URL_SSM_CONTACTS", "https://contacts.example.com"),
    ],
)
def test_settings_of_the_machine_do_not_matter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    if name.endswith("_FILE"):
        (tmp_path / "file").write_text(value)
        value = str(tmp_path / "file")
    monkeypatch.setenv(name, value)
    client = LocalService().client()
    assert list(client.contacts.list()) == []
    assert client.boto3_client.meta.endpoint_url == "https://embedded.invalid"
