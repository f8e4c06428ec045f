"""Uses that every type checker must accept, and that must work."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import attrs
from sentinels import EMAIL, PHONE
from typing_extensions import assert_type

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelRef,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactRef,
    Contacts,
    ContactsClient,
    ContactsError,
    ContactSummary,
    ContactTarget,
    ContactType,
    EngagementPlan,
    EngagementStage,
    EscalationPlan,
    EscalationStage,
    InvalidValueError,
    Listing,
    ListingPage,
    Plan,
    Stage,
    Target,
    Violation,
    __version__,
    from_response,
    to_kwargs,
)

PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"
AKUA = f"{PREFIX}contact/akuam"
SMS = f"{PREFIX}contact-channel/akuam/beb25840"
SHIFT = f"{PREFIX}rotation/r1"
RECORD = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
SUMMARY = ContactSummary(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
CHANNEL_RECORD = ChannelRecord(
    name="akuas sms",
    type=ChannelType.SMS,
    delivery_address=PHONE,
    arn=SMS,
    contact_arn=AKUA,
    activation_status=ActivationStatus.ACTIVATED,
)


def each_phase_is_a_type() -> None:
    assert_type(Plan.engagement(), EngagementPlan)
    assert_type(Plan.engagement().stage(minutes=1), EngagementStage)
    assert_type(Plan.engagement().stage(minutes=1).channel(SMS), EngagementStage)
    assert_type(Plan.engagement().stage(minutes=1).stage(minutes=1), EngagementStage)
    assert_type(Plan.engagement().build(), Plan)
    assert_type(Plan.engagement().stage(minutes=1).channel(SMS).build(), Plan)
    assert_type(Plan.escalation(), EscalationPlan)
    assert_type(Plan.escalation().stage(minutes=1), EscalationStage)
    assert_type(Plan.escalation().stage(minutes=1).contact(AKUA, essential=True), EscalationStage)
    assert_type(Plan.escalation().build(), Plan)
    assert_type(Plan.on_call(), Plan)
    assert_type(Plan.on_call(SHIFT, SHIFT), Plan)


def a_channel_is_a_record_or_an_arn() -> None:
    stage = Plan.engagement().stage(minutes=5)
    stage = stage.channel(CHANNEL_RECORD).channel(SMS, retry_minutes=1)
    stage = stage.channel(CHANNEL_RECORD, retry_minutes=None)
    refs: list[ChannelRef] = [CHANNEL_RECORD, SMS]
    for ref in refs:
        stage = stage.channel(ref)
    assert len(stage.build().stages[0].targets) == 5
    assert_type(ChannelTarget(contact_channel_id=CHANNEL_RECORD).contact_channel_id, str)
    assert_type(ChannelTarget(contact_channel_id=SMS).retry_interval_in_minutes, "int | None")


def a_contact_is_a_record_a_summary_or_an_arn() -> None:
    stage = Plan.escalation().stage(minutes=5)
    stage = stage.contact(RECORD, essential=True).contact(SUMMARY, essential=False)
    stage = stage.contact(AKUA, essential=False)
    refs: list[ContactRef] = [RECORD, SUMMARY, AKUA]
    for ref in refs:
        stage = stage.contact(ref, essential=ref is RECORD)
    assert len(stage.build().stages[0].targets) == 6
    assert_type(ContactTarget(contact_id=RECORD, is_essential=True).contact_id, str)
    assert_type(ContactTarget(contact_id=SUMMARY, is_essential=True).is_essential, bool)


def stages_are_written_in_a_loop() -> None:
    plan = Plan.engagement()
    for minutes in (1, 5, 10):
        plan = plan.stage(minutes=minutes).channel(SMS)
    assert len(plan.build().stages) == 3
    draft: EscalationPlan = Plan.escalation()
    for minutes in range(1, 4):
        stage = draft.stage(minutes=minutes)
        for contact in (RECORD, SUMMARY):
            stage = stage.contact(contact, essential=True)
        draft = stage
    assert len(draft.build().stages) == 3


def two_plans_share_a_beginning() -> None:
    shared = Plan.escalation().stage(minutes=5).contact(AKUA, essential=True)
    plans: dict[str, Plan] = {
        "short": shared.build(),
        "wide": shared.contact(SUMMARY, essential=False).build(),
        "long": shared.stage(minutes=10).contact(SUMMARY, essential=True).build(),
    }
    assert len(set(plans.values())) == 3


def escalate(plan: EscalationPlan, *contacts: ContactRef) -> EscalationStage:
    """Return a plan with one more stage. A plan with an open stage is accepted, too."""
    stage = plan.stage(minutes=10)
    for contact in contacts:
        stage = stage.contact(contact, essential=False)
    return stage


def a_step_can_be_a_function() -> None:
    plan = escalate(escalate(Plan.escalation(), RECORD), SUMMARY, AKUA).build()
    assert [len(stage.targets) for stage in plan.stages] == [1, 2]


def a_plan_is_written_as_values() -> None:
    channel = ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=1)
    contact = ContactTarget(contact_id=AKUA, is_essential=True)
    targets: list[Target] = [channel, contact]
    plan = Plan(
        stages=[
            Stage(duration_in_minutes=5, targets=[channel]),
            Stage(duration_in_minutes=5, targets=(contact,)),
            Stage(duration_in_minutes=5, targets=targets),
            Stage(duration_in_minutes=5, targets=(each for each in targets)),
            Stage(duration_in_minutes=5),
        ]
    )
    assert_type(plan.stages, "tuple[Stage, ...]")
    assert_type(plan.rotation_ids, "tuple[str, ...] | None")
    assert_type(Plan(rotation_ids=[SHIFT]).rotation_ids, "tuple[str, ...] | None")
    for stage in plan.stages:
        assert_type(stage.duration_in_minutes, int)
        for target in stage.targets:
            if isinstance(target, ChannelTarget):
                assert_type(target.contact_channel_id, str)
            else:
                assert_type(target, ContactTarget)


def a_contact_is_described() -> None:
    person = Contact(alias="akuam", type=ContactType.PERSONAL)
    assert_type(person.plan, Plan)
    assert_type(person.display_name, "str | None")
    assert_type(person.type, ContactType)
    assert_type(person.type.is_known, bool)
    plan = Plan.engagement().stage(minutes=5).channel(CHANNEL_RECORD).build()
    assert_type(attrs.evolve(person, plan=plan), Contact)
    contact: Contact = RECORD
    assert contact.alias == RECORD.alias == SUMMARY.alias
    assert_type(RECORD.arn, str)


def a_channel_is_described() -> None:
    assert_type(Channel.sms("sms", PHONE), Channel)
    assert_type(Channel.voice("voice", PHONE), Channel)
    assert_type(Channel.email("mail", EMAIL), Channel)
    assert_type(CHANNEL_RECORD.type, ChannelType)
    assert_type(CHANNEL_RECORD.activation_status, "ActivationStatus | None")
    channel: Channel = CHANNEL_RECORD
    assert channel.name == "akuas sms"


def an_invalid_value_error_has_its_violations() -> None:
    error = InvalidValueError(
        "Stage", [Violation("duration_in_minutes", "must be 0 to 30", "too_large")]
    )
    assert_type(error.violations, "tuple[Violation, ...]")
    assert_type(error.violations[0].under("plan"), Violation)
    assert_type(error.subject, str)
    for kind in (ValueError, ContactsError):
        assert isinstance(error, kind)


def the_wire_knows_the_types() -> None:
    assert_type(from_response(Plan, {"Stages": []}), Plan)
    assert_type(to_kwargs(Plan.on_call(SHIFT)), "dict[str, object]")
    version: str = __version__
    assert version


def a_list_has_a_first_item_and_iterators_that_can_be_closed() -> None:
    client = ContactsClient.local()
    contacts = client.contacts.list(type="PERSONAL")
    assert_type(contacts, Listing[ContactSummary])
    assert_type(contacts.first(), "ContactSummary | None")
    assert_type(list(client.contacts.list(type=ContactType.ESCALATION)), list[ContactSummary])
    with closing(iter(contacts)) as items:
        assert_type(next(items, None), "ContactSummary | None")
    with closing(contacts.by_page()) as pages:
        assert_type(next(pages), ListingPage[ContactSummary])


def a_choice_takes_its_plain_word() -> None:
    assert_type(Contact(alias="akuam", type="PERSONAL").type, ContactType)
    assert_type(Channel(name="a", type="EMAIL", delivery_address="a@b").type, ChannelType)


def a_resource_can_be_an_argument() -> None:
    def create(contacts: Contacts) -> ContactRecord:
        return contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))

    assert_type(create(ContactsClient.local().contacts), ContactRecord)


def acknowledgements_are_of_records_arns_or_a_mixture() -> None:
    client = ContactsClient.local()
    akua = client.contacts.create(Contact(alias="akuam", type="PERSONAL"))
    plan = Plan.escalation().stage(minutes=5).contact(akua, essential=True).build()
    summaries = list(client.contacts.list())
    client.preview(plan, acknowledge={akua: timedelta(minutes=5)})
    client.preview(plan, acknowledge={akua.arn: 300})
    client.preview(plan, acknowledge=dict.fromkeys(summaries, 2.5))
    refs: list[ContactRef] = [akua, akua.arn, *summaries]
    client.preview(plan, acknowledge={ref: timedelta(minutes=5) for ref in refs})
    mixture: dict[ContactRef, int] = {akua: 5, summaries[0].arn: 5}
    assert client.preview(plan, acknowledge=mixture).outcome == "everything_tried"
