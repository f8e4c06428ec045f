"""Users can derive classes from values; the service does not know the fields that those add."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any, Literal

import attrs
import pytest
from arns import channel_arn
from rejecting import violations_of

from ssm_contacts_sdk import (
    ChannelTarget,
    Contact,
    ContactRecord,
    ContactsClient,
    Recurrence,
    RetryPolicy,
    ShiftCoverage,
    Stage,
    from_response,
    to_kwargs,
)

SMS = channel_arn("akuam", "beb25840")
RESPONSE: dict[str, object] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


class Person(Contact):
    """A class with a method of its own."""

    def initial(self) -> str:
        return self.alias[0]


@attrs.frozen(kw_only=True)
class Employee(Contact):
    """A class with a field of its own, whose annotation is a str in this module."""

    team: Literal["web", "data"] | dict[str, int] = "web"


@attrs.frozen(kw_only=True)
class Unchecked(Contact):
    """A class that declares a field again, without its rules."""

    alias: Any


@attrs.frozen(kw_only=True)
class NamedPolicy(RetryPolicy):
    name: Any = None


class Weekday(ShiftCoverage):
    pass


CLASSES: list[Callable[..., Contact]] = [Person, Employee, Unchecked]


@pytest.mark.parametrize("kind", CLASSES)
def test_an_instance_of_a_subclass_is_checked_and_sent_as_what_it_derives_from(
    kind: Callable[..., Contact],
) -> None:
    person = kind(alias="akuam", type="PERSONAL")
    assert to_kwargs(person) == RESPONSE
    client = ContactsClient.local()
    created = client.contacts.create(person)
    assert type(created) is ContactRecord
    assert client.contacts.get(created) == created
    for found in (copy.deepcopy(person), pickle.loads(pickle.dumps(person))):  # noqa: S301 - our own
        assert found == person
    assert violations_of(lambda: kind(alias="Akua", type=5)) == [
        ("alias", "wrong_characters"),
        ("type", "wrong_type"),
    ]


def test_an_additional_field_is_neither_checked_nor_lost() -> None:
    employee: Any = Employee(alias="akuam", type="PERSONAL", team={"web": 5})
    assert attrs.evolve(employee, display_name="Akua").team == {"web": 5}
    assert NamedPolicy(attempts=3, name=[5]).name == [5]
    assert violations_of(lambda: NamedPolicy(attempts=0)) == [("attempts", "too_small")]


def test_a_response_is_read_as_a_subclass_unless_it_has_additional_fields() -> None:
    person = from_response(Person, RESPONSE)
    assert person.initial() == "a"
    assert from_response(Employee, RESPONSE) == Contact(alias="akuam", type="PERSONAL")


def test_targets_and_coverages_can_be_instances_of_subclasses() -> None:
    # Type checkers do not allow it for targets.
    kind: Any = type("Phone", (ChannelTarget,), {})
    phone, sms = kind(contact_channel_id=SMS), ChannelTarget(contact_channel_id=SMS)
    sent = [to_kwargs(Stage(duration_in_minutes=1, targets=[each])) for each in (phone, sms)]
    assert sent[0] == sent[1]
    days = [Weekday("TUE", []), Weekday("MON", [])]
    ordered = Recurrence.daily("09:00", coverage=days).shift_coverages
    assert [str(each.day_of_week) for each in ordered or ()] == ["MON", "TUE"]
