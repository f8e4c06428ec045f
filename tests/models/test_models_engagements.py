from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from arns import PREFIX, channel_arn, contact_arn, engagement_arn, page_arn
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE, PRIVATE, SUBJECT, TOKEN

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    Contact,
    ContactRecord,
    ContactType,
    Engagement,
    EngagementSummary,
    Page,
    PageSummary,
    Receipt,
    ReceiptType,
    Resolution,
    from_response,
)
from ssm_contacts_sdk._models.engagements import AcceptCode, Note, StopReason
from ssm_contacts_sdk._schema.values import check_of

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")
ENGAGED = engagement_arn("akuam")
PAGED = page_arn("akuam")
INCIDENT = "arn:aws:ssm-incidents::111122223333:incident-record/web/1"

START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - it is what is rejected
NO_ZONE = "no_time_zone"
ENGAGEMENT: dict[str, Any] = {"arn": ENGAGED, "contact_arn": AKUA, "sender": "web"}
PAGE: dict[str, Any] = {**ENGAGEMENT, "arn": PAGED, "engagement_arn": ENGAGED}
MESSAGES: dict[str, Any] = {"subject": "down", "content": "it is down"}


def engagement(**changed: Any) -> Engagement:
    return Engagement(**{**ENGAGEMENT, **MESSAGES, **changed})


def engagement_summary(**changed: Any) -> EngagementSummary:
    return EngagementSummary(**{**ENGAGEMENT, **changed})


def page(**changed: Any) -> Page:
    return Page(**{**PAGE, **MESSAGES, **changed})


def page_summary(**changed: Any) -> PageSummary:
    return PageSummary(**{**PAGE, **changed})


def receipt(**changed: Any) -> Receipt:
    arguments: Any = {"channel_arn": SMS, "type": ReceiptType.SENT, "time": START}
    return Receipt(**{**arguments, **changed})


def resolution(**changed: Any) -> Resolution:
    arguments: Any = {"contact_arn": AKUA, "type": ContactType.PERSONAL}
    return Resolution(**{**arguments, **changed})


ENGAGEMENTS = [engagement, engagement_summary]
PAGES = [page, page_summary]
each_kind = pytest.mark.parametrize("make", [*ENGAGEMENTS, *PAGES])
each_message = pytest.mark.parametrize("make", [engagement, page])
TIMES = [
    *[(make, name) for make in ENGAGEMENTS for name in ("start_time", "stop_time")],
    *[(make, name) for make in PAGES for name in ("sent_time", "delivery_time", "read_time")],
]
each_time = pytest.mark.parametrize(("make", "name"), TIMES)
NO_TEXTS: list[tuple[Any, str]] = [
    (5, "int"),
    (True, "bool"),
    ({}, "dict"),
    (["a"], "list"),
    (b"a", "bytes"),
]


# Engagements and pages ------------------------------------------------------------------


def test_members_that_are_absent_are_none() -> None:
    engaged, paged = engagement_summary(), page_summary()
    assert (engaged.incident_id, engaged.start_time, engaged.stop_time) == (None, None, None)
    assert paged.incident_id is None
    assert (paged.sent_time, paged.delivery_time, paged.read_time) == (None, None, None)
    for message in (engagement(), page()):
        assert (message.public_subject, message.public_content) == (None, None)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        *[(EngagementSummary, name) for name in ENGAGEMENT],
        *[(PageSummary, name) for name in PAGE],
        *[(Engagement, name) for name in {**ENGAGEMENT, **MESSAGES}],
        *[(Page, name) for name in {**PAGE, **MESSAGES}],
    ],
)
def test_fields_that_the_service_always_sends_are_required(make: Any, name: str) -> None:
    arguments = {**PAGE, **MESSAGES}
    names = {field.name for field in attrs.fields(make)} - {name}
    with pytest.raises(TypeError, match=f"'{name}'"):
        make(**{field: arguments[field] for field in names & {*arguments}})


