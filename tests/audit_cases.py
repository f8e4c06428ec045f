"""For each rule of an audit: accounts in which it finds a problem, and accounts without it."""

from __future__ import annotations

from collections.abc import Sequence

from account_snapshots import (
    ELSEWHERE,
    Hidden,
    Record,
    calendar,
    channel,
    escalation,
    override,
    person,
    reachable,
    schedule,
    shift,
    stage,
    to_channel,
    to_contact,
)
from attrs import frozen
from sentinels import PHONE, email_address, phone_number

from ssm_contacts_sdk import Channel, Severity

INFO, WARNING, ERROR = Severity
Account = Sequence["Record | list[Record]"]


@frozen
class Case:
    """An account in which a rule has one finding."""

    rule: str
    severity: Severity
    resource: str
    text: str
    account: Account


AKUA = reachable("akua", "Akua Mansa")
MARY = reachable("mary")
WEB = [*AKUA, *MARY, calendar("web", "akua mary"), schedule("s", "web")]
UNREACHABLE = person("dora")
WHOLE = "from 2025-01-06T09:00:00Z until 2025-02-05T09:00:00Z"

WITH_FINDING = [
    Case(
        "unreachable-person",
        ERROR,
        "contact/dora",
        "No page would reach dora: their plan has no channels.",
        [UNREACHABLE],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: their plan has no channels.",
        [person("a", stage(5)), channel("a/1")],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: every channel in their plan belongs to another person.",
        [AKUA, person("a", stage(5, to_channel("akua/1")))],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: every channel in their plan is not activated or belongs to "
        "another person.",
        [
            AKUA,
            person("a", stage(5, to_channel("akua/1"), to_channel("a/1"))),
            channel("a/1", activated=False),
        ],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: their plan names a channel of another person, and none of "
        "their own.",
        [AKUA, person("a", stage(5, to_channel("akua/1"), to_contact("akua")))],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: no channel in their plan is activated.",
        [person("a", stage(5, to_channel("a/1"))), channel("a/1", activated=False)],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: every channel in their plan was deleted.",
        [person("a", stage(5, to_channel("a/1")))],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: every channel in their plan was deleted or is not activated.",
        [
            person("a", stage(5, to_channel("a/1"), to_channel("a/2"))),
            channel("a/1", activated=False),
        ],
    ),
    Case(
        "unreachable-person",
        ERROR,
        "contact/a",
        "No page would reach a: their plan names nothing that can be paged.",
        [person("a", stage(5, to_channel(f"{ELSEWHERE}contact-channel/z/1"), to_channel("a/2")))],
    ),
    Case(
        "deleted-channel",
        WARNING,
        "contact/a",
        "The plan of a names a deleted channel in stages 1 and 3, and AWS documents that it "
        "ignores such a stage.",
        [
            person(
                "a",
                stage(5, to_channel("a/8")),
                stage(5, to_channel("a/1")),
                stage(5, to_channel("a/9")),
            ),
            channel("a/1"),
        ],
    ),
    Case(
        "deleted-channel",
        ERROR,
        "contact/a",
        "The plan of a names a deleted channel in stage 1: if AWS ignores such a stage, as "
        "it documents, no page reaches them.",
        [person("a", stage(5, to_channel("a/1"), to_channel("a/9"))), channel("a/1")],
    ),
    Case(
        "channel-not-activated",
        WARNING,
        "contact-channel/a/2",
        'The channel "sms 2" of a gets no pages: it is in a plan, but not activated.',
        [
            person("a", stage(5, to_channel("a/1"), to_channel("a/2"))),
            channel("a/1"),
            channel("a/2", activated=False),
        ],
    ),
    Case(
        "channel-not-activated",
        INFO,
        "contact-channel/akua/2",
        'The channel "sms 2" of Akua Mansa gets no pages: it is neither in a plan nor activated.',
        [AKUA, channel("akua/2", activated=False)],
    ),
    Case(
        "channel-in-no-plan",
        INFO,
        "contact-channel/akua/2",
        'The channel "sms 2" of Akua Mansa gets no pages: it is activated, but in no plan.',
        [AKUA, channel("akua/2")],
    ),
    Case(
        "channel-of-another-person",
        WARNING,
        "contact/a",
        'A page to "sms 1" in stage 1 of the plan of a goes to Akua Mansa, whose channel it is.',
        [AKUA, person("a", stage(5, to_channel("akua/1"), to_channel("a/1"))), channel("a/1")],
    ),
    Case(
        "shared-phone-number",
        WARNING,
        "contact/akua",
        "Akua Mansa and b have the same phone number, so one of them may get the pages of "
        "the others.",
        [
            AKUA,
            channel("akua/2", address=PHONE),
            channel("akua/3", described=Channel.voice("desk", phone_number(100))),
            person("b", stage(5, to_channel("b/1"), to_channel("b/2"))),
            channel("b/1", described=Channel.voice("home", PHONE)),
            channel("b/2", described=Channel.voice("desk", phone_number(100))),
        ],
    ),
    Case(
        "deleted-contact",
        ERROR,
        "contact/e",
        'Nobody is engaged for "old" in stages 1 and 2 of the escalation plan "e": it was deleted.',
        [
            AKUA,
            escalation(
                "e", stage(5, to_contact("old"), to_contact("akua")), stage(0, to_contact("old"))
            ),
        ],
    ),
    Case(
        "other-account",
        ERROR,
        "contact/e",
        'Nobody is engaged for "z" in stage 1 of the escalation plan "e": it belongs to '
        "another account.",
        [AKUA, escalation("e", stage(5, to_contact(f"{ELSEWHERE}contact/z"), to_contact("akua")))],
    ),
    Case(
        "other-account",
        ERROR,
        "contact/a",
        'No page goes to the channel "1" in stage 2 of the plan of a: it belongs to another '
        "account.",
        [
            person(
                "a",
                stage(5, to_channel("a/1")),
                stage(5, to_channel(f"{ELSEWHERE}contact-channel/z/1")),
            ),
            channel("a/1"),
        ],
    ),
    Case(
        "other-account",
        ERROR,
        "contact/t",
        'Nobody is engaged through the rotation "z", which the schedule "t" names: it '
        "belongs to another account.",
        [WEB, schedule("t", "web", f"{ELSEWHERE}rotation/z")],
    ),
    Case(
        "misplaced-target",
        WARNING,
        "contact/e",
        'Nobody is engaged for "sms 1" in stage 1 of the escalation plan "e": it is not a contact.',
        [AKUA, escalation("e", stage(5, to_channel("akua/1"), to_contact("akua")))],
    ),
    Case(
        "misplaced-target",
        WARNING,
        "contact/a",
        "Nobody is engaged for the contact Akua Mansa in stage 1 of the plan of a: it is not "
        "a channel.",
        [AKUA, person("a", stage(5, to_contact("akua"), to_channel("a/1"))), channel("a/1")],
    ),
    Case(
        "nested-escalation",
        WARNING,
        "contact/e",
        'Nobody is engaged for "f" in stage 1 of the escalation plan "e": it is an escalation '
        "plan itself.",
        [
            AKUA,
            escalation("e", stage(5, to_contact("f"), to_contact("akua"))),
            escalation("f", stage(5, to_contact("akua"))),
        ],
    ),
    Case(
        "nested-escalation",
        WARNING,
        "contact/e",
        'Nobody is engaged for "e" in stage 1 of the escalation plan "e": it is this plan itself.',
        [AKUA, escalation("e", stage(5, to_contact("e"), to_contact("akua")))],
    ),
    Case(
        "nothing-essential",
        WARNING,
        "contact/e",
        'No acknowledgement would end the escalation plan "e": none of its targets is essential.',
        [AKUA, escalation("e", stage(5, to_contact("akua", essential=False)))],
    ),
    Case(
        "nothing-essential",
        WARNING,
        "contact/e",
        'No acknowledgement would end the escalation plan "e": no page reaches dora or '
        '"old", and no other target is essential.',
        [
            AKUA,
            UNREACHABLE,
            escalation(
                "e",
                stage(
                    5, to_contact("akua", essential=False), to_contact("dora"), to_contact("old")
                ),
            ),
        ],
    ),
    Case(
        "unreachable-escalation",
        ERROR,
        "contact/e",
        'The escalation plan "e" would page nobody: it has no targets.',
        [escalation("e", stage(5))],
    ),
    Case(
        "unreachable-escalation",
        ERROR,
        "contact/e",
        'The escalation plan "e" would page nobody: it has no targets.',
        [escalation("e")],
    ),
    Case(
        "unreachable-escalation",
        ERROR,
        "contact/e",
        'The escalation plan "e" would page nobody: dora and max cannot be reached, "old" was '
        'deleted, "e" is an escalation plan itself and "s" has nobody on call whom a page can '
        "reach.",
        [
            UNREACHABLE,
            person("max"),
            calendar("r", "dora max"),
            schedule("s", "r"),
            escalation("e", stage(5, *map(to_contact, ["dora", "max", "old", "e", "s", "dora"]))),
        ],
    ),
    Case(
        "empty-stage",
        INFO,
        "contact/a",
        "Stages 2 and 4 of the plan of a only wait: they have no targets.",
        [
            person(
                "a", stage(5, to_channel("a/1")), stage(5), stage(5, to_channel("a/1")), stage(5)
            ),
            channel("a/1"),
        ],
    ),
    Case(
        "empty-stage",
        INFO,
        "contact/e",
        'Stage 1 of the escalation plan "e" only waits: it has no targets.',
        [AKUA, escalation("e", stage(30), stage(5), stage(5, to_contact("akua")))],
    ),
    Case(
        "empty-stage",
        INFO,
        "contact/e",
        'Stage 1 of the escalation plan "e" only waits: it has no targets.',
        [AKUA, escalation("e", stage(5), stage(30, to_contact("akua")))],
    ),
    Case(
        "late-retry",
        WARNING,
        "contact/a",
        'A page to "sms 1" in stage 2 of the plan of a would never be sent again: its retry '
        "interval is 5 minutes, and the stage lasts 5 minutes.",
        [
            person("a", stage(5, to_channel("a/1", 4)), stage(5, to_channel("a/1", 5))),
            channel("a/1"),
        ],
    ),
    Case(
        "late-retry",
        WARNING,
        "contact/a",
        'A page to "sms 1" in stage 1 of the plan of a would never be sent again: its retry '
        "interval is 1 minute, and the stage lasts 0 minutes.",
        [
            person("a", stage(0, to_channel("a/1", 1)), stage(5, to_channel("a/2"))),
            channel("a/1", activated=False),
            channel("a/2"),
        ],
    ),
    Case(
        "schedule-without-rotations",
        ERROR,
        "contact/s",
        'Nobody is ever on call in the schedule "s": it has no rotations.',
        [schedule("s")],
    ),
    Case(
        "schedule-without-rotations",
        ERROR,
        "contact/s",
        'Nobody is ever on call in the schedule "s": all rotations that it names were deleted.',
        [schedule("s", "old")],
    ),
    Case(
        "schedule-without-rotations",
        ERROR,
        "contact/s",
        'Nobody is ever on call in the schedule "s": all rotations that it names were '
        "deleted or belong to another account.",
        [schedule("s", "old", f"{ELSEWHERE}rotation/z")],
    ),
    Case(
        "deleted-rotation",
        ERROR,
        "contact/t",
        'Nobody is engaged through the rotation "old", which the schedule "t" names: it was '
        "deleted.",
        [WEB, schedule("t", "web", "old")],
    ),
    Case(
        "nobody-on-call",
        ERROR,
        "contact/s",
        'Nobody is on call in the schedule "s" in 3 gaps of 676 hours in all, the first of them '
        "from 2025-01-06T09:00:00Z until 2025-01-06T11:00:00Z.",
        [
            AKUA,
            MARY,
            calendar(
                "r",
                "akua mary",
                [shift("akua", 2, 24), shift("", 24, 26), shift("akua", 26, 40)],
            ),
            calendar("q", "mary akua", [shift("mary", 30, 48)]),
            schedule("s", "r", "q"),
        ],
    ),
    Case(
        "nobody-on-call",
        ERROR,
        "contact/s",
        'Nobody is on call in the schedule "s" from 2025-01-07T09:00:00Z until '
        '2025-01-07T11:00:00Z; an override leaves nobody on call in "r".',
        [
            AKUA,
            MARY,
            calendar(
                "r",
                "akua mary",
                [
                    shift("akua", 0, 24),
                    shift("", 24, 26, instead_of="mary"),
                    shift("mary", 26, 2000),
                ],
                [override("r", "", 24, 26)],
            ),
            schedule("s", "r"),
        ],
    ),
    Case(
        "rotation-in-no-schedule",
        INFO,
        "rotation/r",
        'Nobody is engaged through the rotation "r": it is in no on-call schedule.',
        [AKUA, MARY, calendar("r", "akua mary", [])],
    ),
    Case(
        "rotation-of-one",
        WARNING,
        "rotation/r",
        'Akua Mansa is always on call in the rotation "r": it has no other members.',
        [AKUA, calendar("r", "akua akua"), schedule("s", "r")],
    ),
    Case(
        "deleted-member",
        ERROR,
        "rotation/r",
        'No page would reach "old" in their shifts in the rotation "r": that contact was deleted.',
        [AKUA, calendar("r", "old akua old"), schedule("s", "r")],
    ),
    Case(
        "empty-override",
        WARNING,
        "rotation/r",
        'An override leaves nobody on call in the rotation "r" from 2025-01-07T15:00:00Z until '
        "2025-01-08T09:00:00Z.",
        [
            WEB,
            calendar("q", "mary akua", [shift("mary", 30, 2000)]),
            calendar(
                "r",
                "akua mary",
                [
                    shift("akua", 0, 24),
                    shift("", 24, 48, instead_of="mary"),
                    shift("akua", 48, 2000),
                ],
                [override("r", "", 24, 48)],
            ),
            schedule("t", "q", "r"),
        ],
    ),
    Case(
        "override-of-deleted",
        WARNING,
        "rotation/r",
        'No page would reach "old" from 2025-01-06T10:00:00Z until 2025-01-06T11:00:00Z in '
        'the rotation "r": an override names contacts that do not exist.',
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                [shift("old akua", 1, 2, instead_of="mary")],
                [override("r", "old akua", 1, 2)],
            ),
        ],
    ),
    Case(
        "override-of-deleted",
        ERROR,
        "rotation/r",
        'No page would reach "old" from 2025-01-06T10:00:00Z until 2025-01-06T11:00:00Z in '
        'the rotation "r": an override names contacts that do not exist, and it names nobody '
        "else.",
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                [shift("old", 1, 2, instead_of="mary")],
                [override("r", "old", 1, 2)],
            ),
        ],
    ),
    Case(
        "unreachable-on-call",
        ERROR,
        "rotation/r",
        f'No page would reach dora, who is on call in the rotation "r" {WHOLE}.',
        [UNREACHABLE, AKUA, calendar("r", "dora akua"), schedule("s", "r")],
    ),
    Case(
        "unreachable-on-call",
        ERROR,
        "rotation/r",
        'No page would reach dora, who is on call in the rotation "r" in 2 shifts of 5 hours in '
        "all, the first of them from 2025-01-06T09:00:00Z until 2025-01-06T11:00:00Z.",
        [
            UNREACHABLE,
            WEB,
            calendar("r", "dora akua", [shift("dora akua", -3, 2), shift("dora", 5, 8)]),
        ],
    ),
    Case(
        "unreachable-on-call",
        ERROR,
        "rotation/r",
        f'No page would reach "old", who is on call in the rotation "r" {WHOLE}.',
        [WEB, calendar("r", "akua mary", calendar("r", "old").shifts)],
    ),
    # AWS accepts only people in a rotation, and an engagement engages only people.
    Case(
        "unreachable-on-call",
        ERROR,
        "rotation/r",
        f'No page would reach "s", who is on call in the rotation "r" {WHOLE}.',
        [WEB, calendar("r", "s akua")],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/*",
        "The account has 900 contacts, and AWS's quota is 1,000 in an account.",
        [person(f"p{number}") for number in range(900)],
    ),
    Case(
        "near-quota",
        INFO,
        "rotation/*",
        "The account has 450 rotations, and AWS's quota is 500 in an account.",
        [WEB, *(calendar(f"r{number}", "akua mary") for number in range(449))],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/a",
        "The plan of a has 9 stages, and AWS's quota is 10 in a plan.",
        [person("a", *[stage(5, to_channel("a/1"))] * 9), channel("a/1")],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/e",
        'The escalation plan "e" has 12 stages, and AWS\'s quota is 10 in a plan.',
        [AKUA, escalation("e", *[stage(5, to_contact("akua"))] * 12)],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/a",
        "Stage 2 of the plan of a has 9 channels, and AWS's quota is 10 in a stage.",
        [
            person("a", stage(5, to_channel("a/1")), stage(5, *[to_channel("a/1")] * 9)),
            channel("a/1"),
        ],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/t",
        'The schedule "t" has 8 rotations, and AWS allows 8 in a schedule.',
        [WEB, schedule("t", *["web"] * 8)],
    ),
    Case(
        "near-quota",
        INFO,
        "contact/*",
        "The account has 900 contacts, and AWS's quota is 1,000 in an account.",
        [*(person(f"p{number}") for number in range(900)), Hidden("contact", "contact/p0")],
    ),
    Case(
        "unreadable",
        ERROR,
        "contact/akua",
        'The contact "akua" could not be read (Unknown): it is not known whether a page would '
        "reach anybody through it.",
        [WEB, Hidden("contact", "contact/akua")],
    ),
    Case(
        "unreadable",
        ERROR,
        "rotation/web",
        'The shifts of the rotation "web" could not be read (Unknown): it is not known who is on '
        'call in it, nor when nobody is in the schedules "s" and "t".',
        [WEB, schedule("t", "web"), Hidden("shifts", "rotation/web")],
    ),
]

WITHOUT_FINDING: dict[str, list[Account]] = {
    "unreachable-person": [
        [AKUA],
        # One activated channel is enough, in any stage.
        [
            person("a", stage(5, to_channel("a/9")), stage(5), stage(0, to_channel("a/1"))),
            channel("a/1"),
        ],
        # One channel of their own is enough.
        [AKUA, person("a", stage(5, to_channel("akua/1"), to_channel("a/1"))), channel("a/1")],
        # They have no channels of their own.
        [escalation("e"), schedule("s")],
    ],
    "deleted-channel": [
        [AKUA],
        # The finding about the person covers it.
        [person("a", stage(5, to_channel("a/9")))],
    ],
    "channel-not-activated": [
        [AKUA],
        # The finding about the person covers it.
        [person("a", stage(5, to_channel("a/1"))), channel("a/1", activated=False)],
    ],
    "channel-in-no-plan": [
        [AKUA],
        # It is reported as not activated.
        [AKUA, channel("akua/2", activated=False)],
        # The finding about the person covers it.
        [person("a"), channel("a/1")],
        # It is in the plan of another person.
        [AKUA, channel("akua/2"), person("b", stage(5, to_channel("akua/2")))],
    ],
    "channel-of-another-person": [
        [AKUA, MARY],
        # The finding about the person covers it.
        [AKUA, person("a", stage(5, to_channel("akua/1")))],
    ],
    "shared-phone-number": [
        [AKUA, MARY],
        # One person has the number for both SMS and voice.
        [
            person("a", stage(5, to_channel("a/1"), to_channel("a/2"))),
            channel("a/1", address=PHONE),
            channel("a/2", described=Channel.voice("home", PHONE)),
        ],
        # A team may share an e-mail address.
        [
            AKUA,
            MARY,
            channel("akua/2", described=Channel.email("mail", email_address("team"))),
            channel("mary/2", described=Channel.email("mail", email_address("team"))),
        ],
    ],
    "deleted-contact": [
        [AKUA, escalation("e", stage(5, to_contact("akua")))],
        # The finding about the plan covers it.
        [escalation("e", stage(5, to_contact("old")))],
    ],
    "other-account": [
        [WEB, escalation("e", stage(5, to_contact("s"), to_contact("old")))],
        # The finding about the plan or the person covers it.
        [escalation("e", stage(5, to_contact(f"{ELSEWHERE}contact/z")))],
        [person("a", stage(5, to_channel(f"{ELSEWHERE}contact-channel/z/1")))],
        [schedule("s", f"{ELSEWHERE}rotation/z")],
    ],
    "misplaced-target": [[AKUA, escalation("e", stage(5, to_contact("akua")))]],
    "nested-escalation": [
        [WEB, escalation("e", stage(5, to_contact("akua"), to_contact("s")))],
        # The finding about the plan covers it.
        [escalation("e", stage(5, to_contact("e")))],
    ],
    "nothing-essential": [
        [AKUA, escalation("e", stage(5, to_contact("akua"), to_contact("akua", essential=False)))],
        [
            WEB,
            escalation(
                "e", stage(5, to_contact("akua", essential=False)), stage(5, to_contact("s"))
            ),
        ],
        # The finding about the plan covers it.
        [UNREACHABLE, escalation("e", stage(5, to_contact("dora", essential=False)))],
    ],
    "unreachable-escalation": [
        [
            AKUA,
            UNREACHABLE,
            escalation(
                "e", stage(5, to_contact("dora"), to_contact("old")), stage(0, to_contact("akua"))
            ),
        ],
        [WEB, escalation("e", stage(5, to_contact("s")))],
    ],
    "empty-stage": [
        [AKUA],
        # AWS's console makes these plans of "engage this channel after 25 minutes" and "an hour".
        [
            person(
                "a",
                stage(15),
                stage(10),
                stage(30, to_channel("a/1")),
                stage(5),
                stage(0, to_channel("a/1")),
            ),
            channel("a/1"),
        ],
        # A plan has no other way to wait that long.
        [
            AKUA,
            escalation(
                "e",
                stage(30, to_contact("akua")),
                stage(30),
                stage(5),
                stage(0, to_contact("akua")),
            ),
        ],
        # The findings about the person and the plan cover it.
        [person("a", stage(5))],
        [escalation("e", stage(5))],
    ],
    "late-retry": [
        [
            person("a", stage(5, to_channel("a/1", 4), to_channel("a/1", 0), to_channel("a/1"))),
            channel("a/1"),
        ],
        # The plan has another problem.
        [person("a", stage(5, to_channel("a/9", 5), to_channel("a/1"))), channel("a/1")],
        # The finding about the person covers it.
        [person("a", stage(5, to_channel("a/1", 5))), channel("a/1", activated=False)],
        [AKUA, person("a", stage(5, to_channel("akua/1", 5)))],
    ],
    "schedule-without-rotations": [[WEB], [WEB, schedule("t", "web", "old")]],
    "deleted-rotation": [
        [WEB],
        # It is reported as a schedule without rotations.
        [schedule("s", "old")],
    ],
    "nobody-on-call": [
        [WEB],
        # It is reported as a schedule without rotations.
        [schedule("s")],
        # The rotation is in no schedule.
        [AKUA, MARY, calendar("r", "akua mary", [])],
        # Together they cover all the time, without a gap between two shifts.
        [
            AKUA,
            MARY,
            calendar(
                "r", "akua mary", [shift("akua", -5, 5), shift("", 5, 6), shift("mary", 6, 20)]
            ),
            calendar("q", "akua mary", [shift("akua", 5, 8), shift("mary", 20, 900)]),
            schedule("s", "r", "q"),
        ],
        # Another rule reports people who do not exist.
        [WEB, calendar("r", "old"), schedule("t", "r")],
    ],
    "rotation-in-no-schedule": [[WEB]],
    "rotation-of-one": [[WEB]],
    "deleted-member": [[WEB]],
    "empty-override": [
        # The override has people.
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                [shift("mary", 1, 2, instead_of="akua")],
                [override("r", "mary", 1, 2)],
            ),
        ],
        # It is a gap of the schedule, and reported for the schedule.
        [
            AKUA,
            MARY,
            calendar("r", "akua mary", [shift("", 0, 2000, instead_of="akua mary")]),
            schedule("s", "r"),
        ],
        # Nobody was on call before it.
        [WEB, calendar("r", "akua mary", [shift("", 1, 2, instead_of="")])],
        # Another override replaces it.
        [WEB, calendar("r", "akua mary", overrides=[override("r", "", 1, 2)])],
        # It is over, or begins after the audited time.
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                [shift("", -2, 0, instead_of="akua"), shift("", 720, 722, instead_of="akua")],
            ),
        ],
    ],
    "override-of-deleted": [
        [WEB, calendar("r", "akua mary", overrides=[override("r", "mary", 1, 2)])],
        # It is over, or begins after the audited time.
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                overrides=[override("r", "old", -2, 0), override("r", "old", 720, 722)],
            ),
        ],
    ],
    "unreachable-on-call": [
        [WEB],
        # They are in the rotation, but not on call in that time.
        [
            UNREACHABLE,
            WEB,
            calendar("r", "dora akua", [shift("akua", 0, 720), shift("dora", 720, 722)]),
        ],
        # It is reported as deleted.
        [WEB, calendar("r", "old")],
        [
            WEB,
            calendar(
                "r",
                "akua mary",
                [shift("old", 1, 2, instead_of="mary")],
                [override("r", "old", 1, 2)],
            ),
        ],
    ],
    "near-quota": [
        [person(f"p{number}") for number in range(899)],
        [WEB, *(calendar(f"r{number}", "akua mary") for number in range(448))],
        [
            WEB,
            person("a", *[stage(5, *[to_channel("a/1")] * 8)] * 8),
            channel("a/1"),
            schedule("t", *["web"] * 7),
            # AWS's quota counts channels.
            escalation("e", stage(5, *[to_contact("akua")] * 10)),
        ],
    ],
    "unreadable": [[WEB]],
}

_HIDDEN_PERSON: Account = [
    *AKUA,
    *MARY,
    calendar("web", "akua mary", overrides=[override("web", "akua", 1, 2)]),
    schedule("s", "web"),
    escalation("e", stage(5, to_contact("akua"))),
    Hidden("contact", "contact/akua"),
]
_HIDDEN_CHANNEL: Account = [
    *WEB,
    escalation("e", stage(5, to_contact("akua"))),
    Hidden("channel", "contact-channel/akua/1"),
]
_HIDDEN_SHIFTS: Account = [
    *AKUA,
    *MARY,
    calendar("web", "akua mary", []),
    schedule("s", "web"),
    escalation("e", stage(5, to_contact("s"))),
    Hidden("shifts", "rotation/web"),
]
_HIDDEN_ROTATION: Account = [*WEB, Hidden("rotation", "rotation/web")]
_HIDDEN_SCHEDULE: Account = [*WEB, Hidden("contact", "contact/s")]

# No rule claims that what could not be read does not exist, or that nobody is on call in it.
for hidden in (_HIDDEN_PERSON, _HIDDEN_CHANNEL, _HIDDEN_SHIFTS, _HIDDEN_ROTATION, _HIDDEN_SCHEDULE):
    for rule, accounts in WITHOUT_FINDING.items():
        if rule != "unreadable":
            accounts.append(hidden)
