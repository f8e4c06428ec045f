"""Loading of resources from responses of the service, such as those of AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation, ViolationCode
from ssm_contacts_sdk.local._arguments import check, wrong_type
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._records import Channel, Contact, Rotation
from ssm_contacts_sdk.local._rules import (
    recurrence_violation,
    time_zone_violation,
    without_empty_settings,
)
from ssm_contacts_sdk.local._state import State

# The members that distinguish these responses from those of GetContact.
_OPERATIONS: Mapping[str, str] = MappingProxyType(
    {"ContactChannelArn": "GetContactChannel", "RotationArn": "GetRotation"}
)
_UNKNOWN = "must name a contact that exists or is loaded in the same call"


def load_resources(state: State, responses: Iterable[Mapping[str, object]]) -> None:
    """Add the resources in responses of GetContact, GetContactChannel and GetRotation, or none.

    The rules for plans and addresses and the quotas do not apply, because AWS itself may have
    returned these resources. The rules for rotations apply: without them, nobody could calculate
    who is on call. Our assumption: a rotation without a StartTime starts now.
    """
    loading = _Loading(state)
    for index, response in enumerate(responses):
        loading.read(index, response)
    loading.check_references()
    check("LocalService.load_resources", loading.violations)
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
    """Channels with the paths of their responses."""
    rotations: list[tuple[str, Rotation]] = field(factory=list[tuple[str, Rotation]], init=False)
    """Rotations with the paths of their responses."""
    violations: list[Violation] = field(factory=list[Violation], init=False)
    invalid: set[str] = field(factory=set[str], init=False)
    """The ARNs of contacts with violations."""

    def read(self, index: int, response: object) -> None:
        """Read one response. Its violations are added to those of all."""
        path = f"responses[{index}]"
        if not isinstance(response, Mapping):
            self.violations.append(wrong_type(path, "a mapping", response))
            return
        members = cast("Mapping[str, object]", response)
        operation = next((_OPERATIONS[name] for name in _OPERATIONS if name in members), None)
        read, found = contract().validate_response(
            operation or "GetContact", members, ("responses", index)
        )
        # AWS's model requires it, but a rotation that was created without one probably has none.
        unset = ("responses", index, "StartTime")
        violations = [each for each in found.kept if each.path != unset or each.value is not None]
        if violations:
            for each in violations:
                self._add(each.python_path, each.rule.removeprefix("Member "), each.code)
            if operation is None and isinstance(arn := members.get("ContactArn"), str):
                self.invalid.add(arn)
        elif operation == "GetContactChannel":
            self._read_channel(path, read)
        elif operation == "GetRotation":
            self._read_rotation(path, read)
        else:
            self._read_contact(path, read)

    def check_references(self) -> None:
        """Check that the contacts of channels and rotations exist, in whichever order."""
        known = {**self.state.contacts, **self.contacts}
        for path, channel in self.channels:
            if channel.contact_arn not in known and channel.contact_arn not in self.invalid:
                self._add(f"{path}.ContactArn", _UNKNOWN, "missing")
        for path, rotation in self.rotations:
            for index, arn in enumerate(rotation.contact_ids):
                if arn in self.invalid:
                    continue
                if arn not in known:
                    self._add(f"{path}.ContactIds[{index}]", _UNKNOWN, "missing")
                elif known[arn].type != "PERSONAL":
                    rule = "must name a contact of type PERSONAL"
                    self._add(f"{path}.ContactIds[{index}]", rule, "wrong_kind_of_arn")

    def _read_contact(self, path: str, read: Mapping[str, Any]) -> None:
        arn = read["ContactArn"]
        if not self._is_own(f"{path}.ContactArn", arn):
            return
        if arn != self.state.account.contact_arn(read["Alias"]):
            self._add(f"{path}.Alias", "must be the alias in the ContactArn", "conflict")
        self.contacts[arn] = Contact(
            arn=arn,
            alias=read["Alias"],
            display_name=read.get("DisplayName"),
            type=read["Type"],
            plan=read["Plan"],
        )

    def _read_channel(self, path: str, read: Mapping[str, Any]) -> None:
        arn, contact_arn = read["ContactChannelArn"], read["ContactArn"]
        is_own_channel = self._is_own(f"{path}.ContactChannelArn", arn)
        is_own_contact = self._is_own(f"{path}.ContactArn", contact_arn)
        if not (is_own_channel and is_own_contact):
            return
        alias = contact_arn.rpartition("/")[2]
        channel_id = arn.rpartition("/")[2]
        if not channel_id or arn != self.state.account.channel_arn(alias, channel_id):
            rule = "must be contact-channel/ with the contact's alias and an id"
            self._add(f"{path}.ContactChannelArn", rule, "wrong_kind_of_arn")
        address = read["DeliveryAddress"].get("SimpleAddress")
        if address is None:
            self._add(f"{path}.DeliveryAddress.SimpleAddress", "must not be null", "missing")
            return
        channel = Channel(
            arn=arn,
            contact_arn=contact_arn,
            name=read["Name"],
            type=read["Type"],
            address=address,
            activated=read.get("ActivationStatus") == "ACTIVATED",
        )
        self.channels.append((path, channel))

    def _read_rotation(self, path: str, read: Mapping[str, Any]) -> None:
        recurrence = without_empty_settings(read["Recurrence"])
        rotation = Rotation(
            arn=read["RotationArn"],
            name=read["Name"],
            contact_ids=read["ContactIds"],
            start=read.get("StartTime", self.state.now),
            time_zone_id=read["TimeZoneId"],
            recurrence=recurrence,
            start_is_given="StartTime" in read,
        )
        rotation_id = rotation.arn.rpartition("/")[2]
        if self._is_own(f"{path}.RotationArn", rotation.arn) and (
            not rotation_id or rotation.arn != self.state.account.rotation_arn(rotation_id)
        ):
            self._add(f"{path}.RotationArn", "must be rotation/ with an id", "wrong_kind_of_arn")
        if rule := time_zone_violation(rotation.time_zone_id):
            self._add(f"{path}.TimeZoneId", rule, "unknown_time_zone")
        if rule := recurrence_violation(recurrence):
            self._add(f"{path}.Recurrence", rule, "conflict")
        self.rotations.append((path, rotation))

    def _is_own(self, path: str, arn: str) -> bool:
        """Return whether an ARN is of this account and Region."""
        rule = self.state.account.foreign_arn_rule(arn)
        if rule is not None:
            self._add(path, rule, "conflict")
        return rule is None

    def _add(self, path: str, rule: str, code: ViolationCode) -> None:
        self.violations.append(Violation(path, rule, code))