@pytest.mark.parametrize(
    ("make", "name", "wanted", "wrong", "kind"),
    [
        *[(make, "arn", "an engagement", PAGED, "a page") for make in ENGAGEMENTS],
        *[(make, "arn", "a page", ENGAGED, "an engagement") for make in PAGES],
        *[(make, "engagement_arn", "an engagement", AKUA, "a contact") for make in PAGES],
        *[
            (make, "contact_arn", "a contact", ENGAGED, "an engagement")
            for make in (*ENGAGEMENTS, *PAGES, resolution)
        ],
        (receipt, "channel_arn", "a contact-channel", PAGED, "a page"),
    ],
)
def test_each_arn_is_of_its_kind(
    rejected: Rejected, make: Any, name: str, wanted: str, wrong: str, kind: str
) -> None:
    other = f"{PREFIX}something-new/1"
    assert getattr(make(**{name: other}), name) == other
    of_another = [(name, "wrong_kind_of_arn")]
    assert rejected(make, **{name: wrong}) == of_another
    assert rejected(attrs.evolve, make(), **{name: wrong}) == of_another
    assert rejected(make, **{name: 5}) == [(name, "wrong_type")]
    assert rejected(make, **{name: ""}) == [(name, "too_short")]
    for text in ("akuam", PHONE):
        assert rejected(make, **{name: text}) == [
            (
                name,
                "not_an_arn",
            )
        ]


def test_these_fields_are_arns_and_not_records(rejected: Rejected) -> None:
    record = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
    for make in (engagement, page, resolution):
        ((path, rule),) = rejected(make, contact_arn=record)
        assert path == "contact_arn"
        assert rule.startswith("wrong_type")


@pytest.mark.parametrize(
    "text", ["", "w", "web-team 1", EMAIL, "\\_@#%*+=:?./!-", "\t\n\r\f\v", "w" * 255]
)
@each_kind
def test_a_sender_is_of_ascii_letters_digits_white_space_and_signs(make: Any, text: str) -> None:
    assert make(sender=text).sender == text


SENDER_LETTERS = (
    "sender",
    "wrong_characters",
)


@pytest.mark.parametrize("text", ["é", "a,b", "it's", "(a)", "a&b", "\u0661", "a\u00a0b", "\0"])
@each_kind
def test_a_sender_may_contain_nothing_else(rejected: Rejected, make: Any, text: str) -> None:
    assert rejected(make, sender=text) == [SENDER_LETTERS]


@given(st.text(max_size=20) | st.text("aZ9\\_@#%*+=:?./!- \t\n,é", max_size=20))
def test_a_sender_matches_the_pattern_of_aws_model(rejected: Rejected, text: str) -> None:
    if re.fullmatch(r"[\\a-zA-Z0-9_@#%*+=:?.\/!\s-]*", text, re.ASCII):
        assert engagement_summary(sender=text).sender == text
    else:
        assert rejected(engagement_summary, sender=text) == [SENDER_LETTERS]


@pytest.mark.parametrize("length", [256, 5000])
@each_kind
def test_a_sender_has_up_to_255_characters(rejected: Rejected, make: Any, length: int) -> None:
    expected = ("sender", "too_long")
    assert rejected(make, sender="w" * length) == [expected]


@pytest.mark.parametrize(("value", "name"), [*NO_TEXTS, (None, "NoneType")])
@each_kind
def test_a_sender_is_a_str(rejected: Rejected, make: Any, value: Any, name: str) -> None:
    assert rejected(make, sender=value) == [("sender", "wrong_type")]


@pytest.mark.parametrize("text", [None, "", INCIDENT, "é", "i" * 1024])
@each_kind
def test_an_incident_is_any_str_or_none(make: Any, text: str | None) -> None:
    assert make(incident_id=text).incident_id == text


@each_kind
def test_an_incident_has_up_to_1024_characters(rejected: Rejected, make: Any) -> None:
    assert rejected(make, incident_id="i" * 1025) == [("incident_id", "too_long")]


@pytest.mark.parametrize(("value", "name"), NO_TEXTS)
@each_kind
def test_an_incident_is_a_str(rejected: Rejected, make: Any, value: Any, name: str) -> None:
    assert rejected(make, incident_id=value) == [("incident_id", "wrong_type")]


@each_time
def test_a_time_is_an_instant_or_none(rejected: Rejected, make: Any, name: str) -> None:
    assert getattr(make(**{name: None}), name) is None
    there = START.astimezone(ZoneInfo("Asia/Tokyo"))
    assert make(**{name: there}) == make(**{name: START})
    assert rejected(make, **{name: NAIVE}) == [(name, NO_ZONE)]
    assert rejected(attrs.evolve, make(), **{name: NAIVE}) == [(name, NO_ZONE)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [(5, "int"), (True, "bool"), (PHONE, "str"), ({}, "dict"), (date(2025, 1, 6), "date")],
)
@each_time
def test_a_time_is_a_datetime(
    rejected: Rejected, make: Any, name: str, value: Any, kind: str
) -> None:
    assert rejected(make, **{name: value}) == [(name, "wrong_type")]


