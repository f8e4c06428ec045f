from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPConnection
from random import Random
from typing import TYPE_CHECKING, Any

from amounts import amount
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from fuzzing import MODEL, PREFIX, Requests, Sent

from ssm_contacts_sdk.local import LocalService, Quotas
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._server.http import serve

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

COUNT = amount(quick=1_000, long=20_000)
"""How many requests are sent over each transport."""
SEED = 44
"""With this seed, 750 requests reach every kind of response. Most seeds need twice as many."""

# Errors of every operation, besides those of its model.
ANY_TIME = {"ValidationException", "SerializationException"}


def through_botocore(client: SSMContactsClient, sent: Sent) -> tuple[int, bytes]:
    """Send a request that botocore would not create through its event, and return the response."""
    headers = HTTPHeaders.from_pairs([("X-Amz-Target", sent.target)])
    prepared = AWSPreparedRequest("POST", "https://x/", headers, sent.body, stream_output=False)
    results: list[tuple[object, object]] = client.meta.events.emit(
        "before-send.ssm-contacts.GetContact", request=prepared
    )
    (response,) = [each for _, each in results if each is not None]
    assert isinstance(response, AWSResponse)
    return response.status_code, response.content


def over_http(connection: HTTPConnection, sent: Sent) -> tuple[int, bytes]:
    # http.client itself rejects characters that would break the header.
    connection.request("POST", "/", sent.body, {"X-Amz-Target": sent.target.replace("\x7f", "")})
    response = connection.getresponse()
    return response.status, response.read()


def judge(sent: Sent, status: int, body: bytes) -> str:
    """Check a response against AWS's model, and return its kind."""
    response: Mapping[str, Any] = json.loads(body)
    operation = sent.target.removeprefix(PREFIX)
    if status == 200:
        _, found = contract().validate_response(operation, response, ())
        violations = found.kept
        if operation == "ListPreviewRotationShifts":
            # Its members are any strings, which AWS's model of a shift does not allow.
            violations = [each for each in violations if "arn:" not in each.rule]
        if operation == "GetRotation":
            # Our assumption: it is left out if the rotation was created without it.
            violations = [each for each in violations if each.path != ("StartTime",)]
        assert [each.message for each in violations] == []
        return "done"
    assert status == 400, (sent, body)
    code = response["__type"]
    assert isinstance(response["Message"], str)
    if code == "UnknownOperationException":
        assert sent.target not in {PREFIX + name for name in MODEL.operation_names}
        return str(code)
    errors = {shape.name: shape for shape in MODEL.operation_model(operation).error_shapes}
    assert code in {*errors, *ANY_TIME}
    if code in errors:
        assert set(errors[code].required_members) <= set(response)
    return str(code)


def test_both_transports_respond_as_the_model_defines() -> None:
    within, behind = (LocalService(quotas=Quotas(contacts=20, rotations=10)) for _ in range(2))
    client = within.boto3_client()
    stream = Requests(Random(SEED))  # noqa: S311 - the same in every run
    kinds: Counter[str] = Counter()
    done: set[str] = set()
    with serve(behind) as server:
        connection = HTTPConnection(server.host, server.port, timeout=30)
        for number in range(COUNT):
            sent = stream.next()
            status, body = through_botocore(client, sent)
            assert over_http(connection, sent) == (status, body)
            kinds[judge(sent, status, body)] += 1
            if status == 200:
                done.add(sent.target.removeprefix(PREFIX))
            stream.learn(sent, body)
            if number % 50 == 0:
                minutes = stream.random.choice([0, 1, 7, 60])
                within.clock.advance(minutes=minutes)
                behind.clock.advance(minutes=minutes)
                stream.messages = within.outbox[-20:]
        connection.close()
    assert within.outbox == behind.outbox
    assert len(within.requests) == COUNT
    # The requests reached every kind of response.
    assert done == set(MODEL.operation_names)
    assert kinds.keys() == {
        "done",
        "ConflictException",
        "ResourceNotFoundException",
        "SerializationException",
        "ServiceQuotaExceededException",
        "UnknownOperationException",
        "ValidationException",
    }
    assert {message.kind for message in within.outbox} == {"activation", "page"}
