"""The limits and defaults that pages of docs/ name are those of the code."""

from __future__ import annotations

import inspect
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ssm_contacts_sdk import ContactsClient, Engagements, RetryPolicy
from ssm_contacts_sdk._models.arguments import LARGEST_PAGE
from ssm_contacts_sdk.local._server.connection import Limits

DOCS = Path(__file__).parents[1] / "docs"
CONFIG: Any = ContactsClient.local().boto3_client.meta.config
AUDIT = inspect.signature(ContactsClient.audit).parameters
FOLLOW = inspect.signature(Engagements.follow).parameters
LIMITS = Limits()


def days(duration: timedelta) -> int:
    return duration // timedelta(days=1)


def minutes(duration: timedelta) -> int:
    return duration // timedelta(minutes=1)


def module(name: str) -> Any:
    """Return a module of the package, with its private constants."""
    return import_module(f"ssm_contacts_sdk.{name}")


BOTOCORE_CLIENTS = module("_botocore")
FOLLOWING = module("_resources.following.following")
ASSIGNMENT = module("_oncall.assignment")
ON_CALL = module("_queries.on_call")
ARGUMENTS = module("_queries.arguments")
ACCOUNT = module("_oncall.audit.account")
QUERIES = module("_queries.queries")
LANES = module("_charts.lanes")
CONNECTIONS = module("_connections")
STYLES = module("_charts.styles")
HISTORY = module("local._history")
VALIDATION = module("local._validation")
COMMAND = module("local._command")

SENTENCES = [
    ("clients.md", f"wait for a connection | {CONFIG.connect_timeout:g} seconds |"),
    ("clients.md", f"each part of a response | {CONFIG.read_timeout:g} seconds |"),
    ("clients.md", f"up to {BOTOCORE_CLIENTS._MOST_CONNECTIONS} connections"),
    ("clients.md", f"the last {CONNECTIONS.Boto3Clients._MOST_LATEST} pairs stay open"),
    ("retries.md", f"`connect_timeout` ({CONFIG.connect_timeout:g} seconds)"),
    ("retries.md", f"`read_timeout` ({CONFIG.read_timeout:g} seconds)"),
    ("retries.md", f"attempts={RetryPolicy().attempts},"),
    ("following.md", f"{FOLLOW['interval'].default.seconds} seconds by default"),
    ("following.md", f"at least {FOLLOWING._SHORTEST_INTERVAL.seconds} second and"),
    ("following.md", f"`grace` ({minutes(FOLLOW['grace'].default)} minutes by default)"),
    ("following.md", f"`timeout` ({FOLLOW['timeout'].default // timedelta(hours=1)} hour by"),
    ("on-call.md", f"Shifts are read for {days(ASSIGNMENT._YEAR)} days at most"),
    ("on-call.md", f"of each rotation, {ON_CALL._FIRST_PAGE} shifts"),
    ("on-call.md", f"of up to {LARGEST_PAGE:,} shifts"),
    ("on-call.md", f"at most {ON_CALL._MOST_FURTHER_PAGES} pages"),
    ("audit.md", f"at most {days(ARGUMENTS._LONGEST_AUDIT)} days"),
    ("audit.md", f"The default is {days(AUDIT['horizon'].default)} days"),
    ("audit.md", f"{ACCOUNT._NEAR:.0%}".replace("%", " %") + " of one of AWS's quotas"),
    ("audit.md", f"{ACCOUNT._CONTACTS:,} contacts and {ACCOUNT._ROTATIONS} rotations"),
    ("audit.md", f"{ACCOUNT._ROTATIONS_PER_SCHEDULE} rotations in a schedule"),
    ("calendars.md", f"has {days(QUERIES._USUAL_CALENDAR)} days"),
    ("calendars.md", f"the maximum is {days(ARGUMENTS._LONGEST_CALENDAR)} days"),
    ("calendars.md", f"at least {LANES.MIN_GAP_WIDTH:.0f} pixels"),
    ("calendars.md", f"There are {len(STYLES._COLOURS)} colours"),
    ("local-service.md", f"read timeout ({CONFIG.read_timeout:g} seconds by default"),
    ("local-service.md", f"larger than {HISTORY.LARGEST_KEPT_BODY // 1024} KiB"),
    ("local-service.md", f"up to {LIMITS.body_bytes >> 20} MiB"),
    ("local-service.md", f"within {LIMITS.request_seconds:.0f} seconds"),
    ("local-service.md", f"up to {LIMITS.connections} connections"),
    ("local-service.md", f"the first {VALIDATION.MOST_VIOLATIONS} are listed"),
    ("local-service.md", f"more than {VALIDATION._LONGEST_ECHO:,} characters"),
    ("local-service.md", f"--port {COMMAND._DEFAULT_PORT}"),
]


@pytest.mark.parametrize(("page", "sentence"), SENTENCES)
def test_a_number_in_the_docs_is_that_of_the_code(page: str, sentence: str) -> None:
    assert sentence in " ".join((DOCS / page).read_text(encoding="utf-8").split())
