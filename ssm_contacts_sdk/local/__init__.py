"""AWS's ``ssm-contacts`` in memory, to build and test against without an AWS account.

>>> from ssm_contacts_sdk.local import LocalService
>>> service = LocalService()
>>> service.boto3_client().list_contacts()["Contacts"]
[]
"""

from ssm_contacts_sdk.local.answers import Answer
from ssm_contacts_sdk.local.assumptions import Assumptions
from ssm_contacts_sdk.local.carrier import Carrier
from ssm_contacts_sdk.local.clock import LocalClock
from ssm_contacts_sdk.local.core import Snapshot
from ssm_contacts_sdk.local.effects import (
    Effect,
    connection_reset,
    delay,
    internal_error,
    lost_answer,
    not_onboarded,
    raw_answer,
    refusal,
    throttle,
    unreachable,
)
from ssm_contacts_sdk.local.faults import Faults
from ssm_contacts_sdk.local.http import LocalServer
from ssm_contacts_sdk.local.journal import Note
from ssm_contacts_sdk.local.outbox import Message
from ssm_contacts_sdk.local.quotas import Quotas
from ssm_contacts_sdk.local.rates import RateBucket, Rates
from ssm_contacts_sdk.local.requests import Request
from ssm_contacts_sdk.local.service import LocalService

__all__ = [
    "Answer",
    "Assumptions",
    "Carrier",
    "Effect",
    "Faults",
    "LocalClock",
    "LocalServer",
    "LocalService",
    "Message",
    "Note",
    "Quotas",
    "RateBucket",
    "Rates",
    "Request",
    "Snapshot",
    "connection_reset",
    "delay",
    "internal_error",
    "lost_answer",
    "not_onboarded",
    "raw_answer",
    "refusal",
    "throttle",
    "unreachable",
]
