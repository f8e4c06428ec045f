"""Putting resources into the service as they are, in the words of its own answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._records import Channel, Contact, Rotation
from ssm_contacts_sdk.local._rules import (
    recurrence_violation,
    time_zone_violation,
    without_empty_settings,
)
from ssm_contacts_sdk.local._state import State

# The member by which an answer is told from GetContact's, and whose answer it is.
_OPERATIONS: Mapping[str, str] = MappingProxyType(
    {"ContactChannelArn": "GetContactChannel", "RotationArn": "GetRotation"}
)
_UNKNOWN = "must name a contact that is there or is given in the same call"


def load_resources(state: State, responses: Iterable[Mapping[str, object]]) -> None:
    """Keep what GetContact, GetContactChannel and GetRotation answered; all of it or nothing.

    The rules of plans and addresses and the quotas do not apply: what AWS has answered is there.
    Those of rotations do, for nobody could say who is on call. Our assumption: a rotation without a
    StartTime goes into effect now.
    """
    loading = _Loading(state)
    for index, response in enumerate(responses):
        loading.read(index, response)
    loading.check_references()
    if loading.violations:
        raise InvalidValueError("LocalService.load_resources", loading.violations)
    state.contacts.update(loading.contacts)
    for _, channel in loading.channels:
        state.load_channel(channel)
    for _, rotation in loading.rotations:
        state.load_rotation(rotation)


@frozen
class _Loading:
    state: State
    contacts: dict[str, Contact] = field(factory=dict[str, Contact], init=False)
    channels: list[tuple[str, Channel]] = field(factory=list[tuple[str, Channel]], init=False)
    rotations: list[tuple[str, Rotation]] = field(factory=list[tuple[str, Rotation]], init=False)
    violations: list[Violation] = field(factory=list[Violation], init=False)
    broken: set[str] = field(factory=set[str], init=False)
    """The ARNs of contacts that are given, but not as they should be."""

    def read(self, index: int, response: Mapping[str, object]) -> None:
        operation = next((_OPERATIONS[name] for name in _OPERATIONS if name in response), None)
        kept, found = contract().validate_response(
            operation or "GetContact", response, ("responses", index)
        )
        # AWS's model requires it, but a rotation that was created without one probably has none.
        unset = ("responses", index, "StartTime")
        violations = [each for each in found.kept if each.path != unset or each.value is not None]
        if violations:
            rules = ((each.python_path, each.rule.removeprefix("Member ")) for each in violations)
            self.violations.extend(Violation(path, rule) for path, rule in rules)
            if operation is None and isinstance(arn := response.get("ContactArn"), str):
                self.broken.add(arn)
            return
        place = f"responses[{index}]"
        if operation == "GetContactChannel":
            self._read_channel(place, kept)
        elif operation == "GetRotation":
            self._read_rotation(place, kept)
        else:
            self._read_contact(place, kept)

    def check_references(self) -> None:
        """Whether channels and rotations have their contacts, wherever these stand."""
        known = {**self.state.contacts, **self.contacts}
        for place, channel in self.channels:
            if channel.contact_arn not in known and channel.contact_arn not in self.broken:
                self.violations.append(Violation(f"{place}.ContactArn", _UNKNOWN))
        for place, rotation in self.rotations:
            for index, arn in enumerate(rotation.contact_ids):
                path = f"{place}.ContactIds[{index}]"
                if arn in self.broken:
                    continue
                if arn not in known:
                    self.violations.append(Violation(path, _UNKNOWN))
                elif known[arn].type != "PERSONAL":
                    self.violations.append(Violation(path, "must name a contact of type PERSONAL"))

    def _read_contact(self, place: str, kept: Mapping[str, Any]) -> None:
        arn = kept["ContactArn"]
        if self._is_here(f"{place}.ContactArn", arn):
            if arn != self.state.account.contact_arn(kept["Alias"]):
                self.violations.append(
                    Violation(f"{place}.Alias", "must be the alias in the ContactArn")
                )
            self.contacts[arn] = Contact(
                arn=arn,
                alias=kept["Alias"],
                display_name=kept.get("DisplayName"),
                type=kept["Type"],
                plan=kept["Plan"],
            )

    def _read_channel(self, place: str, kept: Mapping[str, Any]) -> None:
        arn, contact_arn = kept["ContactChannelArn"], kept["ContactArn"]
        channel_here = self._is_here(f"{place}.ContactChannelArn", arn)
        contact_here = self._is_here(f"{place}.ContactArn", contact_arn)
        if not (channel_here and contact_here):
            return
        alias = contact_arn.rpartition("/")[2]
        channel_id = arn.rpartition("/")[2]
        if not channel_id or arn != self.state.account.channel_arn(alias, channel_id):
            rule = "must be contact-channel/ with the contact's alias and an id"
            self.violations.append(Violation(f"{place}.ContactChannelArn", rule))
        address = kept["DeliveryAddress"].get("SimpleAddress")
        if address is None:
            path = f"{place}.DeliveryAddress.SimpleAddress"
            self.violations.append(Violation(path, "must not be null"))
            return
        channel = Channel(
            arn=arn,
            contact_arn=contact_arn,
            name=kept["Name"],
            type=kept["Type"],
            address=address,
            activated=kept.get("ActivationStatus") == "ACTIVATED",
        )
        self.channels.append((place, channel))

    def _read_rotation(self, place: str, kept: Mapping[str, Any]) -> None:
        recurrence = without_empty_settings(kept["Recurrence"])
        rotation = Rotation(
            arn=kept["RotationArn"],
            name=kept["Name"],
            contact_ids=kept["ContactIds"],
            start=kept.get("StartTime", self.state.now),
            time_zone_id=kept["TimeZoneId"],
            recurrence=recurrence,
            start_is_given="StartTime" in kept,
        )
        rotation_id = rotation.arn.rpartition("/")[2]
        if self._is_here(f"{place}.RotationArn", rotation.arn) and (
            not rotation_id or rotation.arn != self.state.account.rotation_arn(rotation_id)
        ):
            self.violations.append(
                Violation(f"{place}.RotationArn", "must be rotation/ with an id")
            )
        for name, rule in (
            ("TimeZoneId", time_zone_violation(rotation.time_zone_id)),
            ("Recurrence", recurrence_violation(recurrence)),
        ):
            if rule is not None:
                self.violations.append(Violation(f"{place}.{name}", rule))
        self.rotations.append((place, rotation))

    def _is_here(self, path: str, arn: str) -> bool:
        rule = self.state.account.foreign_arn_rule(arn)
        if rule is not None:
            self.violations.append(Violation(path, rule))
        return rule is None