def test_the_order_of_times_is_the_services_to_know() -> None:
    before = START - timedelta(days=1)
    assert engagement(start_time=START, stop_time=before).stop_time == before
    assert page(sent_time=START, delivery_time=before, read_time=before).read_time == before


# Messages -----------------------------------------------------------------------------------------

LIMITS = [
    ("subject", 2048),
    ("content", 8192),
    ("public_subject", 2048),
    ("public_content", 8192),
]
each_text = pytest.mark.parametrize(("name", "most"), LIMITS)


@each_text
@each_message
def test_a_message_is_of_any_characters_up_to_its_limit(make: Any, name: str, most: int) -> None:
    for text in ("a", "\n", "\0", "山田 🔥", "e\u0301", "é" * most, "𠮷" * most):
        assert getattr(make(**{name: text}), name) == text


@each_text
@each_message
def test_a_message_is_neither_empty_nor_longer(
    rejected: Rejected, make: Any, name: str, most: int
) -> None:
    for length in (0, most + 1):
        expected = (name, "too_long" if length else "too_short")
        assert rejected(make, **{name: "a" * length}) == [expected]
        assert rejected(attrs.evolve, make(), **{name: "a" * length}) == [expected]


@pytest.mark.parametrize(("value", "kind"), NO_TEXTS)
@each_text
@each_message
def test_a_message_is_a_str(
    rejected: Rejected, make: Any, name: str, most: int, value: Any, kind: str
) -> None:
    assert rejected(make, **{name: value}) == [(name, "wrong_type")]


@pytest.mark.parametrize("name", ["subject", "content"])
@each_message
def test_messages_are_required(rejected: Rejected, make: Any, name: str) -> None:
    assert rejected(make, **{name: None}) == [(name, "wrong_type")]


@each_message
def test_the_repr_does_not_show_messages(make: Any) -> None:
    messages = dict(zip([name for name, _ in LIMITS], (SUBJECT, PHONE, EMAIL, TOKEN), strict=True))
    shown = repr(make(**messages))
    assert not [private for private in PRIVATE if private in shown]
    assert shown.endswith(", subject=..., content=..., public_subject=..., public_content=...)")
    assert make(**messages).subject == SUBJECT


def test_all_other_fields_are_in_the_repr() -> None:
    assert repr(engagement_summary(incident_id=INCIDENT, start_time=START)) == (
        f"EngagementSummary(arn={ENGAGED!r}, contact_arn={AKUA!r}, sender='web', "
        f"incident_id={INCIDENT!r}, start_time={START!r}, stop_time=None)"
    )
    assert repr(page()) == (
        f"Page(arn={PAGED!r}, engagement_arn={ENGAGED!r}, contact_arn={AKUA!r}, sender='web', "
        "incident_id=None, sent_time=None, delivery_time=None, read_time=None, "
        "subject=..., content=..., public_subject=..., public_content=...)"
    )


def test_values_with_different_messages_are_not_equal() -> None:
    """Fields that the repr does not show are compared too."""
    for make in (engagement, page):
        for name, _ in LIMITS:
            assert make(**{name: "one"}) != make(**{name: "another"})
    assert receipt(info="one") != receipt(info="another")


def test_a_full_record_is_a_summary_and_equal_to_none() -> None:
    assert isinstance(engagement(), EngagementSummary)
    assert isinstance(page(), PageSummary)
    assert engagement() != engagement_summary()
    assert page() != page_summary()


