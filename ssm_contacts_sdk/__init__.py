"""Contacts, plans and on-call in AWS Incident Manager, typed.

Names are loaded when they are first used: values and plans need no boto3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssm_contacts_sdk._charts.printing import printable
    from ssm_contacts_sdk._client import ContactsClient
    from ssm_contacts_sdk._errors import (
        CalendarTooLongError,
        ConfigurationError,
        ContactsError,
        CredentialsError,
        FollowTimeoutError,
        InvalidValueError,
        NotPicklableError,
        ReentrantCallError,
        ResponseDecodeError,
        StackedRetriesWarning,
        StateFileError,
        Violation,
    )
    from ssm_contacts_sdk._models.builders import (
        EngagementPlan,
        EngagementStage,
        EscalationPlan,
        EscalationStage,
    )
    from ssm_contacts_sdk._models.channels import (
        ActivationStatus,
        Channel,
        ChannelRecord,
        ChannelRef,
        ChannelType,
    )
    from ssm_contacts_sdk._models.contacts import (
        Contact,
        ContactRecord,
        ContactRef,
        ContactSummary,
        ContactType,
    )
    from ssm_contacts_sdk._models.engagements import (
        AcceptCodeValidation,
        AcceptType,
        Engagement,
        EngagementRef,
        EngagementSummary,
        Page,
        PageRef,
        PageSummary,
        Receipt,
        ReceiptType,
        Resolution,
    )
    from ssm_contacts_sdk._models.events import (
        EngagementEscalated,
        EngagementEvent,
        EngagementStopped,
        FollowEnded,
        PageEvent,
        PlanUnknown,
    )
    from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
    from ssm_contacts_sdk._models.policies import ContactPolicy
    from ssm_contacts_sdk._models.recurrence import (
        CoverageTime,
        DayOfWeek,
        MonthlySetting,
        Recurrence,
        ShiftCoverage,
        WeeklySetting,
    )
    from ssm_contacts_sdk._models.rotations import (
        Override,
        OverrideRecord,
        OverrideRef,
        PreviewOverride,
        Rotation,
        RotationRecord,
        RotationRef,
        RotationSummary,
        Shift,
        ShiftType,
    )
    from ssm_contacts_sdk._oncall.assignment import Duty, OnCall, OnCallChange
    from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
    from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
    from ssm_contacts_sdk._oncall.calendar import CalendarLane, Gap, OnCallCalendar
    from ssm_contacts_sdk._oncall.timeline import (
        Acknowledged,
        PageSent,
        Skipped,
        StageBegun,
        Timeline,
    )
    from ssm_contacts_sdk._resources.following import Following
    from ssm_contacts_sdk._resources.listing import Listing, ListingPage
    from ssm_contacts_sdk._retry import RetryDetails, RetryPolicy
    from ssm_contacts_sdk._service_errors import (
        AccessDeniedError,
        AccountNotOnboardedError,
        ConflictError,
        DataEncryptionError,
        DependentEntity,
        InternalServerError,
        InvalidField,
        ResourceNotFoundError,
        ServiceError,
        ServiceQuotaExceededError,
        ThrottlingError,
        TransportError,
        ValidationError,
    )
    from ssm_contacts_sdk._version import __version__
    from ssm_contacts_sdk._wire import from_response, to_kwargs
else:
    # In the else branch: a type checker that saw this would take every mistyped name.
    _ROOMS = {
        "_version": ("__version__",),
        "_client": ("ContactsClient",),
        "_errors": (
            "CalendarTooLongError",
            "ConfigurationError",
            "ContactsError",
            "CredentialsError",
            "Violation",
            "FollowTimeoutError",
            "InvalidValueError",
            "NotPicklableError",
            "ReentrantCallError",
            "ResponseDecodeError",
            "StackedRetriesWarning",
            "StateFileError",
        ),
        "_models.builders": (
            "EngagementPlan",
            "EngagementStage",
            "EscalationPlan",
            "EscalationStage",
        ),
        "_models.channels": (
            "ActivationStatus",
            "Channel",
            "ChannelRecord",
            "ChannelRef",
            "ChannelType",
        ),
        "_models.contacts": (
            "Contact",
            "ContactRecord",
            "ContactRef",
            "ContactSummary",
            "ContactType",
        ),
        "_models.engagements": (
            "AcceptCodeValidation",
            "AcceptType",
            "Engagement",
            "EngagementRef",
            "EngagementSummary",
            "Page",
            "PageRef",
            "PageSummary",
            "Receipt",
            "ReceiptType",
            "Resolution",
        ),
        "_models.events": (
            "EngagementEscalated",
            "EngagementEvent",
            "EngagementStopped",
            "FollowEnded",
            "PageEvent",
            "PlanUnknown",
        ),
        "_models.policies": ("ContactPolicy",),
        "_models.recurrence": (
            "CoverageTime",
            "DayOfWeek",
            "MonthlySetting",
            "Recurrence",
            "ShiftCoverage",
            "WeeklySetting",
        ),
        "_models.rotations": (
            "Override",
            "OverrideRecord",
            "OverrideRef",
            "PreviewOverride",
            "Rotation",
            "RotationRecord",
            "RotationRef",
            "RotationSummary",
            "Shift",
            "ShiftType",
        ),
        "_models.plans": ("ChannelTarget", "ContactTarget", "Plan", "Stage", "Target"),
        "_oncall.assumptions": ("OnCallAssumptions",),
        "_oncall.calendar": ("CalendarLane", "Gap", "OnCallCalendar"),
        "_oncall.assignment": ("Duty", "OnCall", "OnCallChange"),
        "_oncall.audit.findings": ("Finding", "Severity"),
        "_oncall.timeline": (
            "Acknowledged",
            "PageSent",
            "Skipped",
            "StageBegun",
            "Timeline",
        ),
        "_charts.printing": ("printable",),
        "_resources.following": ("Following",),
        "_resources.listing": ("Listing", "ListingPage"),
        "_retry": ("RetryDetails", "RetryPolicy"),
        "_service_errors": (
            "AccessDeniedError",
            "AccountNotOnboardedError",
            "ConflictError",
            "DataEncryptionError",
            "DependentEntity",
            "InternalServerError",
            "InvalidField",
            "ResourceNotFoundError",
            "ServiceError",
            "ServiceQuotaExceededError",
            "ThrottlingError",
            "TransportError",
            "ValidationError",
        ),
        "_wire": ("from_response", "to_kwargs"),
    }
    _ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

    def __getattr__(name):  # noqa: ANN001, ANN202 - the branch above has the types
        room = _ROOM_OF.get(name)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - no name of this package

        value = getattr(import_module(f"{__name__}.{room}"), name)
        globals()[name] = value
        return value

    def __dir__():  # noqa: ANN202 - the branch above has the types
        return sorted({*globals(), *__all__})


__all__ = [
    "AcceptCodeValidation",
    "AcceptType",
    "AccessDeniedError",
    "AccountNotOnboardedError",
    "Acknowledged",
    "ActivationStatus",
    "CalendarLane",
    "CalendarTooLongError",
    "Channel",
    "ChannelRecord",
    "ChannelRef",
    "ChannelTarget",
    "ChannelType",
    "ConfigurationError",
    "ConflictError",
    "Contact",
    "ContactPolicy",
    "ContactRecord",
    "ContactRef",
    "ContactSummary",
    "ContactTarget",
    "ContactType",
    "ContactsClient",
    "ContactsError",
    "CoverageTime",
    "CredentialsError",
    "DataEncryptionError",
    "DayOfWeek",
    "DependentEntity",
    "Duty",
    "Engagement",
    "EngagementEscalated",
    "EngagementEvent",
    "EngagementPlan",
    "EngagementRef",
    "EngagementStage",
    "EngagementStopped",
    "EngagementSummary",
    "EscalationPlan",
    "EscalationStage",
    "Finding",
    "FollowEnded",
    "FollowTimeoutError",
    "Following",
    "Gap",
    "InternalServerError",
    "InvalidField",
    "InvalidValueError",
    "Listing",
    "ListingPage",
    "MonthlySetting",
    "NotPicklableError",
    "OnCall",
    "OnCallAssumptions",
    "OnCallCalendar",
    "OnCallChange",
    "Override",
    "OverrideRecord",
    "OverrideRef",
    "Page",
    "PageEvent",
    "PageRef",
    "PageSent",
    "PageSummary",
    "Plan",
    "PlanUnknown",
    "PreviewOverride",
    "Receipt",
    "ReceiptType",
    "Recurrence",
    "ReentrantCallError",
    "Resolution",
    "ResourceNotFoundError",
    "ResponseDecodeError",
    "RetryDetails",
    "RetryPolicy",
    "Rotation",
    "RotationRecord",
    "RotationRef",
    "RotationSummary",
    "ServiceError",
    "ServiceQuotaExceededError",
    "Severity",
    "Shift",
    "ShiftCoverage",
    "ShiftType",
    "Skipped",
    "StackedRetriesWarning",
    "Stage",
    "StageBegun",
    "StateFileError",
    "Target",
    "ThrottlingError",
    "Timeline",
    "TransportError",
    "ValidationError",
    "Violation",
    "WeeklySetting",
    "__version__",
    "from_response",
    "printable",
    "to_kwargs",
]
