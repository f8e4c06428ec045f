"""Requests of the largest size: they need little memory, and do not block others."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from amounts import amount
from arns import contact_arn
from sentinels import PHONE

from ssm_contacts_sdk import Rates
from ssm_contacts_sdk.local import LocalService, internal_error
from ssm_contacts_sdk.local._contract import Contract, contract
from ssm_contacts_sdk.local._validation import Violations

IS_LONG = amount(quick=0, long=1) > 0
ROOT = Path(__file__).parents[2]
LARGEST = 1024 * 1024
PATIENCE = 60.0
ARN = contact_arn("akuam")


def filled(head: bytes, item: bytes, tail: bytes) -> bytes:
    """Return a body with as many of `item` as the server accepts."""
    count = (LARGEST - len(head) - len(tail)) // (len(item) + 1)
    return head + b",".join([item] * count) + tail


STAGES = b'{"Alias":"a","Type":"PERSONAL","Plan":{"Stages":['
TARGETS = STAGES + b'{"DurationInMinutes":1,"Targets":['
BODIES: dict[str, bytes] = {
    "stages": filled(STAGES, b"{}", b"]}}"),
    "numbers for targets": filled(TARGETS, b"1", b"]}]}}"),
    "empty targets": filled(TARGETS, b"{}", b"]}]}}"),
    "tags": filled(STAGES + b']},"Tags":[', b'{"Key":"!"}', b"]}"),
    "nulls": filled(STAGES, b"null", b"]}}"),
    "good stages": filled(STAGES, b'{"DurationInMinutes":1,"Targets":[]}', b"]}}"),
    "an alias": b'{"Alias":"' + b"!" * (LARGEST - 60) + b'","Type":"PERSONAL","Plan":{}}',
    "unknown members": b"{" + filled(b'"X":[', b"{}", b"]") + b"}",
}
SHORT = ("stages", "numbers for targets", "tags")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, int]]:
    """The process id and the port of the real command."""
    command = [sys.executable, "-m", "ssm_contacts_sdk.local", "--port", "0", "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own code
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        watch = threading.Timer(PATIENCE * (20 if IS_LONG else 1), process.kill)
        watch.start()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found is not None
        yield process.pid, int(found[1])
        watch.cancel()
        process.terminate()


def send(port: int, operation: str, body: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/", body, {"X-Amz-Target": f"SSMContacts.{operation}"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def peak_kib(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux reports the memory")
@pytest.mark.parametrize("name", BODIES if IS_LONG else SHORT)
def test_the_largest_requests_need_little_memory_and_get_a_short_response(
    server: tuple[int, int], name: str
) -> None:
    pid, port = server
    before = peak_kib(pid)
    for operation in sorted(contract().operations) if IS_LONG else ["CreateContact"]:
        status, body = send(port, operation, BODIES[name])
        # These members are unknown to most operations, and some operations need none.
        assert status in ({400} if operation == "CreateContact" else {200, 400})
        assert len(body) < 64 * 1024
    # The parsed body takes about 40 MiB of it.
    assert peak_kib(pid) - before < 128 * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux reports the memory")
def test_rejected_requests_do_not_stay_in_memory(server: tuple[int, int]) -> None:
    pid, port = server
    for operation in ("CreateContact", "Nonsense"):
        send(port, operation, BODIES["stages"])
    before = peak_kib(pid)
    for _ in range(amount(quick=5, long=20)):
        send(port, "CreateContact", BODIES["stages"])
        send(port, "Nonsense", BODIES["stages"])
    # One such parsed body is 20 MiB.
    assert peak_kib(pid) - before < 64 * 1024


# The order of checks


def handled(service: LocalService, operation: str, **body: object) -> dict[str, Any]:
    response = service.handle(f"SSMContacts.{operation}", {}, json.dumps(body).encode())
    members: dict[str, Any] = json.loads(response.body)
    return members


def test_other_requests_are_handled_while_one_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    service = LocalService()
    judge = Contract.validate_request
    begun, go_on = threading.Event(), threading.Event()

    def slowly(
        self: Contract, operation: str, body: dict[str, object]
    ) -> tuple[dict[str, Any], Violations]:
        if operation == "CreateContact":
            begun.set()
            assert go_on.wait(PATIENCE)
        return judge(self, operation, body)

    monkeypatch.setattr(Contract, "validate_request", slowly)
    results: list[dict[str, Any]] = []
    created = threading.Thread(
        target=lambda: results.append(
            handled(service, "CreateContact", Alias="akuam", Type="PERSONAL", Plan={})
        )
    )
    created.start()
    assert begun.wait(PATIENCE)
    listed: list[dict[str, Any]] = []
    other = threading.Thread(target=lambda: listed.append(handled(service, "ListContacts")))
    other.start()
    other.join(PATIENCE / 3)
    was_answered = not other.is_alive()
    go_on.set()
    created.join()
    other.join()
    assert was_answered
    assert listed == [{"Contacts": []}]
    assert results == [{"ContactArn": ARN}]
    assert [request.operation for request in service.requests] == ["ListContacts", "CreateContact"]


INVALID: dict[str, Callable[[LocalService], dict[str, Any]]] = {
    "ValidationException": lambda service: handled(service, "DeleteContact", ContactId="x"),
    "SerializationException": lambda service: handled(service, "DeleteContact", ContactId=1),
}


@pytest.mark.parametrize("code", INVALID)
def test_faults_come_before_validation(code: str) -> None:
    service = LocalService()
    service.faults.add(internal_error())
    service.faults.add(internal_error(commit=True), nth=2)
    # With or without commit: an invalid request is not carried out.
    for expected in ("InternalServerException", "InternalServerException", code):
        assert INVALID[code](service)["__type"] == expected
    assert [request.error for request in service.requests] == [
        "InternalServerException",
        code,
        code,
    ]


@pytest.mark.parametrize("code", INVALID)
def test_rates_come_before_validation(code: str) -> None:
    service = LocalService(rates=Rates())
    # An invalid request counts for the rate.
    assert INVALID[code](service)["__type"] == code
    assert INVALID[code](service)["__type"] == "ThrottlingException"


def test_an_unknown_operation_has_no_faults_and_no_rate() -> None:
    service = LocalService(rates=Rates())
    service.faults.add(internal_error(), times=None)
    for _ in range(30):
        assert handled(service, "Nonsense")["__type"] == "UnknownOperationException"


def test_an_exception_in_validation_is_an_internal_error_unless_a_fault_comes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError(PHONE)

    monkeypatch.setattr(Contract, "validate_request", broken)
    service = LocalService()
    said = handled(service, "ListContacts")
    assert said["__type"] == "InternalServerException"
    assert "KeyError in test_local_large_requests.py, line " in said["Message"]
    assert PHONE not in said["Message"]
    service.faults.add(internal_error())
    assert (
        handled(service, "ListContacts")["Message"]
        == "A rule of fault injection made this request fail."
    )


def test_an_invalid_request_uses_no_token() -> None:
    service = LocalService()
    body: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "IdempotencyToken": "t" * 36}
    assert handled(service, "CreateContact", **body)["__type"] == "ValidationException"
    assert handled(service, "CreateContact", **body, Plan={}) == {"ContactArn": ARN}
