"""Random requests: some are valid by AWS's model, some are invalid, and some are not requests."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, cast

from arns import contact_arn
from attrs import define, field, frozen
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape
from sentinels import email_address, phone_number

from ssm_contacts_sdk.local import Message

MODEL = ServiceModel(
    cast("Mapping[str, Any]", Loader().load_service_model("ssm-contacts", "service-2"))
)
PREFIX = "SSMContacts."
_ODD = ["", " ", "\x00", "\ud800", "🚨" * 40, "a" * 3000, "é", "\u202e", "../../etc", "${jndi:x}"]
_JUNK: list[object] = [None, True, -1, 2**63, 1e308, "x", [], {}, [[]], {"": None}, 0.1, "\ud800"]
_TIMES = [
    0,
    1_736_154_000,
    1_736_154_000.5,
    1_736_240_400,
    1_767_000_000,
    -1,
    253_402_300_799,
    1e18,
]
_ZONES = ["UTC", "Europe/Berlin", "America/Chicago", "Pacific/Apia", "Mars/Phobos", "../passwd"]


@frozen
class Sent:
    """A request as it is sent."""

    target: str
    body: bytes


@define
class Requests:
    """An endless stream of requests that learns existing ARNs from the responses."""

    random: Random
    arns: list[str] = field(factory=list[str])
    tokens: list[str] = field(factory=list[str])
    overrides: list[tuple[str, str]] = field(factory=list[tuple[str, str]])
    """Rotations and ids."""
    messages: Sequence[Message] = ()
    """The latest messages to people."""

    def next(self) -> Sent:
        kind = self.random.random()
        if kind < 0.08:
            return self._broken()
        operation = self.random.choice(MODEL.operation_names)
        if operation.startswith(("Delete", "Deactivate")) and self.random.random() < 0.8:
            # If as many were deleted as created, there would be nothing to read.
            operation = self.random.choice(["CreateContact", "StartEngagement", "UpdateContact"])
        shape = cast("Shape", MODEL.operation_model(operation).input_shape)
        # Most requests are valid: an invalid one does not test what follows validation.
        body = self._value(shape, "", wrong=0.02 if kind < 0.3 else 0.0)
        if kind > 0.4 and isinstance(body, dict):
            self._make_sense(cast("dict[str, Any]", body))
            self._make_fit(operation, cast("dict[str, Any]", body))
        return Sent(PREFIX + operation, json.dumps(body).encode())

    def _make_sense(self, body: dict[str, Any]) -> None:
        """Adjust a request to rules of the service that the model does not contain."""
        random = self.random
        if "Plan" in body:
            body["Plan"] = self._plan(body.get("Type", "PERSONAL"))
        if "Recurrence" in body:
            kinds = ["DailySettings", "WeeklySettings", "MonthlySettings"]
            there = [kind for kind in kinds if body["Recurrence"].get(kind)]
            for kind in there[1:]:
                del body["Recurrence"][kind]
            if not there:
                daily = {"HourOfDay": random.randrange(24), "MinuteOfHour": 0}
                body["Recurrence"]["DailySettings"] = [daily]
            body["Recurrence"]["NumberOfOnCalls"] = random.randint(1, 3)
            body["TimeZoneId"] = random.choice(_ZONES[:4])
        if "DeliveryAddress" in body:
            number = random.randrange(10_000)
            email = body.get("Type", random.choice(["SMS", "EMAIL"])) == "EMAIL"
            address = email_address(str(number)) if email else phone_number(number)
            body["DeliveryAddress"] = {"SimpleAddress": address}
        if "EndTime" in body:
            body["StartTime"], body["EndTime"] = _TIMES[1], _TIMES[3]
        for tag in body.get("Tags", ()):
            tag.update(Key=random.choice("abc"), Value="x")

    def _make_fit(self, operation: str, body: dict[str, Any]) -> None:
        """Adjust members that only fit together."""
        random = self.random
        pages = [each for each in self.messages if each.page_arn is not None]
        codes = [each for each in self.messages if each.page_arn is None]
        if operation == "AcceptPage" and pages:
            page = random.choice(pages)
            body.update(PageId=page.page_arn, AcceptCode=page.code)
            body.pop("ContactChannelId", None)
        elif operation == "ActivateContactChannel" and codes:
            message = random.choice(codes)
            body.update(ContactChannelId=message.channel_arn, ActivationCode=message.code)
        elif operation == "PutContactPolicy":
            body["Policy"] = "{}"
        elif "RotationOverrideId" in body and self.overrides:
            body["RotationId"], body["RotationOverrideId"] = random.choice(self.overrides)

    def _plan(self, kind: str) -> dict[str, Any]:
        if kind == "ONCALL_SCHEDULE":
            return {"RotationIds": [arn for arn in self.arns if ":rotation/" in arn][-2:]}
        targets: list[dict[str, Any]] = [
            {"ChannelTargetInfo": {"ContactChannelId": arn, "RetryIntervalInMinutes": 1}}
            for arn in self.arns
            if kind == "PERSONAL" and ":contact-channel/" in arn
        ]
        targets += [
            {"ContactTargetInfo": {"ContactId": arn, "IsEssential": self.random.random() < 0.5}}
            for arn in self.arns
            if kind == "ESCALATION" and ":contact/" in arn
        ]
        chosen = self.random.sample(targets, min(2, len(targets)))
        return {"Stages": [{"DurationInMinutes": 5, "Targets": chosen}]}

    def learn(self, sent: Sent, body: bytes) -> None:
        """Remember the latest ARNs and tokens of a response."""
        response = json.loads(body)
        if "RotationOverrideId" in response:
            rotation = json.loads(sent.body)["RotationId"]
            self.overrides[:] = [*self.overrides[-5:], (rotation, response["RotationOverrideId"])]
        self._learn(response)

    def _learn(self, response: Any) -> None:
        if isinstance(response, dict):
            for name, value in cast("dict[str, Any]", response).items():
                if name == "NextToken":
                    self.tokens.append(value)
                self._learn(value)
        elif isinstance(response, list):
            for value in cast("Sequence[object]", response):
                self._learn(value)
        elif isinstance(response, str) and response.startswith("arn:aws:ssm-contacts"):
            of_this_kind = [arn for arn in self.arns if _kind(arn) == _kind(response)]
            if response in self.arns:
                self.arns.remove(response)
            elif len(of_this_kind) == _REMEMBERED:
                self.arns.remove(of_this_kind[0])
            self.arns.append(response)
        del self.tokens[:-20]

    def _broken(self) -> Sent:
        random = self.random
        target = random.choice(
            [
                "",
                PREFIX,
                PREFIX + "GetContact",
                PREFIX + "getcontact",
                PREFIX + "DropTables",
                "AmazonSSM.GetContact",
                PREFIX + random.choice(MODEL.operation_names),
            ]
        )
        body = random.choice(
            [
                b"",
                b"null",
                b"[]",
                b'"x"',
                b"{",
                b'{"ContactId": NaN}',
                b'{"ContactId": "\xff"}',
                b'{"ContactId": 1, "ContactId": 2}',
                b"[" * 100_000,
                b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
                b'{"MaxResults": ' + b"9" * 5_000 + b"}",
                b"\xef\xbb\xbf{}",
                random.randbytes(random.randrange(200)),
                json.dumps(random.choice(_JUNK)).encode(),
                json.dumps({"ContactId": random.choice(_JUNK)}).encode(),
            ]
        )
        return Sent(target, body)

    def _value(  # noqa: PLR0911 - one for each kind of shape
        self, shape: Shape, name: str, *, wrong: float
    ) -> object:
        random = self.random
        if random.random() < wrong:
            return random.choice(_JUNK)
        if isinstance(shape, StructureShape):
            needed = set(shape.required_members)
            kept = [each for each in shape.members if each in needed or random.random() < 0.4]
            if random.random() < wrong:
                kept = kept[1:]
            return {each: self._value(shape.members[each], each, wrong=wrong) for each in kept}
        if isinstance(shape, ListShape):
            count = random.choice([0, 1, 1, 2, 3, 31 if wrong else 2])
            return [self._value(shape.member, name, wrong=wrong) for _ in range(count)]
        if isinstance(shape, MapShape):
            keys = random.sample(["MON", "TUE", "SAT", "SUN", "XXX" if wrong else "FRI"], 2)
            return {key: self._value(shape.value, name, wrong=wrong) for key in keys}
        if isinstance(shape, StringShape):
            return self._text(shape, name, wrong=wrong)
        if shape.type_name == "boolean":
            return random.random() < 0.5
        if shape.type_name == "timestamp":
            return random.choice(_TIMES)
        least = int(shape.metadata.get("min", 0))
        most = int(shape.metadata.get("max", 20))
        return random.randint(least, most) + random.choice([0, 0, 0, 0, -1 if wrong else 0])

    def _text(  # noqa: PLR0911 - one for each kind of text
        self, shape: StringShape, name: str, *, wrong: float
    ) -> str:
        random = self.random
        if random.random() < wrong * 3:
            return random.choice(_ODD)
        if shape.enum:
            return random.choice(list(shape.enum))
        if name == "NextToken":
            return random.choice([*self.tokens, "x"])
        if name in ("ActivationCode", "AcceptCode"):
            return "123456"
        if shape.name in ("SsmContactsArn", "AmazonResourceName"):
            matching = [arn for arn in self.arns if _kind(arn) == _KINDS.get(name, _kind(arn))]
            return random.choice(matching or self.arns or [_NOBODY])
        if name == "TimeZoneId":
            return random.choice(_ZONES)
        if name == "SimpleAddress":
            return random.choice([phone_number(random.randrange(10_000)), "a@b.example"])
        if name == "RotationOverrideId":
            return f"{random.getrandbits(128):032x}"[:8] + "-0000-0000-0000-" + "0" * 12
        letters = string.ascii_lowercase[:4]
        return "".join(random.choice(letters) for _ in range(random.randint(1, 3)))


_NOBODY = contact_arn("nobody")
_REMEMBERED = 15
_KINDS = {
    "ContactId": "contact",
    "ContactIds": "contact",
    "ContactArn": "contact",
    "NewContactIds": "contact",
    "ContactChannelId": "contact-channel",
    "RotationId": "rotation",
    "RotationIds": "rotation",
    "EngagementId": "engagement",
    "PageId": "page",
}


def _kind(arn: str) -> str:
    return arn.split(":", 5)[-1].partition("/")[0]