def test_all_violations_of_an_engagement_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "arn": PAGED,
        "contact_arn": 5,
        "sender": f"{SUBJECT},",
        "incident_id": 5,
        "start_time": NAIVE,
        "stop_time": SUBJECT,
        "subject": "",
        "content": None,
        "public_subject": 5,
        "public_content": "",
    }
    expected = [
        ("arn", "wrong_kind_of_arn"),
        ("contact_arn", "wrong_type"),
        SENDER_LETTERS,
        ("incident_id", "wrong_type"),
        ("start_time", NO_ZONE),
        ("stop_time", "wrong_type"),
        ("subject", "too_short"),
        ("content", "wrong_type"),
        ("public_subject", "wrong_type"),
        ("public_content", "too_short"),
    ]
    assert rejected(engagement, **arguments) == expected
    for name, _ in LIMITS:
        del arguments[name]
    assert rejected(engagement_summary, **arguments) == expected[:-4]


def test_all_violations_of_a_page_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "arn": ENGAGED,
        "engagement_arn": PAGED,
        "contact_arn": SMS,
        "sender": None,
        "sent_time": 5,
        "delivery_time": NAIVE,
        "read_time": "",
        "subject": None,
        "content": "",
    }
    expected = [
        ("arn", "wrong_kind_of_arn"),
        ("engagement_arn", "wrong_kind_of_arn"),
        ("contact_arn", "wrong_kind_of_arn"),
        ("sender", "wrong_type"),
        ("sent_time", "wrong_type"),
        ("delivery_time", NO_ZONE),
        ("read_time", "wrong_type"),
        ("subject", "wrong_type"),
        ("content", "too_short"),
    ]
    assert rejected(page, **arguments) == expected
    del arguments["subject"], arguments["content"]
    assert rejected(page_summary, **arguments) == expected[:-2]


# Receipts -----------------------------------------------------------------------------------------

ENUMS: list[tuple[Any, str, Any, str]] = [
    (receipt, "type", ReceiptType, "DELIVERED, ERROR, READ, SENT, STOP"),
    (resolution, "type", ContactType, "PERSONAL, ESCALATION, ONCALL_SCHEDULE"),
]
NO_WORDS: list[tuple[Any, str]] = [
    (None, "NoneType"),
    (5, "int"),
    (True, "bool"),
    ({}, "dict"),
    (["SENT"], "list"),
]
each_enum = pytest.mark.parametrize(("make", "name", "kind", "words"), ENUMS)


@each_enum
def test_a_type_is_a_word_that_is_known(make: Any, name: str, kind: Any, words: str) -> None:
    assert ", ".join(kind) == words
    for member in kind:
        assert getattr(make(**{name: member}), name) is member
        assert getattr(make(**{name: member.value}), name) is member


@each_enum
def test_no_other_word_is_a_type(
    rejected: Rejected, make: Any, name: str, kind: Any, words: str
) -> None:
    for word in ("", words.lower(), "SENT ", kind("NEW"), PHONE):
        assert rejected(make, **{name: word}) == [(name, "unknown_choice")]


@each_enum
def test_a_type_of_another_type_is_rejected(
    rejected: Rejected, make: Any, name: str, kind: Any, words: str
) -> None:
    for wrong, _ in [*NO_WORDS, (AcceptType.READ, "AcceptType")]:
        expected = (name, "wrong_type")
        assert rejected(make, **{name: wrong}) == [expected]


def test_the_words_of_an_acknowledgement() -> None:
    assert [*AcceptType] == ["DELIVERED", "READ"]
    assert [*AcceptCodeValidation] == ["IGNORE", "ENFORCE"]
    assert not AcceptType("SENT").is_known
    assert not AcceptCodeValidation("ignore").is_known


def test_only_type_and_time_of_a_receipt_are_required() -> None:
    bare = Receipt(type=ReceiptType.READ, time=START)
    assert (bare.channel_arn, bare.info) == (None, None)
    kind: Any = Receipt
    for arguments, missed in (({"type": "READ"}, "time"), ({"time": START}, "type")):
        with pytest.raises(TypeError, match=f"'{missed}'"):
            kind(**arguments)


@pytest.mark.parametrize("text", ["a", CODE, "\n", "é" * 2048])
def test_the_info_of_a_receipt_is_any_str(text: str) -> None:
    assert receipt(info=text).info == text


