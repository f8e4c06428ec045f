"""Count the files and functions of the package that three calls run.

``python tests/benchmarks/walks.py`` prints a line for each call: a contact from its constructor to
the request (without the service: a hook responds before the request is sent), the shifts of a
rotation, and an engagement from its start to the outbox (both with the embedded service). Each call
is made once before it is counted, so that what is loaded or compiled only once does not count.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from types import CodeType, FrameType

from answers import answer

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactsClient,
    ContactType,
    Plan,
    Recurrence,
    Rotation,
)
from ssm_contacts_sdk.local import LocalClock, LocalService

PACKAGE = "ssm_contacts_sdk/"
WEEK = timedelta(days=7)


def touched(call: Callable[[], object]) -> tuple[int, int]:
    """Return in how many files, and how many, functions of the package run in a call."""
    call()
    codes: set[CodeType] = set()

    def record(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and PACKAGE in frame.f_code.co_filename:
            codes.add(frame.f_code)

    sys.setprofile(record)
    try:
        call()
    finally:
        sys.setprofile(None)
    return len({code.co_filename for code in codes}), len(codes)


def contact_to_the_request() -> Callable[[], object]:
    os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_REGION="us-east-2")
    client = ContactsClient(region_name="us-east-2")
    answer(client.boto3_client)
    return lambda: client.contacts.create(
        Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
    )


def shifts_of_a_rotation() -> Callable[[], object]:
    clock = LocalClock(datetime(2025, 1, 6, tzinfo=timezone.utc))
    client = LocalService(clock=clock).client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua],
            start_time=datetime(2025, 1, 6, tzinfo=timezone.utc),
            time_zone_id="America/New_York",
            recurrence=Recurrence.weekly(("MON", "08:00")),
        )
    )
    start = datetime(2025, 1, 6, tzinfo=timezone.utc)
    return lambda: list(client.rotations.shifts(rotation, start_time=start, end_time=start + WEEK))


def engagement_to_the_outbox() -> Callable[[], object]:
    service = LocalService()
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", "+15005550199"))
    client.channels.activate(sms, service.code_for(sms))
    plan = Plan.engagement().stage(minutes=5).channel(sms).build()
    client.contacts.update(akua, plan=plan)

    def page() -> object:
        client.engagements.start(akua, sender="web", subject="Down", content="The site is down.")
        return service.outbox

    return page


WALKS = {
    "a contact to the request": contact_to_the_request,
    "the shifts of a rotation": shifts_of_a_rotation,
    "an engagement to the outbox": engagement_to_the_outbox,
}

if __name__ == "__main__":
    for name, prepare in WALKS.items():
        files, functions = touched(prepare())
        print(f"{name:30}{files:4} files{functions:5} functions")
