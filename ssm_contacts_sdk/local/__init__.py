"""AWS's ``ssm-contacts`` in memory, to build and test against without an AWS account.

>>> from ssm_contacts_sdk.local import LocalService
>>> service = LocalService()
>>> service.boto3_client().list_contacts()["Contacts"]
[]
"""

from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._core import Snapshot
from ssm_contacts_sdk.local._effects import (
    Effect,
    connection_reset,
    delay,
    internal_error,
    lost_response,
    not_onboarded,
    raw_response,
    service_error,
    throttle,
    unreachable,
)
from ssm_contacts_sdk.local._fault_injection import Faults
from ssm_contacts_sdk.local._history import Request
from ssm_contacts_sdk.local._journal import Delivery, JournalEntry, Message
from ssm_contacts_sdk.local._limits import Quotas
from ssm_contacts_sdk.local._persistence.state_file import StateFile
from ssm_contacts_sdk.local._responses import Response
from ssm_contacts_sdk.local._server.http import LocalServer
from ssm_contacts_sdk.local._service import LocalService

__all__ = [
    "Assumptions",
    "Delivery",
    "Effect",
    "Faults",
    "JournalEntry",
    "LocalClock",
    "LocalServer",
    "LocalService",
    "Message",
    "Quotas",
    "Request",
    "Response",
    "Snapshot",
    "StateFile",
    "connection_reset",
    "delay",
    "internal_error",
    "lost_response",
    "not_onboarded",
    "raw_response",
    "service_error",
    "throttle",
    "unreachable",
]