def test_the_info_of_a_receipt_has_1_to_2048_characters(rejected: Rejected) -> None:
    for length in (0, 2049):
        assert rejected(receipt, info="a" * length) == [
            ("info", "too_long" if length else "too_short")
        ]
    for value, _ in NO_TEXTS:
        assert rejected(receipt, info=value) == [("info", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (5, "int"), (True, "bool"), ("", "str"), (date(2025, 1, 6), "date")],
)
def test_the_time_of_a_receipt_is_an_instant(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(receipt, time=value) == [("time", "wrong_type")]
    assert rejected(receipt, time=NAIVE) == [("time", NO_ZONE)]
    assert rejected(attrs.evolve, receipt(), time=NAIVE) == [("time", NO_ZONE)]


def test_the_repr_of_a_receipt_does_not_show_its_info() -> None:
    shown = repr(receipt(info=CODE))
    assert CODE not in shown
    assert shown == (
        f"Receipt(channel_arn={SMS!r}, type=<ReceiptType.SENT: 'SENT'>, info=..., time={START!r})"
    )


def test_all_violations_of_a_receipt_are_reported_at_once(rejected: Rejected) -> None:
    assert rejected(receipt, channel_arn=AKUA, type="LOST", info="", time=None) == [
        ("channel_arn", "wrong_kind_of_arn"),
        ("type", "unknown_choice"),
        ("info", "too_short"),
        ("time", "wrong_type"),
    ]


# Resolutions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [None, 0, 1, 99, 100])
def test_the_stage_index_of_a_step_is_at_most_100(stage: int | None) -> None:
    assert resolution(stage_index=stage).stage_index == stage


@pytest.mark.parametrize("stage", [-1, 101, 9999])
def test_another_stage_index_of_a_step_is_rejected(rejected: Rejected, stage: int) -> None:
    expected = [("stage_index", "too_small" if stage < 0 else "too_large")]
    assert rejected(resolution, stage_index=stage) == expected
    assert rejected(attrs.evolve, resolution(), stage_index=stage) == expected


@pytest.mark.parametrize(
    ("value", "name"), [(True, "bool"), (1.0, "float"), ("1", "str"), ({}, "dict")]
)
def test_a_stage_is_an_int(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(resolution, stage_index=value) == [("stage_index", "wrong_type")]


def test_a_stage_that_may_be_private_is_not_shown(rejected: Rejected) -> None:
    assert rejected(resolution, stage_index=int(CODE)) == [("stage_index", "too_large")]


def test_all_violations_of_a_resolution_are_reported_at_once(rejected: Rejected) -> None:
    contact: Any = Contact(alias="akuam", type=ContactType.PERSONAL)
    violations = rejected(resolution, contact_arn=contact, type="TEAM", stage_index=False)
    assert violations[0][1].startswith("wrong_type")
    assert violations[1:] == [
        ("type", "unknown_choice"),
        ("stage_index", "wrong_type"),
    ]


# Responses, and the messages of a call ------------------------------------------------------------


def test_a_value_that_was_read_is_checked_when_it_is_evolved(rejected: Rejected) -> None:
    read = from_response(
        Receipt, {"ReceiptType": "LOST", "ReceiptTime": START, "ReceiptInfo": "", "New": 1}
    )
    assert rejected(attrs.evolve, read) == [
        ("type", "unknown_choice"),
        ("info", "too_short"),
    ]


@pytest.mark.parametrize("private", PRIVATE)
def test_a_error_never_repeats_its_input(rejected: Rejected, private: str) -> None:
    for make in (engagement, page, receipt, resolution):
        fields = [field.name for field in attrs.fields(type(make()))]
        shown = rejected(make, **{name: [private] for name in fields})
        assert [path for path, _ in shown] == fields
        assert private not in str(shown)


@pytest.mark.parametrize(
    ("annotation", "least", "most"),
    [(StopReason, 0, 255), (Note, 1, 2048), (AcceptCode, 6, 10)],
)
def test_the_messages_of_a_call_have_their_limits(annotation: Any, least: int, most: int) -> None:
    for length in (least, most):
        assert check_of(annotation)("0" * length) == ()
    for length in {least - 1, most + 1} - {-1}:
        (found,) = check_of(annotation)("0" * length)
        assert found.code == ("too_short" if length < least else "too_long")


def test_a_code_is_of_ascii_digits_and_other_strs_are_of_any_characters() -> None:
    for text in ("12345a", "123456\n", "\u0661" * 6, " 123456"):
        (violation,) = check_of(AcceptCode)(text)
        assert violation.code == "wrong_characters"
        assert check_of(Note)(text) == ()
        assert check_of(StopReason)(text) == ()
    assert check_of(AcceptCode)(CODE) == ()
