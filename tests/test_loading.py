"""What the package loads, step by step: a program does not pay for what it does not use.

A child process takes the steps one after the other. Before each, it gets what the step may use:
modules, or a client of botocore that has sent a request. So these lists contain only what the
package adds, which is the same for every version of Python, attrs and botocore.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

import pytest
from arns import channel_arn, contact_arn
from attrs import frozen

OWN = "ssm_contacts_sdk"
# Before Python 3.11, typing has no Self.
ANYWHERE = "typing_extensions"


@frozen
class Step:
    """Code, and the modules that it may load."""

    name: str
    given: str
    """Code that loads what the step may use."""
    code: str
    own: str
    """The modules of the package, without its name; ``*`` stands for any characters."""
    certain: str
    """Modules of the package that the step loads in any case: it does what its name says."""
    others: str = ""
    """The other libraries that the step loads itself."""


PLAIN = """
import botocore.session
from botocore.awsrequest import AWSResponse

class Created(AWSResponse):
    def __init__(self, url):
        headers = {"x-amzn-RequestId": "1", "content-type": "application/x-amz-json-1.1"}
        super().__init__(url, 200, headers, None)

    content = b'{"ContactArn": "%s"}' % AKUA.encode()

def responding(client):
    respond = lambda request, **_: Created(request.url)
    client.meta.events.register("before-send.ssm-contacts", respond)
    return client

plain = botocore.session.get_session().create_client("ssm-contacts", region_name="us-east-2")
responding(plain).create_contact(Alias="akuam", Type="PERSONAL", Plan={})
"""

STEPS = [
    Step(
        "package",
        given="",
        code="import ssm_contacts_sdk; assert 'Plan' in dir(ssm_contacts_sdk)",
        own="",
        certain="",
    ),
    Step(
        "error",
        given="import attrs, datetime",
        code="from ssm_contacts_sdk import InvalidValueError",
        own="_errors _public",
        certain="_errors",
    ),
    Step(
        "value",
        given="import textwrap, traceback",
        code="""
from ssm_contacts_sdk import Channel, Contact, ContactType
Channel.email("mail", "a@b")
try:
    Contact(alias="", type=ContactType.PERSONAL)
except InvalidValueError:
    pass
""",
        own="_privacy _models _models.arns _models.channels _models.contacts "
        "_models.plans _schema _schema.constraints _schema.converters _schema.fields "
        "_schema.values _schema.violations",
        certain="_models.contacts",
    ),
    Step(
        "plan",
        given="",
        code="""
from ssm_contacts_sdk import Plan
plan = Plan.engagement().stage(minutes=5).channel(SMS, retry_minutes=1).build()
akua = Contact(alias="akuam", type=ContactType.PERSONAL, plan=plan)
Plan.escalation().stage(minutes=5).contact(AKUA, essential=True).build()
""",
        own="",
        certain="",
    ),
    Step(
        "calendar",
        given="import bisect, unicodedata, zoneinfo",
        code="""
from datetime import datetime, timedelta, timezone
from ssm_contacts_sdk import OnCallCalendar
monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
calendar = OnCallCalendar(name="web", since=monday, until=monday + timedelta(days=7), lanes=())
""",
        own="_charts _charts.drawable _charts.typography _dates _durations _models.recurrence "
        "_models.recurrence_parts _models.rotations _schema.times _oncall _oncall.calendar "
        "_oncall.gaps",
        certain="_oncall.calendar",
    ),
    Step(
        "client",
        given=PLAIN,
        code="""
