"""Putting resources into the service as they are, in the words of its own answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.local.arns import Account
from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.state import Channel, Contact, State


def fill(state: State, answers: Iterable[Mapping[str, object]]) -> None:
    """Keep what the answers of GetContact and GetContactChannel describe; all of them or none.

    The rules of plans and addresses and the quotas do not apply: what AWS has answered is there.
    """
    loading = _Loading(state.account)
    for index, answer in enumerate(answers):
        loading.read(f"answers[{index}]", index, answer)
    for place, channel in loading.channels:
        known = channel.contact_arn in state.contacts or channel.contact_arn in loading.contacts
        if not known:
            rule = "must name a contact that is there or is given in the same call"
            loading.faults.append(Fault(f"{place}.ContactArn", rule))
    if loading.faults:
        raise InvalidValueError("LocalService.fill", loading.faults)
    state.contacts.update(loading.contacts)
    for _, channel in loading.channels:
        state.put_channel(channel)


@frozen
class _Loading:
    account: Account
    contacts: dict[str, Contact] = field(factory=dict[str, Contact], init=False)
    channels: list[tuple[str, Channel]] = field(factory=list[tuple[str, Channel]], init=False)
    faults: list[Fault] = field(factory=list[Fault], init=False)

    def read(self, place: str, index: int, answer: Mapping[str, object]) -> None:
        is_channel = "ContactChannelArn" in answer
        operation = "GetContactChannel" if is_channel else "GetContact"
        kept, found = contract().judge_answer(operation, answer, ("answers", index))
        if found:
            rules = ((each.place, each.rule.removeprefix("Member ")) for each in found)
            self.faults.extend(Fault(path, rule) for path, rule in rules)
        elif is_channel:
            self._read_channel(place, kept)
        else:
            self._read_contact(place, kept)

    def _read_contact(self, place: str, kept: Mapping[str, Any]) -> None:
        arn = kept["ContactArn"]
        if self._is_here(f"{place}.ContactArn", arn):
            if arn != self.account.contact_arn(kept["Alias"]):
                self.faults.append(Fault(f"{place}.Alias", "must be the alias in the ContactArn"))
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
        if not channel_id or arn != self.account.channel_arn(alias, channel_id):
            rule = "must be contact-channel/ with the contact's alias and an id"
            self.faults.append(Fault(f"{place}.ContactChannelArn", rule))
        address = kept["DeliveryAddress"].get("SimpleAddress")
        if address is None:
            path = f"{place}.DeliveryAddress.SimpleAddress"
            self.faults.append(Fault(path, "must not be null"))
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

    def _is_here(self, path: str, arn: str) -> bool:
        rule = self.account.place_fault(arn)
        if rule is not None:
            self.faults.append(Fault(path, rule))
        return rule is None
