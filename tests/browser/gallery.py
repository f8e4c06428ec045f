"""Calendars and timelines with all kinds of names, times and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from random import Random

from arns import contact_arn, rotation_arn
from attrs import field, frozen
from random_accounts import PEOPLE, RandomAccount

from ssm_contacts_sdk import ContactsClient, OnCallCalendar, Shift, ShiftType, Timeline
from ssm_contacts_sdk._charts.typography import one_line
from ssm_contacts_sdk._oncall.calendar import CalendarLane
from ssm_contacts_sdk.local import LocalService

MONDAY = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = (
    "Akua Mansa",
    "Łucja Nowak-Ωmega",
    "محمد العلي",
    "דוד כהן",
    "山田 太郎",
    "김민준",
    "अनन्या शर्मा",
    "สมชาย ใจดี",
    "Nguyễn Thị Minh Khai",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET} Zoë",
    'O\'Brien <b>&amp; ]]> "co"',
    "m",
    "W" * 255,
    "Jean-Baptiste " * 15,
    "Zalgo" + "\u0336\u0310" * 20,
    "turned\N{RIGHT-TO-LEFT OVERRIDE}round\t\x07\x00 and\nbroken",
    "\N{ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM}" * 3,
    "\ud800 half a letter",
    "WWWWWWW MMMMMMM",
    "  ",
)


@frozen
class Case:
    """A value, its SVG, and what must be found in the SVG."""

    name: str
    value: OnCallCalendar | Timeline
    people: Sequence[str]
    gaps: int = 0
    overrides: int = 0
    skips: int = 0
    svg: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "svg", self.value.to_svg())


def gallery() -> Iterator[Case]:
    """Yield all cases: some by name, and many random ones."""
    yield from named_calendars()
    for seed in range(25):
        yield any_calendar(seed)
    for seed in range(40):
        yield any_timeline(seed)


def named_calendars() -> Iterator[Case]:
    year = 365 * DAY
    yield calendar("one person", 28 * DAY, [lane(28, DAY, 1)])
    yield calendar("hourly for a month", 28 * DAY, [lane(24 * 28, HOUR, 7)])
    yield calendar("eight rotations", 28 * DAY, [lane(20, (1 + n) * DAY, 9) for n in range(8)])
    yield calendar(
        "thirty people", 60 * DAY, [lane(30, 2 * DAY, 30), lane(2, year, 30, at_once=30)]
    )
    half = (shift(77 * DAY, HOUR / 2, [1]),)
    yield calendar("half an hour in a year", year, [(half, "America/Chicago")])
    minute = (shift(timedelta(0), 100 * DAY, [1]), shift(100 * DAY + HOUR / 60, year, [1]))
    yield calendar("a minute's gap in a year", year, [(minute, "UTC")])
    yield calendar("follow the sun", 28 * DAY, [daily(28, 0, 9), daily(28, 9, 14)])
    yield calendar("no rotation", 28 * DAY, [])
    yield calendar("no shift", 28 * DAY, [((), "Europe/Berlin")])
    yield calendar("an hour", HOUR, [lane(2, HOUR / 2, 2)])
    yield calendar("a second", timedelta(seconds=1), [lane(2, HOUR, 2)])
    # Clocks go forward and back, and in the last one a whole day is skipped.
    for zone, since in (
        ("Europe/Berlin", datetime(2025, 3, 24, tzinfo=timezone.utc)),
        ("America/Santiago", datetime(2026, 9, 1, tzinfo=timezone.utc)),
        ("America/Chicago", datetime(2025, 10, 27, tzinfo=timezone.utc)),
        ("Pacific/Apia", datetime(2011, 12, 26, tzinfo=timezone.utc)),
    ):
        yield calendar(zone, 12 * DAY, [lane(12, DAY, 3, since=since, zone=zone)], since=since)


Shifts = tuple[tuple[Shift, ...], str]


def person(number: int) -> str:
    return contact_arn(f"p{number}")


def name_of(number: int) -> str:
    return NAMES[number] if number < len(NAMES) else f"Person Number{number}"


def shift(
    after: timedelta,
    length: timedelta,
    people: Sequence[int],
    *,
    is_override: bool = False,
    since: datetime = MONDAY,
) -> Shift:
    return Shift(
        contact_ids=[person(number) for number in people],
        start_time=since + after,
        end_time=since + after + length,
        type=ShiftType.OVERRIDDEN if is_override else ShiftType.REGULAR,
        overridden_contact_ids=[person(0)] if is_override else None,
    )


def lane(
    count: int,
    length: timedelta,
    people: int,
    *,
    at_once: int = 1,
    since: datetime = MONDAY,
    zone: str = "UTC",
) -> Shifts:
    """Return consecutive shifts: one of five is an override, and one of seven is missing."""
    shifts = [
        shift(
            number * length,
            length,
            [(number * at_once + each) % people for each in range(at_once)],
            is_override=number % 5 == 3,
            since=since,
        )
        for number in range(count)
        if number % 7 != 5
    ]
    return tuple(shifts), zone


def daily(days: int, hour: int, hours: int) -> Shifts:
    """Return a shift for the same hours of each day; other rotations cover the rest."""
    shifts = [
        shift(day * DAY + hour * HOUR, hours * HOUR, [hour + day // 7]) for day in range(days)
    ]
    return tuple(shifts), "UTC"


def calendar(
    name: str, length: timedelta, lanes: Sequence[Shifts], since: datetime = MONDAY
) -> Case:
    until = since + length
    value = OnCallCalendar(
        name=name,
        since=since,
        until=until,
        lanes=tuple(
            CalendarLane(
                rotation_arn=rotation_arn(f"r{number}"),
                name=f"rotation {number}",
                time_zone_id=zone,
                shifts=shifts,
            )
            for number, (shifts, zone) in enumerate(lanes)
        ),
        names={person(number): name_of(number) for number in range(40)},
        now=since + length / 3,
    )
    shown = [
        each
        for one in value.lanes
        for each in one.shifts
        if each.start_time < until and each.end_time > since
    ]
    arns = dict.fromkeys(arn for each in shown for arn in each.contact_ids)
    return Case(
        name,
        value,
        people=[one_line(value.name_of(arn)) for arn in arns],
        gaps=sum(len(value.gaps_in(one)) for one in value.lanes),
        overrides=sum(len(each.contact_ids) for each in shown if each.type == ShiftType.OVERRIDDEN),
    )


def any_calendar(seed: int) -> Case:
    random = Random(seed)  # noqa: S311 - the same for each seed
    length = DAY * random.choice([1, 2, 5, 10, 28, 40, 90, 200, 366]) * random.uniform(0.3, 1)
    lanes: list[Shifts] = []
    for _ in range(random.randint(1, 5)):
        shifts: list[Shift] = []
        at = -length / 10
        while at < length:
            for_long = length * random.choice([0.0005, 0.01, 0.05, 0.1, 0.4])
            people = random.sample(range(len(NAMES)), random.choice([0, 1, 1, 1, 2, 4]))
            shifts.append(shift(at, for_long, people, is_override=random.random() < 0.2))
            at += for_long + length * random.choice([0, 0, 0, 0.02, 0.0005])
        lanes.append((tuple(shifts), random.choice(["UTC", "Europe/Berlin", "Asia/Kolkata"])))
    return calendar(f"any calendar {seed}", length, lanes)


def any_timeline(seed: int) -> Case:
    random = Random(seed)  # noqa: S311 - the same for each seed
    service = LocalService()
    account = RandomAccount.of(seed)
    account.load_into(service)
    client = service.client()
    names = renamed(client, random)
    value = client.preview(
        account.contact_to_engage(),
        acknowledge={
            contact_arn(alias): timedelta(minutes=random.randrange(20))
            for alias in random.sample(PEOPLE, random.choice([0, 1, 1, 2]))
        },
        horizon=timedelta(minutes=7) if random.random() < 0.2 else None,
    )
    arns = {step.contact_arn for path in value.paths for step in path}
    people = [names[arn] for arn in arns if arn in names]
    return Case(f"any timeline {seed}", value, people, skips=len(value.skipped))


def renamed(client: ContactsClient, random: Random) -> dict[str, str]:
    """Give people names that the service accepts; return the names as they are drawn, by ARN."""
    drawable = [name for name in NAMES if name.isprintable() and name.strip()]
    found: dict[str, str] = {}
    for alias, name in zip(PEOPLE, random.sample(drawable, len(PEOPLE)), strict=True):
        shown = "".join(letter for letter in name if letter.isalnum() or letter in " _-.")[:255]
        client.contacts.update(contact_arn(alias), display_name=shown)
        found[contact_arn(alias)] = one_line(shown)
    return found