from ssm_contacts_sdk import ContactsClient
client = ContactsClient(region_name="us-east-2")
""",
        own="_boto3_types _botocore _client _clock _configuration_errors _connections _deferred "
        "_durations _error_mapping _loader _locks _needless_work _operations "
        "_parameter_validation _redaction _retry _schema.times _service_errors _transport _version",
        certain="_client _botocore",
        # Early versions of botocore do not load it.
        others="contextvars",
    ),
    Step(
        "call",
        given="import dataclasses",
        code="responding(client.boto3_client); assert client.contacts.create(akua).arn == AKUA",
        own="_models.arguments _models.policies _resources _resources.contacts "
        "_resources.declarations _resources.listing _resources.resource "
        "_schema.reading _schema.wire",
        certain="_resources.contacts",
        others="cattrs exceptiongroup",
    ),
    Step(
        "another resource",
        given="",
        code="client.channels",
        own="_resources.channels",
        certain="_resources.channels",
    ),
    Step(
        "calendar as text",
        given="",
        code="str(calendar), calendar.__rich__()",
        own="_charts.chart _charts.dates _charts.extras _charts.styles _charts.text "
        "_charts.text_layout _charts.ticks _oncall.assumptions _oncall.calendar_chart "
        "_oncall.phrases _oncall.schedule _oncall.schedule.wall_clock",
        certain="_charts.text",
    ),
    Step(
        "calendar as SVG",
        given="import html, xml.sax.saxutils",
        code="calendar.to_svg()",
        own="_charts.lanes _charts.layout _charts.shapes _charts.svg",
        certain="_charts.svg",
    ),
    Step(
        "embedded service",
        given="import gc, socketserver",
        code="service_client = ContactsClient.local(); service_client.contacts.create(akua)",
        own="local local.* _rates _oncall.schedule.hand_offs _oncall.schedule.segments "
        "_oncall.schedule.shifts _oncall.simulation",
        certain="local._service",
        others="cattrs exceptiongroup",
    ),
    Step(
        "annotations of a client",
        # It needs no stubs, which are for type checkers.
        given="from typing import get_type_hints; import boto3",
        code="get_type_hints(ContactsClient.__init__), get_type_hints(ContactsClient.audit)",
        own="_oncall.audit _oncall.audit.findings",
        certain="_oncall.audit.findings",
    ),
]
PLUGIN = Step(
    "plugin",
    given="import pytest",
    code="import ssm_contacts_sdk.pytest_plugin",
    own="pytest_plugin",
    certain="pytest_plugin",
)


@cache
def child(steps: Sequence[Step]) -> dict[str, list[str]]:
    """Return the modules that each step loads in one new interpreter."""
    code = f"""
import json, sys
SMS, AKUA = {channel_arn("akuam")!r}, {contact_arn("akuam")!r}
loaded = {{}}
for name, given, code in {[(step.name, step.given, step.code) for step in steps]!r}:
    exec(given, globals())
    before = set(sys.modules)
    exec(code, globals())
    loaded[name] = sorted(set(sys.modules) - before)
json.dump(loaded, sys.stdout)
"""
    # Without the module site, which loads others for the files of an environment.
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-S", "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "AWS_ACCESS_KEY_ID": "a",
            "AWS_SECRET_ACCESS_KEY": "b",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def own(loaded: Sequence[str]) -> list[str]:
    return [each.removeprefix(f"{OWN}.") for each in loaded if each.startswith(f"{OWN}.")]


def unwanted(step: Step, loaded: Sequence[str]) -> list[str]:
    """Return the modules that a step may not load."""
    patterns = step.own.split()
    wrong = [
        each for each in own(loaded) if not any(fnmatchcase(each, allowed) for allowed in patterns)
    ]
    others = {each.partition(".")[0] for each in loaded} - {OWN, ANYWHERE, *step.others.split()}
    # Python's own modules in C belong to others, and some depend on the platform.
    return wrong + sorted(each for each in others if not each.startswith("_"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_loads_only_what_it_needs(step: Step) -> None:
    loaded = child(tuple(STEPS))[step.name]
    assert unwanted(step, loaded) == []
    assert set(step.certain.split()) - set(own(loaded)) == set()


def test_the_plugin_of_pytest_loads_nothing_before_a_fixture_is_used() -> None:
    loaded = child((PLUGIN,))[PLUGIN.name]
    assert unwanted(PLUGIN, loaded) == []
    assert own(loaded) == ["pytest_plugin"]
