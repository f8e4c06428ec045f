"""Random accounts: people, plans, channels, rotations, schedules and escalation plans.

They follow from a seed: hypothesis would mostly draw empty accounts, in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from arns import channel_arn, contact_arn, rotation_arn
from attrs import frozen
from sentinels import phone_number

from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

PEOPLE = ("p0", "p1", "p2", "p3")
# A person who is deleted after an override may have named them.
GUEST = "guest"
Response = Mapping[str, Any]


@frozen
class RandomAccount:
    """Four people, two rotations with overrides, two schedules and an escalation plan.

    Some plans name what does not exist, or what they must not name. An override may put somebody
    on call whose contact was deleted, or deleted and created again as an escalation plan.
    """

    random: Random

    @classmethod
    def of(cls, seed: int) -> RandomAccount:
        return cls(Random(seed))  # noqa: S311 - the same for each seed

    def load_into(self, service: LocalService) -> None:
        responses = [response for alias in PEOPLE for response in self._person(alias)]
        responses += [self._rotation("r0"), self._rotation("r1")]
        responses += [self._schedule("s0", "r0"), self._schedule("s1", "r0", "r1")]
        responses.append(self._contact("e", "ESCALATION", Stages=self._stages(self._somebody)))
        service.load_resources(*responses)
        service.load_resources(self._contact(GUEST, "PERSONAL"))
        for _ in range(self.random.randrange(3)):
            self._override(service, self._some_people(least=0))
        if self.random.random() < 0.2:
            self._override(service, [contact_arn(GUEST), *self._some_people(least=0)])
        service.boto3_client().delete_contact(ContactId=contact_arn(GUEST))
        if self.random.random() < 0.5:
            service.load_resources(self._contact(GUEST, "ESCALATION"))

    def _override(self, service: LocalService, people: Sequence[str]) -> None:
        start = DEFAULT_START + timedelta(hours=self.random.randrange(30))
        service.boto3_client().create_rotation_override(
            RotationId=rotation_arn(self.random.choice(["r0", "r1"])),
            NewContactIds=people,
            StartTime=start,
            EndTime=start + timedelta(hours=self.random.randint(1, 20)),
        )

    def contact_to_engage(self) -> str:
        return contact_arn(self.random.choice(["e", "e", "e", "s0", "s1", "p0"]))

    def _contact(self, alias: str, kind: str, **plan: object) -> Response:
        return {"ContactArn": contact_arn(alias), "Alias": alias, "Type": kind, "Plan": plan}

    def _person(self, alias: str) -> Sequence[Response]:
        def channel_target() -> Response:
            if self.random.random() < 0.1:
                # A person's plan engages no contacts.
                return self._contact_target(contact_arn(self.random.choice(PEOPLE)), essential=True)
            # Channel 2 does not exist, as if it was deleted.
            channel = channel_arn(alias, self.random.choice([0, 0, 1, 1, 2]))
            retry = self.random.randrange(5)
            info = {"ContactChannelId": channel, "RetryIntervalInMinutes": retry}
            return {"ChannelTargetInfo": info}

        channels = [
            {
                "ContactArn": contact_arn(alias),
                "ContactChannelArn": channel_arn(alias, number),
                "Name": f"{alias} {number}",
                "Type": "SMS",
                "DeliveryAddress": {"SimpleAddress": phone_number(number)},
                "ActivationStatus": self.random.choice(["ACTIVATED", "ACTIVATED", "NOT_ACTIVATED"]),
            }
            for number in range(2)
        ]
        return [self._contact(alias, "PERSONAL", Stages=self._stages(channel_target)), *channels]

    def _stages(self, target: Callable[[], Response]) -> Sequence[Response]:
        stages: list[Response] = []
        for _ in range(self.random.randint(1, 3)):
            targets = [target() for _ in range(self.random.choice([0, 1, 1, 2]))]
            # A stage without targets lasts at least a minute.
            minutes = self.random.randint(0 if targets else 1, 12)
            stages.append({"DurationInMinutes": minutes, "Targets": targets})
        return stages

    def _somebody(self) -> Response:
        if self.random.random() < 0.05:
            # An escalation plan engages no channels.
            return {
                "ChannelTargetInfo": {
                    "ContactChannelId": channel_arn(self.random.choice(PEOPLE), 0)
                }
            }
        # One of them does not exist, and one is the escalation plan itself.
        alias = self.random.choice([*PEOPLE, "s0", "s1", "s1", "nobody", "e"])
        return self._contact_target(contact_arn(alias), essential=self.random.random() < 0.3)

    def _contact_target(self, arn: str, *, essential: bool) -> Response:
        return {"ContactTargetInfo": {"ContactId": arn, "IsEssential": essential}}

    def _some_people(self, *, least: int) -> list[str]:
        return [
            contact_arn(self.random.choice(PEOPLE)) for _ in range(self.random.randint(least, 3))
        ]

    def _rotation(self, name: str) -> Response:
        hours = self.random.sample(range(24), self.random.randint(1, 2))
        recurrence: dict[str, Any] = {
            "NumberOfOnCalls": self.random.randint(1, 2),
            "RecurrenceMultiplier": self.random.randint(1, 2),
            "DailySettings": [{"HourOfDay": hour, "MinuteOfHour": 30} for hour in hours],
        }
        if self.random.random() < 0.3:
            start, end = ({"HourOfDay": hour, "MinuteOfHour": 0} for hour in (7, 19))
            times = [{"Start": start, "End": end}]
            recurrence["ShiftCoverages"] = {"MON": times, "TUE": times}
        return {
            "RotationArn": rotation_arn(name),
            "Name": name,
            "ContactIds": self._some_people(least=1),
            "StartTime": DEFAULT_START - timedelta(days=1),
            "TimeZoneId": "Europe/Berlin",
            "Recurrence": recurrence,
        }

    def _schedule(self, alias: str, *names: str) -> Response:
        arns = [rotation_arn(name) for name in names]
        return self._contact(alias, "ONCALL_SCHEDULE", RotationIds=arns)
