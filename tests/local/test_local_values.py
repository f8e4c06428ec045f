"""Values of the embedded service can be pickled and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from scenarios import Scenario

from ssm_contacts_sdk import Rates, local
from ssm_contacts_sdk.local import Assumptions, LocalService, Quotas
from ssm_contacts_sdk.local._server.connection import Limits

scenario = Scenario()
scenario.engage(scenario.person("akuam", 5))

VALUES: dict[str, object] = {
    "Response": scenario.service.handle("SSMContacts.ListContacts", {}, b"{}"),
    "Assumptions": Assumptions(short_months="skip", page_size=7),
    "Limits": Limits(connections=3),
    "Message": scenario.service.outbox[-1],
    "JournalEntry": scenario.service.journal[-1],
    "Quotas": Quotas(contacts=3),
    "Request": scenario.service.requests[-1],
    "Snapshot": scenario.service.snapshot(),
    "connection_reset": local.connection_reset(),
    "delay": local.delay(3),
    "internal_error": local.internal_error(3, commit=True),
    "lost_response": local.lost_response(commit=False),
    "not_onboarded": local.not_onboarded(),
    "raw_response": local.raw_response(502, b"x"),
    "service_error": local.service_error("ConflictException", "x", {"ResourceId": "a"}),
    "throttle": local.throttle(3),
    "unreachable": local.unreachable(),
}
# Each belongs to one service, and has locks, threads or sockets.
NO_VALUES = {
    "Delivery",
    "Effect",
    "Faults",
    "LocalClock",
    "LocalServer",
    "LocalService",
    "StateFile",
}
WAYS: list[Callable[[Any], object]] = [
    copy.copy,
    copy.deepcopy,
    lambda value: pickle.loads(pickle.dumps(value)),  # noqa: S301 - it is ours
]


def test_every_public_name_is_covered_here() -> None:
    assert set(local.__all__) == (VALUES.keys() - {"Limits"}) | NO_VALUES


@pytest.mark.parametrize("way", WAYS, ids=["copy", "deepcopy", "pickle"])
@pytest.mark.parametrize("name", VALUES)
def test_a_value_can_be_copied_and_pickled(name: str, way: Callable[[Any], object]) -> None:
    value = VALUES[name]
    again = way(value)
    assert again == value
    assert type(again) is type(value)
    assert repr(again) == repr(value)


def test_a_pickled_snapshot_can_be_restored() -> None:
    snapshot = pickle.loads(pickle.dumps(scenario.service.snapshot()))  # noqa: S301 - it is ours
    service = LocalService()
    service.restore(snapshot)
    assert service.transcript() == scenario.service.transcript()


def test_pickled_rates_throttle_the_same() -> None:
    rates = pickle.loads(pickle.dumps(Rates({"GetContact": 2})))  # noqa: S301 - it is ours
    service = LocalService(rates=rates)
    codes = [
        service.handle("SSMContacts.GetContact", {}, b'{"ContactId":"x"}').error for _ in range(3)
    ]
    assert codes == ["ValidationException"] * 2 + ["ThrottlingException"]
