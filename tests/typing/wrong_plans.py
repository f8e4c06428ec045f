"""Uses that every type checker must reject, at exactly the lines that are marked."""

from __future__ import annotations

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    ChannelTarget,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactSummary,
    ContactTarget,
    ContactType,
    EngagementPlan,
    EscalationPlan,
    Plan,
    Rates,
    Stage,
    WeeklySetting,
)

AKUA = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
SMS = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/beb25840"


def a_target_before_any_stage() -> None:
    Plan.engagement().channel(SMS)  # wrong
    Plan.escalation().contact(AKUA, essential=True)  # wrong


def a_target_before_any_stage_of_a_loop() -> None:
    plan = Plan.engagement()
    for _ in range(3):
        plan = plan.channel(SMS)  # wrong


def a_target_of_the_other_kind() -> None:
    Plan.escalation().stage(minutes=5).channel(SMS)  # wrong
    Plan.engagement().stage(minutes=5).contact(AKUA, essential=True)  # wrong


def arguments_that_are_required() -> None:
    Plan.escalation().stage(minutes=5).contact(AKUA)  # wrong
    Plan.engagement().stage()  # wrong
    Plan.escalation().stage()  # wrong
    ContactTarget(contact_id=AKUA)  # wrong
    Stage()  # wrong
    Contact(alias="akuam")  # wrong


def arguments_that_are_keyword_only() -> None:
    Plan.engagement().stage(5)  # wrong
    Plan.escalation().stage(5)  # wrong
    Plan.escalation().stage(minutes=5).contact(AKUA, True)  # wrong
    Plan.engagement().stage(minutes=5).channel(SMS, 1)  # wrong
    Stage(5)  # wrong


def a_plan_that_is_built_is_not_a_builder() -> None:
    Plan.engagement().build().stage(minutes=5)  # wrong
    Plan.engagement().stage(minutes=5).build().channel(SMS)  # wrong
    Plan.escalation().build().build()  # wrong


def a_builder_is_not_a_plan() -> None:
    Contact(alias="a", type=ContactType.PERSONAL, plan=Plan.engagement())  # wrong


def one_builder_is_not_the_other(escalation: EscalationPlan) -> EngagementPlan:
    return escalation  # wrong


def a_contact_is_not_a_channel(record: ContactRecord, summary: ContactSummary) -> None:
    Plan.engagement().stage(minutes=5).channel(record)  # wrong
    Plan.engagement().stage(minutes=5).channel(summary)  # wrong
    ChannelTarget(contact_channel_id=record)  # wrong


def a_channel_is_not_a_contact(record: ChannelRecord) -> None:
    Plan.escalation().stage(minutes=5).contact(record, essential=True)  # wrong
    ContactTarget(contact_id=record, is_essential=True)  # wrong


def a_contact_that_was_not_created_yet(contact: Contact) -> None:
    Plan.escalation().stage(minutes=5).contact(contact, essential=True)  # wrong


def values_of_another_type() -> None:
    Plan.engagement().stage(minutes="5")  # wrong
    Plan.escalation().stage(minutes=None)  # wrong
    Plan.engagement().stage(minutes=5.0)  # wrong
    Plan.engagement().stage(minutes=5).channel(SMS, retry_minutes="1")  # wrong
    Plan.escalation().stage(minutes=5).contact(AKUA, essential="yes")  # wrong
    Stage(duration_in_minutes="5")  # wrong
    Stage(duration_in_minutes=5, targets=[SMS])  # wrong
    Plan(stages=[SMS])  # wrong
    Plan(stages=Stage(duration_in_minutes=5))  # wrong


def a_value_is_never_changed(stage: Stage) -> None:
    stage.duration_in_minutes = 5  # wrong


def a_name_that_is_mistyped() -> None:
    from ssm_contacts_sdk import Plann  # noqa: F401 # wrong

    ssm_contacts_sdk.ContactClient()  # wrong
    Plan.engagment()  # wrong


def a_choice_that_does_not_exist(client: ContactsClient) -> None:
    client.contacts.list(type="TEAM")  # wrong
    client.pages.accept("arn", "123456", type="SEEN")  # wrong
    client.pages.accept("arn", "123456", code_validation="NEVER")  # wrong
    Contact(alias="akuam", type="TEAM")  # wrong
    Channel(name="a", type="FAX", delivery_address="b")  # wrong
    WeeklySetting("MONDAY", "09:00")  # wrong


def a_subclass_of_a_target() -> None:
    class Team(ContactTarget):  # wrong
        pass

    print(Team)  # noqa: T201


def an_optional_argument_without_its_name(client: ContactsClient) -> None:
    client.contacts.list("aku")  # wrong
    client.contacts.update(AKUA, "Akua Mansa")  # wrong


def a_first_item_that_may_not_exist(client: ContactsClient) -> str:
    return client.contacts.list().first().alias  # wrong


def rates_that_are_no_mapping() -> None:
    Rates(5)  # wrong
    Rates({"GetContact": "1"})  # wrong
