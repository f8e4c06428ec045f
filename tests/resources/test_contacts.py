from __future__ import annotations

import copy
import json
from types import SimpleNamespace
from typing import Any

import pytest
from arns import channel_arn, contact_arn
from attrs import evolve
from rejecting import Wrong, assert_rejected, broken

from ssm_contacts_sdk import (
    AmbiguousNameError,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactSummary,
    ContactType,
    InvalidValueError,
    Plan,
    ResourceNotFoundError,
    ServiceQuotaExceededError,
    from_response,
)
from ssm_contacts_sdk.local import (
    Assumptions,
    Effect,
    LocalService,
    Quotas,
    raw_response,
    service_error,
)

SMS = channel_arn("akuam", "beb25840-5ac8-4644-95cc-7a8de390fa65")
AKUA = Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
PAGE_SMS = Plan.engagement().stage(minutes=5).channel(SMS, retry_minutes=1).build()


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(AKUA)


def last_body(service: LocalService) -> dict[str, Any]:
    return dict(service.requests[-1].body)


def test_create_returns_what_was_sent_with_its_arn_and_sends_one_request(
    service: LocalService, client: ContactsClient
) -> None:
    akua = client.contacts.create(evolve(AKUA, plan=PAGE_SMS))
    assert akua == ContactRecord(
        arn=contact_arn("akuam"),
        alias="akuam",
        display_name="Akua Mansa",
        type=ContactType.PERSONAL,
        plan=PAGE_SMS,
    )
    assert len(service.requests) == 1
    assert client.contacts.get(akua) == akua


def test_tags_are_sent_as_keys_and_values(service: LocalService, client: ContactsClient) -> None:
    client.contacts.create(AKUA, tags={"team": "web", "tier": "1"})
    assert last_body(service)["Tags"] == [
        {"Key": "team", "Value": "web"},
        {"Key": "tier", "Value": "1"},
    ]


