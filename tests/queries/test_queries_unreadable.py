"""A resource that cannot be read is reported, and the others are read all the same."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from sentinels import phone_number

from ssm_contacts_sdk import (
    AccessDeniedError,
    AccountNotOnboardedError,
    Channel,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactsError,
    ContactType,
    CredentialsError,
    Finding,
    InternalServerError,
    InvalidValueError,
    Override,
    Plan,
    Recurrence,
    ResponseDecodeError,
    RetryPolicy,
    Rotation,
    RotationRecord,
    Severity,
    ThrottlingError,
    TransportError,
    ValidationError,
)
from ssm_contacts_sdk._oncall.schedule import shifts as shifts_module
from ssm_contacts_sdk.local import (
    Effect,
    LocalService,
    connection_reset,
    not_onboarded,
    service_error,
)

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
A_DAY = timedelta(days=1)
DENIED = service_error("AccessDeniedException", "User: arn:aws:iam::1:role/me is not authorized")
NO_KEY = service_error("DataEncryptionException", "no key")
INVALID = service_error("ValidationException", "no", {"Reason": "OTHER"})
BUSY = service_error("ConflictException", "busy", {"ResourceId": "r", "ResourceType": "ROTATION"})
CONCERN_ONE_RESOURCE = [DENIED, NO_KEY, INVALID, BUSY]
CODES = [
    "AccessDeniedException",
    "DataEncryptionException",
    "ValidationException",
    "ConflictException",
]


class Account:
    """Two people, two rotations, their schedule, and an escalation plan that names the schedule."""

    def __init__(self, service: LocalService, client: ContactsClient) -> None:
        self.service, self.client = service, client
        self.akua, self.mary = self.person("akua"), self.person("mary")
        self.web = self.rotation("web", self.akua, self.mary)
        self.night = self.rotation("night", self.mary, self.akua)
        self.schedule = self.contact(
            "primary", ContactType.ONCALL_SCHEDULE, Plan.on_call(self.web, self.night)
        )
        plan = Plan.escalation().stage(minutes=5).contact(self.schedule, essential=True)
        plan = plan.stage(minutes=5).contact(self.akua, essential=True)
        self.escalation = self.contact("down", ContactType.ESCALATION, plan.build())
        self.before = len(service.requests)

    def person(self, alias: str) -> ContactRecord:
        person = self.contact(alias, ContactType.PERSONAL, Plan.engagement().build())
        sms = self.client.channels.create(
            person, Channel.sms("sms", phone_number(sum(map(ord, alias))))
        )
        self.client.channels.activate(sms, self.service.code_for(sms))
        plan = Plan.engagement().stage(minutes=5).channel(sms).build()
        self.client.contacts.update(person, plan=plan)
        return self.client.contacts.get(person)

    def contact(self, alias: str, kind: ContactType, plan: Plan) -> ContactRecord:
        return self.client.contacts.create(Contact(alias=alias, type=kind, plan=plan))

    def rotation(
        self,
        name: str,
        *people: ContactRecord,
        dense: bool = False,
        coverage: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> RotationRecord:
        times = [time(*each) for each in product(range(24), range(60))] if dense else ["09:00"]
        return self.client.rotations.create(
            Rotation(
                name=name,
                contact_ids=people,
                start_time=datetime(1970, 1, 1, tzinfo=timezone.utc) if dense else MONDAY,
                time_zone_id="UTC",
                recurrence=Recurrence.daily(*times, coverage=coverage),
            )
        )

    def fail(self, operation: str, effect: Effect = DENIED, nth: int = 1) -> None:
        self.service.faults.add(effect, operation=operation, nth=nth)

    def unreadable(self) -> dict[str, Finding]:
        findings = self.client.audit()
        return {each.resource: each for each in findings if each.rule == "unreadable"}


@pytest.fixture
def account(service: LocalService, client: ContactsClient) -> Account:
    return Account(service, client)


def code_of(error: object) -> str | None:
    return getattr(error, "code", None)


# Audits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "nth", "of", "text", "action"),
    [
        (
            "GetContact",
            1,
            "akua",
            "The contact akua could not be read (AccessDeniedException): it is not known whether "
            "a page would reach anybody through it.",
            "GetContact",
        ),
        (
            "ListContactChannels",
            2,
            "mary",
            "The list of the channels of mary could not be read (AccessDeniedException): it is "
            "not known whether some of them get no pages.",
            "ListContactChannels",
        ),
        (
            "GetRotation",
            2,
            "web",
            'The rotation "web" could not be read (AccessDeniedException): it is not known who is '
            "in it.",
            "GetRotation",
        ),
        (
            "ListRotationShifts",
            2,
            "web",
            'The shifts of the rotation "web" could not be read (AccessDeniedException): it is '
            'not known who is on call in it, nor when nobody is in the schedule "primary".',
            "ListRotationShifts",
        ),
        (
            "ListRotationOverrides",
            2,
            "web",
            'The list of the overrides of the rotation "web" could not be read '
            "(AccessDeniedException): it is not known whether one of them names somebody who was "
            "deleted.",
            "ListRotationOverrides",
        ),
    ],
)
def test_one_failed_read_is_one_finding(
    account: Account, operation: str, nth: int, of: str, text: str, action: str
) -> None:
    assert account.client.audit() == ()
    account.fail(operation, nth=nth)
    # There is no finding that somebody was deleted or that nobody is on call.
    (finding,) = account.client.audit()
    assert finding.rule == "unreadable"
    assert finding.severity is Severity.ERROR
    assert finding.resource == getattr(account, of).arn
    assert finding.text == text
    assert finding.advice == f"Grant the caller the ssm-contacts action {action} on it."
    assert isinstance(finding.error, AccessDeniedError)
    # The traceback would refer to everything that was sent and read.
    assert finding.error.__traceback__ is None
    # The message of the service can name the caller.
    assert "role/me" not in f"{finding} {finding!r}"


def test_gaps_are_known_if_the_shifts_of_an_unreadable_rotation_are(
    account: Account,
) -> None:
    account.client.contacts.update(account.schedule, plan=Plan.on_call(account.web))
    begin = MONDAY + 2 * A_DAY
    nobody = Override(new_contact_ids=[], start_time=begin, end_time=begin + A_DAY)
    account.client.overrides.create(account.web, nobody)
    account.fail("GetRotation", nth=2)
    found = {each.rule: each for each in account.client.audit()}
    assert found.keys() == {"unreadable", "nobody-on-call", "rotation-in-no-schedule"}
    assert found["unreadable"].resource == account.web.arn
    assert found["nobody-on-call"].intervals == ((begin, begin + A_DAY),)


def test_a_channel_that_is_read_by_itself_can_be_unreadable(account: Account) -> None:
    """The list cannot be read either, so the channel of the plan is read by itself."""
    account.fail("ListContactChannels")
    assert [*account.unreadable()] == [account.akua.arn]
    account.fail("ListContactChannels")
    account.fail("GetContactChannel", NO_KEY)
    findings = account.unreadable()
    (channel,) = account.client.channels.list(account.akua)
    assert findings.keys() == {account.akua.arn, channel.arn}
    assert findings[channel.arn].text == (
        f'The channel "{channel.arn.rpartition("/")[2]}" could not be read '
        "(DataEncryptionException): it is not known whether a page would reach anybody through it."
    )


@pytest.mark.parametrize(
    ("effect", "code"), list(zip(CONCERN_ONE_RESOURCE, CODES, strict=True)), ids=CODES
)
def test_the_errors_that_concern_one_resource_are_findings(
    account: Account, effect: Effect, code: str
) -> None:
    # Rotations are read in the order of their names: night is first.
    for operation in ("GetContact", "ListRotationShifts"):
        account.fail(operation, effect)
    findings = account.unreadable()
    assert findings.keys() == {account.akua.arn, account.night.arn}
    assert {code_of(each.error) for each in findings.values()} == {code}
    assert all(each.advice.endswith(".") for each in findings.values())


def test_a_record_that_cannot_be_decoded_is_a_finding(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = account.client.contacts.get

    def unreadable_akua(contact: Any) -> ContactRecord:
        if contact == account.akua.arn:
            raise ResponseDecodeError("must be a str", path="Alias", operation="GetContact")
        return get(contact)

    monkeypatch.setattr(account.client.contacts, "get", unreadable_akua)
    (finding,) = account.client.audit()
    assert finding.text.startswith("The contact akua could not be read (ResponseDecodeError)")
    assert isinstance(finding.error, ResponseDecodeError)


def test_a_rotation_with_many_hand_offs_is_read_however_old_it_is(account: Account) -> None:
    old = account.rotation("old", account.akua, account.mary, dense=True)
    account.client.contacts.update(account.schedule, plan=Plan.on_call(old))
    found = account.client.audit(horizon=timedelta(hours=2))
    assert {each.rule for each in found} == {"rotation-in-no-schedule"}
    (assignment,) = account.client.on_call(account.schedule).assignments
    minutes = (account.service.clock.now() - datetime(1970, 1, 1, tzinfo=timezone.utc)) // (
        timedelta(minutes=1)
    )
    assert assignment.contact_ids == ((account.akua, account.mary)[minutes % 2].arn,)


def test_a_rotation_whose_shifts_cannot_be_calculated_is_a_finding(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # There are 8,820 hand-offs before the first covered minute.
    monkeypatch.setattr(shifts_module, "MOST_HAND_OFFS", 2_000)
    sunday = {"SUN": [("12:00", "12:01")]}
    old = account.rotation("old", account.akua, account.mary, dense=True, coverage=sunday)
    account.client.contacts.update(account.schedule, plan=Plan.on_call(account.web, old))
    findings = account.unreadable()
    assert findings.keys() == {old.arn}
    assert isinstance(findings[old.arn].error, ValidationError)
    # The gaps of the schedule are not known either, so none are reported.
    assert "nobody-on-call" not in {each.rule for each in account.client.audit()}
    timeline = account.client.preview(account.schedule)
    assert [each.arn for each in timeline.unreadable] == [old.arn]
    assert [
        assignment.is_known for assignment in account.client.on_call(account.schedule).assignments
    ] == [
        True,
        False,
    ]


def test_results_with_unreadable_resources_are_equal_after_pickling(account: Account) -> None:
    account.service.faults.add(DENIED, operation="ListRotationShifts", times=None)
    client, at = account.client, MONDAY
    for result in (
        client.preview(account.escalation, at=at),
        client.on_call(account.escalation, at=at),
    ):
        assert result.unreadable
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - made here
        assert copy.deepcopy(result) == result


def test_rotations_of_an_unreadable_schedule_are_not_reported_as_unused(
    account: Account,
) -> None:
    # Contacts are read in the order of their aliases. The third is the schedule.
    account.fail("GetContact", nth=3)
    assert [each.rule for each in account.client.audit()] == ["unreadable"]


def test_without_the_list_of_rotations_those_that_schedules_name_are_read(account: Account) -> None:
    account.client.rotations.delete(account.night)
    account.service.faults.add(DENIED, operation="ListRotations")
    findings = account.client.audit()
    (unreadable,) = [each for each in findings if each.rule == "unreadable"]
    assert unreadable.resource == f"{account.web.arn.partition('rotation/')[0]}rotation/*"
    assert unreadable.text.startswith("The list of all rotations could not be read")
    requests = [each.operation for each in account.service.requests]
    assert "ListRotationShifts" in requests
    assert [each.rule for each in findings] == ["unreadable"]


def test_without_the_list_of_contacts_there_is_no_audit(account: Account) -> None:
    account.fail("ListContacts")
    with pytest.raises(AccessDeniedError):
        account.client.audit()


def test_an_arn_of_another_kind_in_a_plan_is_unreadable(account: Account) -> None:
    prefix = account.akua.arn.partition("contact/")[0]
    wrong = f"{prefix}engagement/akua/1"
    channel = {"ChannelTargetInfo": {"ContactChannelId": wrong}}
    contact = {"ContactTargetInfo": {"ContactId": wrong, "IsEssential": True}}
    kinds = {"PERSONAL": channel, "ESCALATION": contact}
    plans: dict[str, dict[str, Any]] = {
        kind: {"Stages": [{"DurationInMinutes": 5, "Targets": [target]}]}
        for kind, target in kinds.items()
    }
    plans["ONCALL_SCHEDULE"] = {"RotationIds": [wrong, account.web.arn]}
    arns = {kind: f"{prefix}contact/{kind.lower()}" for kind in plans}
    account.service.load_resources(
        *(
            {"ContactArn": arns[kind], "Alias": kind.lower(), "Type": kind, "Plan": plan}
            for kind, plan in plans.items()
        )
    )
    for arn in arns.values():
        timeline = account.client.preview(arn, at=MONDAY)
        assert [(each.arn, each.reason) for each in timeline.skipped] == [(wrong, "unreadable")]
    for kind in ("ESCALATION", "ONCALL_SCHEDULE"):
        (hidden,) = account.client.on_call(arns[kind], at=MONDAY).unreadable
        assert isinstance(hidden.error, InvalidValueError)
    lane = account.client.calendar(arns["ONCALL_SCHEDULE"], since=MONDAY).lanes[0]
    assert isinstance(lane.error, InvalidValueError)
    assert wrong in account.unreadable()


# On call ------------------------------------------------------------------------------------------


def test_an_unreadable_rotation_is_an_unknown_assignment(
    account: Account,
) -> None:
    account.fail("ListRotationShifts")
    on_call = account.client.on_call(account.schedule, at=MONDAY)
    web, night = on_call.assignments
    assert (web.is_known, web.contact_ids) == (False, ())
    assert isinstance(web.error, AccessDeniedError)
    assert (night.is_known, night.contact_ids) == (True, (account.mary.arn,))
    assert on_call.unreadable == (web,)
    # Akua may be on call in the unreadable rotation.
    assert (on_call.next_change, on_call.covers_a_year) == (None, False)
    assert on_call.examined_until == MONDAY
    assert str(on_call).splitlines() == [
        "On call at Mon 2025-01-06 09:00 UTC:",
        "  web: could not be read (AccessDeniedException)",
        "  night: mary until Tue 2025-01-07 09:00 UTC",
        "Next: not known, because not everything could be read",
    ]


def test_an_unreadable_earlier_stage_is_not_skipped(account: Account) -> None:
    account.fail("GetContact", NO_KEY, nth=2)
    on_call = account.client.on_call(account.escalation, at=MONDAY)
    hidden, akua = on_call.assignments
    assert (hidden.target_arn, hidden.stage_index) == (account.schedule.arn, 0)
    assert code_of(hidden.error) == "DataEncryptionException"
    assert (akua.target_arn, akua.contact_ids) == (account.akua.arn, (account.akua.arn,))
    # A page goes first to the people on call in the first stage, and they are unknown.
    assert on_call.engaged_first == ()
    assert on_call.contact_ids == (account.akua.arn,)
    assert str(on_call).splitlines()[1:] == [
        "  stage 1, primary: could not be read (DataEncryptionException)",
        "  stage 2, always: akua",
        "Next: not known, because not everything could be read",
    ]


def test_shifts_before_an_unreadable_page_are_known(account: Account) -> None:
    """The rotation has one person, so all pages of the year are read."""
    alone = account.rotation("alone", account.mary)
    in_pages_of(account.client, 100)
    account.fail("ListRotationShifts", nth=3)
    on_call = account.client.on_call(alone, at=MONDAY)
    (assignment,) = on_call.assignments
    assert (assignment.is_known, assignment.contact_ids) == (True, (account.mary.arn,))
    assert isinstance(assignment.error, AccessDeniedError)
    assert on_call.unreadable == ()
    assert (on_call.next_change, on_call.covers_a_year) == (None, False)
    assert on_call.examined_until == MONDAY + 199 * A_DAY
    assert str(on_call).splitlines()[-1].endswith("not examined after that")


def in_pages_of(client: ContactsClient, size: int) -> None:
    """Make the service return smaller pages than requested, as it may."""

    def shrink(params: dict[str, Any], **_: object) -> None:
        params["MaxResults"] = min(size, params["MaxResults"])

    events = client.boto3_client.meta.events
    events.register("provide-client-params.ssm-contacts.ListRotationShifts", shrink)


def test_names_that_cannot_be_read_are_aliases(account: Account) -> None:
    account.fail("GetRotation")
    account.fail("GetContact")
    on_call = account.client.on_call(account.web, at=MONDAY)
    assert on_call.contact_ids == (account.akua.arn,)
    assert on_call.name_of(account.akua.arn) == "akua"
    assert on_call.unreadable == ()


# Previews -----------------------------------------------------------------------------------------


def test_a_preview_has_the_rest_and_what_is_unreadable(account: Account) -> None:
    account.fail("ListRotationShifts")
    timeline = account.client.preview(account.escalation, at=MONDAY)
    (hidden,) = timeline.unreadable
    assert (hidden.arn, hidden.reason) == (account.web.arn, "unreadable")
    assert isinstance(hidden.error, AccessDeniedError)
    assert hidden.path[-1].contact_arn == account.schedule.arn
    people = [timeline.name_of(each.path[-1].contact_arn) for each in timeline.sends]
    assert people == ["mary", "akua"]
    assert timeline.summary == (
        "2 pages go to mary and akua. Nobody acknowledges: after 10 min all that could be read has "
        "been tried. Others may be paged: web could not be read (AccessDeniedException)."
    )
    why = "the rotation web could not be read (AccessDeniedException)"
    expected = f"0 min: not known, because {why}: it is not known who is on call in it"
    assert expected in timeline.to_svg()
    assert "could not be read" in timeline.to_text(width=160)
    assert "nobody is on call" not in timeline.to_text(width=160)


def test_a_rotation_without_a_readable_name_is_named_by_its_arn(
    account: Account,
) -> None:
    account.fail("ListRotationShifts")
    account.fail("GetRotation")
    timeline = account.client.preview(account.escalation, at=MONDAY)
    (hidden,) = timeline.unreadable
    assert (hidden.arn, hidden.reason) == (account.web.arn, "unreadable")
    assert f"{account.web.arn.rpartition('/')[2]} could not be read" in timeline.summary


def test_an_unreadable_schedule_is_not_reported_as_without_people(
    account: Account,
) -> None:
    account.service.faults.add(DENIED, operation="ListRotationShifts", times=2)
    timeline = account.client.preview(account.schedule, at=MONDAY)
    assert [each.reason for each in timeline.skipped] == ["unreadable", "unreadable"]
    assert timeline.summary.startswith(
        "Nobody is known to be paged: all that could be read has been tried. Others may be paged: "
    )


@pytest.mark.parametrize(
    ("nth", "who"),
    # The schedule that the escalation plan names, and a person on call in it
    [(2, "schedule"), (3, "akua")],
)
def test_an_unreadable_contact_is_not_reported_as_deleted(
    account: Account, nth: int, who: str
) -> None:
    account.fail("GetContact", NO_KEY, nth=nth)
    timeline = account.client.preview(account.escalation, at=MONDAY)
    hidden: ContactRecord = getattr(account, who)
    assert {each.arn for each in timeline.unreadable} == {hidden.arn}
    assert {each.reason for each in timeline.skipped} == {"unreadable"}
    name = timeline.name_of(hidden.arn)
    text = f"{name} could not be read (DataEncryptionException): it is not known whom it would page"
    assert text in timeline.to_svg()
    assert "skipped, or could not be read" in timeline.to_svg()


def test_an_unreadable_channel_is_not_reported_as_deleted(account: Account) -> None:
    (channel,) = account.client.channels.list(account.akua)
    account.fail("ListContactChannels")
    account.fail("GetContactChannel")
    timeline = account.client.preview(account.akua, at=MONDAY)
    (hidden,) = timeline.skipped
    assert (hidden.arn, hidden.reason) == (channel.arn, "unreadable")
    assert timeline.sends == ()
    assert "of akua could not be read (AccessDeniedException)" in timeline.to_svg()


def test_a_preview_does_not_depend_on_the_list_of_channels(account: Account) -> None:
    account.fail("ListContactChannels")
    timeline = account.client.preview(account.akua, at=MONDAY)
    assert (len(timeline.sends), timeline.unreadable) == (1, ())


def test_events_after_an_acknowledgement_can_be_unreadable(account: Account) -> None:
    account.client.contacts.update(
        account.escalation,
        plan=Plan.escalation()
        .stage(minutes=5)
        .contact(account.akua, essential=True)
        .stage(minutes=5)
        .contact(account.mary, essential=True)
        .build(),
    )
    account.fail("GetContact", nth=3)
    at_once = {account.akua: timedelta(minutes=1)}
    timeline = account.client.preview(account.escalation, at=MONDAY, acknowledge=at_once)
    assert timeline.skipped == ()
    assert [each.arn for each in timeline.unreadable] == [account.mary.arn]


# Calendars ----------------------------------------------------------------------------------------


def test_an_unreadable_lane_is_not_a_lane_without_people(account: Account) -> None:
    account.fail("ListRotationShifts")
    calendar = account.client.calendar(
        account.schedule, since=MONDAY - A_DAY, until=MONDAY + 3 * A_DAY
    )
    web, night = calendar.lanes
    assert (web.name, web.shifts) == ("web", ())
    assert isinstance(web.error, AccessDeniedError)
    assert night.error is None
    assert calendar.unreadable == (web,)
    # Before Monday nobody is on call in night. Whether anybody is in web is not known.
    (gap,) = calendar.gaps
    assert (gap.start_time, gap.end_time, gap.is_certain) == (MONDAY - A_DAY, MONDAY, False)
    assert [each.is_certain for each in calendar.gaps_in(web)] == [False]
    assert [each.is_certain for each in calendar.gaps_in(night)] == [True]


def test_the_picture_of_a_calendar_shows_what_is_not_known(account: Account) -> None:
    account.fail("ListRotationShifts")
    calendar = account.client.calendar(
        account.schedule, since=MONDAY - A_DAY, until=MONDAY + 3 * A_DAY
    )
    unknown = (
        "It is not known who is on call in web: its shifts could not be read "
        "(AccessDeniedException)"
    )
    for picture in (calendar.to_svg(), calendar.to_text(width=100)):
        assert unknown in picture.replace("\n", " ")
        assert "Nobody known" in picture
        assert "Nobody at all" not in picture
        assert "Nobody in the other rotations is on call once" in picture
    assert "not known whether anybody is on call" in calendar.to_svg()
    account.fail("ListRotationShifts")
    alone = account.client.calendar(account.web, since=MONDAY, until=MONDAY + 3 * A_DAY)
    assert "Nobody" not in alone.to_text(width=100)
    assert "all the time" not in alone.to_text(width=100)


def test_an_icalendar_file_has_what_is_not_known(account: Account) -> None:
    account.fail("ListRotationShifts")
    calendar = account.client.calendar(account.schedule, since=MONDAY, until=MONDAY + 2 * A_DAY)
    ics = calendar.to_ics().decode().replace("\r\n ", "")
    assert ics.count("BEGIN:VEVENT") == 1 + 2
    assert "SUMMARY:Not known who is on call: web" in ics
    assert "DESCRIPTION:The shifts could not be read (AccessDeniedException)." in ics
    assert ics == calendar.to_ics().decode().replace("\r\n ", "")


def test_an_uncertain_gap_is_not_an_event_that_nobody_is_on_call(
    account: Account,
) -> None:
    account.fail("ListRotationShifts")
    calendar = account.client.calendar(account.schedule, since=MONDAY - A_DAY, until=MONDAY + A_DAY)
    ics = calendar.to_ics(gaps=True).decode().replace("\r\n ", "")
    assert "SUMMARY:Not known whether anybody is on call: " in ics
    assert "DESCRIPTION:Could not be read: web." in ics
    assert "Nobody" not in ics
    account.fail("ListRotationShifts")
    alone = account.client.calendar(account.web, since=MONDAY, until=MONDAY + A_DAY)
    assert "Nobody" not in alone.to_ics().decode()


def test_an_unreadable_rotation_can_have_readable_shifts(account: Account) -> None:
    account.fail("GetRotation")
    calendar = account.client.calendar(account.schedule, since=MONDAY, until=MONDAY + 2 * A_DAY)
    web = calendar.lanes[0]
    assert isinstance(web.rotation_error, AccessDeniedError)
    assert (web.error, web.time_zone_id, len(web.shifts)) == (None, None, 2)
    assert (calendar.gaps, calendar.unreadable) == ((), ())
    assert "no such rotation" not in calendar.to_text(width=160)
    assert "could not be read" in calendar.to_svg()


# Errors that are raised ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        (not_onboarded(), AccountNotOnboardedError),
        (service_error("ThrottlingException", "slower"), ThrottlingError),
        (service_error("InternalServerException", "failed"), InternalServerError),
        (service_error("ExpiredTokenException", "expired"), CredentialsError),
        (connection_reset(), TransportError),
    ],
)
@pytest.mark.parametrize("query", ["audit", "preview", "on_call", "calendar"])
def test_an_error_that_affects_every_request_is_raised(
    service: LocalService, query: str, effect: Effect, error: type[ContactsError]
) -> None:
    account = Account(service, service.client(retry=RetryPolicy(attempts=1)))
    operation = "GetContact" if query in ("audit", "preview") else "ListRotationShifts"
    nth = 2 if query == "preview" else 1
    account.fail(operation, effect, nth=nth)
    queries: dict[str, Callable[[], object]] = {
        "audit": account.client.audit,
        "preview": lambda: account.client.preview(account.escalation),
        "on_call": lambda: account.client.on_call(account.schedule),
        "calendar": lambda: account.client.calendar(account.schedule),
    }
    with pytest.raises(error):
        queries[query]()


@pytest.mark.parametrize("effect", CONCERN_ONE_RESOURCE, ids=CODES)
def test_an_unreadable_target_is_an_error(account: Account, effect: Effect) -> None:
    client = account.client
    for operation, query in (
        ("GetContact", lambda: client.on_call(account.schedule)),
        ("GetContact", lambda: client.on_call(account.escalation)),
        ("ListRotationShifts", lambda: client.on_call(account.web)),
        ("GetContact", lambda: client.preview(account.escalation)),
        ("GetContact", lambda: client.preview(account.akua)),
        ("GetContact", lambda: client.calendar(account.schedule)),
        ("GetRotation", lambda: client.calendar(account.web)),
        ("ListContacts", client.audit),
    ):
        account.service.faults.add(effect, operation=operation, times=None)
        with pytest.raises(ContactsError) as caught:
            query()
        assert code_of(caught.value) in CODES
        account.service.faults.clear()


# Pages --------------------------------------------------------------------------------------------


def test_whole_lists_are_read_in_the_largest_pages(account: Account) -> None:
    times = [time(hour, minute) for hour, minute in product(range(24), (0, 30))]
    dense = account.client.rotations.create(
        Rotation(
            name="dense",
            contact_ids=[account.akua],
            start_time=MONDAY,
            time_zone_id="UTC",
            recurrence=Recurrence.daily(*times),
        )
    )
    before = len(account.service.requests)
    calendar = account.client.calendar(dense, since=MONDAY, until=MONDAY + 100 * A_DAY)
    requests = account.service.requests[before:]
    assert len(calendar.lanes[0].shifts) == 4800
    pages = [each.body for each in requests if each.operation == "ListRotationShifts"]
    assert len(pages) == 5
    before = len(account.service.requests)
    account.client.audit(horizon=100 * A_DAY)
    requests = account.service.requests[before:]
    lists = [each for each in requests if each.operation.startswith("List")]
    assert {each.body["MaxResults"] for each in lists} == {1024}
    # Two rotations with one page each, and this one
    assert [each.operation for each in lists].count("ListRotationShifts") == 2 + 5
