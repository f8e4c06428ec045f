"""A rotation and the embedded service accept the same names of time zones."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import pytest
from amounts import amount
from arns import contact_arn
from botocore.exceptions import ClientError

from ssm_contacts_sdk import InvalidValueError, Recurrence, Rotation
from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

AKUA = contact_arn("akuam")
START = datetime(2025, 1, 6, tzinfo=timezone.utc)
# Entries of a database that are not the time zone of a place.
SETTINGS = ["localtime", "Factory", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin"]
NEVER = [*SETTINGS, "posix", "right", "europe/berlin", "PST", "UTC+2", "../UTC", "Europe"]

Takes = Callable[[str], bool]


def rotation_takes(zone: str) -> bool:
    try:
        Rotation(
            name="web",
            contact_ids=[AKUA],
            start_time=START,
            time_zone_id=zone,
            recurrence=Recurrence.daily("09:00"),
        )
    except InvalidValueError as error:
        found = [violation.path for violation in error.violations]
    else:
        found = []
    assert found in ([], ["time_zone_id"])
    return not found


def embedded_service_takes(client: SSMContactsClient, zone: str) -> bool:
    try:
        client.list_preview_rotation_shifts(
            Members=["Akua"],
            TimeZoneId=zone,
            EndTime=datetime(2025, 1, 7, tzinfo=timezone.utc),
            Recurrence={
                "NumberOfOnCalls": 1,
                "RecurrenceMultiplier": 1,
                "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
            },
        )
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
    else:
        code = None
    assert code in (None, "ValidationException")
    return code is None


@pytest.fixture(scope="module")
def service_takes() -> Takes:
    client = LocalService().boto3_client()

    def takes(zone: str) -> bool:
        return embedded_service_takes(client, zone)

    return takes


def test_both_accept_the_same_of_all_time_zones_of_this_machine(service_takes: Takes) -> None:
    all_zones = available_timezones()
    chosen = sorted(all_zones)[:: max(1, len(all_zones) // amount(quick=60, long=10_000))]
    zones = {*chosen, *(zone for zone in all_zones if "+" in zone), *all_zones & {*SETTINGS}}
    taken = {zone for zone in zones if rotation_takes(zone)}
    assert taken == {zone for zone in zones if service_takes(zone)}
    # AWS's model has no plus in its pattern.
    assert zones - taken == {zone for zone in zones if "+" in zone} | zones & {*SETTINGS}


@pytest.mark.parametrize("zone", NEVER)
def test_names_that_are_not_a_time_zone_are_rejected_by_both(
    service_takes: Takes, zone: str
) -> None:
    assert not rotation_takes(zone)
    assert not service_takes(zone)


def test_entries_of_a_database_that_are_another_zone_elsewhere_are_rejected_by_both(
    tmp_path: Path,
) -> None:
    # Machines have different entries, so this database has all of them.
    utc = b"TZif" + bytes(16) + (1).to_bytes(4, "big")
    for name in ("UTC", *SETTINGS):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(utc)
    program = (
        "import test_time_zones as here\n"
        "client = here.LocalService().boto3_client()\n"
        "found = here.available_timezones()\n"
        "assert {'UTC', 'localtime', 'Factory'} <= found, found\n"
        "for zone in here.SETTINGS:\n"
        "    assert not here.rotation_takes(zone), zone\n"
        "    assert not here.embedded_service_takes(client, zone), zone\n"
        "assert here.rotation_takes('UTC')\n"
    )
    environment = {
        **os.environ,
        "PYTHONTZPATH": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