def test_an_empty_mapping_of_tags_is_not_sent(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.create(AKUA, tags={})
    assert "Tags" not in last_body(service)


def test_create_ignores_the_arn_of_a_record(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    twin = client.contacts.create(evolve(akua, alias="twin"))
    assert twin.arn == contact_arn("twin")
    assert "ContactArn" not in last_body(service)


def test_escalations_and_schedules_are_contacts_too(client: ContactsClient) -> None:
    schedule = client.contacts.create(Contact(alias="oncall", type=ContactType.ONCALL_SCHEDULE))
    escalation = client.contacts.create(
        Contact(
            alias="web",
            type=ContactType.ESCALATION,
            plan=Plan.escalation().stage(minutes=5).contact(schedule, essential=True).build(),
        )
    )
    for contact in (schedule, escalation):
        assert client.contacts.get(contact) == contact


def test_update_changes_only_the_arguments_that_are_passed(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    client.contacts.update(akua, plan=PAGE_SMS)
    assert last_body(service).keys() == {"ContactId", "Plan"}
    client.contacts.update(akua.arn, display_name="")
    assert last_body(service) == {"ContactId": akua.arn, "DisplayName": ""}
    (summary,) = client.contacts.list()
    client.contacts.update(summary, display_name="Akua", plan=Plan())
    assert client.contacts.get(akua) == evolve(akua, display_name="Akua", plan=Plan())


def test_delete_deletes_a_contact(client: ContactsClient, akua: ContactRecord) -> None:
    client.contacts.delete(akua)
    with pytest.raises(ResourceNotFoundError) as caught:
        client.contacts.get(akua)
    assert (caught.value.resource_id, caught.value.resource_type) == (akua.arn, "contact")


def test_list_filters_by_prefix_and_type(client: ContactsClient, akua: ContactRecord) -> None:
    for alias, kind in (("alejr", ContactType.PERSONAL), ("all", ContactType.ESCALATION)):
        client.contacts.create(Contact(alias=alias, type=kind))

    def aliases(**filters: Any) -> list[str]:
        return [contact.alias for contact in client.contacts.list(**filters)]

    assert aliases() == ["akuam", "alejr", "all"]
    assert aliases(alias_prefix="al") == ["alejr", "all"]
    assert aliases(type=ContactType.PERSONAL) == ["akuam", "alejr"]
    assert aliases(type="ESCALATION", alias_prefix="al") == ["all"]
    first = next(client.contacts.list())
    assert first == ContactSummary(
        arn=akua.arn, alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL
    )


def test_a_used_up_quota_is_reported_with_its_code() -> None:
    client = LocalService(quotas=Quotas(contacts=0)).client()
    with pytest.raises(ServiceQuotaExceededError, match="raise quota L-7DD2017D") as caught:
        client.contacts.create(AKUA)
    assert caught.value.quota_code == "L-7DD2017D"


WRONG: Wrong = [
    ("contacts.create", ({"Alias": "akuam"},), {}, [("contact", "wrong_type")]),
    (
        "contacts.create",
        (AKUA,),
        {"tags": {"a:b": "", "ok": 1}, "idempotency_token": "é"},
        [
            ("tags[0].key", "wrong_characters"),
            ("tags[0].value", "too_short"),
            ("tags[1].value", "wrong_type"),
            ("idempotency_token", "wrong_characters"),
        ],
    ),
    ("contacts.create", (AKUA,), {"tags": ["team"]}, [("tags", "wrong_type")]),
    ("contacts.create", (AKUA,), {"idempotency_token": ""}, [("idempotency_token", "too_short")]),
    ("contacts.get", ("akuam",), {}, [("contact", "not_an_arn")]),
    ("contacts.get", (None,), {}, [("contact", "wrong_type")]),
    ("contacts.get", (SMS,), {}, [("contact", "wrong_kind_of_arn")]),
    ("contacts.delete", (7,), {}, [("contact", "wrong_type")]),
    ("contacts.update", (SMS,), {}, [("contact", "wrong_kind_of_arn"), ("", "missing")]),
    (
        "contacts.update",
        (contact_arn("akuam"),),
        {"display_name": "!", "plan": {"Stages": []}},
        [("display_name", "wrong_characters"), ("plan", "wrong_type")],
    ),
    (
        "contacts.list",
        (),
        {"alias_prefix": "", "type": "TEAM", "page_size": 0, "next_token": "é"},
        [
            ("alias_prefix", "too_short"),
            ("type", "unknown_choice"),
            ("page_size", "too_small"),
            ("next_token", "wrong_characters"),
        ],
    ),
    (
        "contacts.list",
        (),
        {"page_size": "7", "type": 7},
        [("type", "wrong_type"), ("page_size", "wrong_type")],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)


def test_a_plan_is_checked_against_the_type_of_a_record_or_summary(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    (summary,) = client.contacts.list()
    for contact in (akua, summary):
        with pytest.raises(InvalidValueError) as caught:
            client.contacts.update(contact, plan=Plan.on_call())
        assert broken(caught.value) == [("plan.rotation_ids", "misplaced")]
    assert len(service.requests) == 2


@pytest.mark.parametrize("wrong", ["plan", 5, [], {"Stages": []}])
def test_what_is_no_plan_is_not_checked_against_the_type_of_a_record(
    client: ContactsClient, akua: ContactRecord, wrong: Any
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.update(akua, plan=wrong)
    assert broken(caught.value) == [("plan", "wrong_type")]


def test_any_object_with_an_arn_is_a_reference(client: ContactsClient, akua: ContactRecord) -> None:
    reference: Any = SimpleNamespace(arn=akua.arn)
    client.contacts.update(reference, plan=PAGE_SMS)
    assert client.contacts.get(reference).plan == PAGE_SMS


def test_the_error_of_an_update_without_a_change_lists_what_to_pass(
    client: ContactsClient, akua: ContactRecord
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.update(akua)
    message = "contacts.update: nothing to update: pass display_name, plan or both"
    assert str(caught.value) == message


def test_a_record_that_breaks_a_rule_is_not_sent(
    service: LocalService, client: ContactsClient
) -> None:
    response: dict[str, Any] = {
        "ContactArn": contact_arn("akuam"),
        "Alias": "akuam",
        "Type": "PERSONAL",
        "Plan": {"Stages": [{"DurationInMinutes": 45, "Targets": []}]},
    }
    read = from_response(ContactRecord, response)
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.create(read)
    duration = "plan.stages[0].duration_in_minutes"
    assert broken(caught.value) == [(f"contact.{duration}", "too_large")]
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.update(read, plan=copy.copy(read.plan))
    assert broken(caught.value) == [(duration, "too_large")]
    schedule = evolve(read, type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.update(schedule, plan=read.plan)
    assert broken(caught.value) == [(duration, "too_large"), ("plan", "misplaced")]
    assert service.requests == ()


# Find by alias


def listed(*contacts: dict[str, str]) -> Effect:
    """Return the effect that ListContacts returns these contacts."""
    body = json.dumps({"Contacts": contacts}).encode()
    return raw_response(200, body, content_type="application/x-amz-json-1.1", request_id=True)


def test_find_returns_the_contact_with_the_whole_alias(client: ContactsClient) -> None:
    for number in range(30):
        client.contacts.create(evolve(AKUA, alias=f"akuam{number}"))
    akua = client.contacts.create(evolve(AKUA, alias="akuam", plan=PAGE_SMS))
    assert client.contacts.find("akuam") == akua
    assert client.contacts.find("akuam3") == client.contacts.get(contact_arn("akuam3"))
    assert client.contacts.find("akua") is None
    assert client.contacts.find("akuam31") is None


def test_find_reads_all_pages() -> None:
    client = LocalService(assumptions=Assumptions(page_size=1)).client()
    for alias in ("akuam-2", "akuam-3", "akuam"):
        client.contacts.create(evolve(AKUA, alias=alias))
    found = client.contacts.find("akuam")
    assert found is not None
    assert found.arn == contact_arn("akuam")


def test_find_of_a_contact_that_is_deleted_meanwhile_is_none(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    service.faults.add(service_error("ResourceNotFoundException", ""), operation="GetContact")
    assert client.contacts.find("akuam") is None


def test_find_reports_all_contacts_that_have_the_alias(
    service: LocalService, client: ContactsClient
) -> None:
    ours = {"ContactArn": contact_arn("akuam"), "Alias": "akuam", "Type": "PERSONAL"}
    theirs = {**ours, "ContactArn": ours["ContactArn"].replace("111122223333", "444455556666")}
    service.faults.add(listed(ours, theirs), operation="ListContacts")
    with pytest.raises(AmbiguousNameError) as caught:
        client.contacts.find("akuam")
    assert caught.value.name == "akuam"
    assert caught.value.arns == (ours["ContactArn"], theirs["ContactArn"])
    assert all(arn in str(caught.value) for arn in caught.value.arns)
    assert [request.operation for request in service.requests] == ["ListContacts"]


def test_find_accepts_a_list_that_contains_a_contact_twice(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    ours = {"ContactArn": akua.arn, "Alias": "akuam", "Type": "PERSONAL"}
    service.faults.add(listed(ours, ours), operation="ListContacts")
    assert client.contacts.find("akuam") == akua


@pytest.mark.parametrize("wrong", ["", "Akua", "a" * 256, None, 7, contact_arn("akuam")])
def test_find_takes_an_alias(service: LocalService, client: ContactsClient, wrong: Any) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.find(wrong)
    assert [each.path for each in caught.value.violations] == ["alias"]
    assert service.requests == ()
