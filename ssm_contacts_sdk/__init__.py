"""Contacts, plans and on-call in AWS Incident Manager, typed.

Names are loaded when they are first used: values and plans need no boto3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssm_contacts_sdk._version import __version__
    from ssm_contacts_sdk.client import ContactsClient
    from ssm_contacts_sdk.errors import (
        CalendarTooLongError,
        ConfigurationError,
        ContactsError,
        CredentialsError,
        Fault,
        FollowTimeoutError,
        InvalidValueError,
        NotPicklableError,
        ReentrantCallError,
        ResponseDecodeError,
        StackedRetriesWarning,
        StateFileError,
    )
    from ssm_contacts_sdk.model.builders import (
        EngagementPlan,
        EngagementStage,
        EscalationPlan,
        EscalationStage,
    )
    from ssm_contacts_sdk.model.channels import (
        ActivationStatus,
        Channel,
        ChannelRecord,
        ChannelRef,
        ChannelType,
    )
    from ssm_contacts_sdk.model.contacts import (
        Contact,
        ContactRecord,
        ContactRef,
        ContactSummary,
        ContactType,
    )
    from ssm_contacts_sdk.model.engagements import (
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
    from ssm_contacts_sdk.model.events import (
        EngagementEscalated,
        EngagementEvent,
        EngagementStopped,
        FollowEnded,
        PageEvent,
        PlanUnknown,
    )
    from ssm_contacts_sdk.model.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
    from ssm_contacts_sdk.model.policies import ContactPolicy
    from ssm_contacts_sdk.model.recurrence import (
        CoverageTime,
        DayOfWeek,
        MonthlySetting,
        Recurrence,
        ShiftCoverage,
        WeeklySetting,
    )
    from ssm_contacts_sdk.model.rotations import (
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
    from ssm_contacts_sdk.oncall.assumptions import OnCallAssumptions
    from ssm_contacts_sdk.oncall.calendar import CalendarLane, Gap, OnCallCalendar
    from ssm_contacts_sdk.oncall.duty import Duty, OnCall, OnCallChange
    from ssm_contacts_sdk.oncall.findings import Finding, Severity
    from ssm_contacts_sdk.oncall.timeline import (
        Acknowledged,
        PageSent,
        Skipped,
        StageBegun,
        Timeline,
    )
    from ssm_contacts_sdk.render.printing import printable
    from ssm_contacts_sdk.resources.following import Following
    from ssm_contacts_sdk.resources.listing import Listing, ListingPage
    from ssm_contacts_sdk.retry import RetryDetails, RetryPolicy
    from ssm_contacts_sdk.service_errors import (
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
    from ssm_contacts_sdk.wire import from_response, to_kwargs
else:
    # In the else branch: a type checker that saw this would take every mistyped name.
    _ROOMS = {
        "_version": ("__version__",),
        "client": ("ContactsClient",),
        "errors": (
            "CalendarTooLongError",
            "ConfigurationError",
            "ContactsError",
            "CredentialsError",
            "Fault",
            "FollowTimeoutError",
            "InvalidValueError",
            "NotPicklableError",
            "ReentrantCallError",
            "ResponseDecodeError",
            "StackedRetriesWarning",
            "StateFileError",
        ),
        "model.builders": (
            "EngagementPlan",
            "EngagementStage",
            "EscalationPlan",
            "EscalationStage",
        ),
        "model.channels": (
            "ActivationStatus",
            "Channel",
            "ChannelRecord",
            "ChannelRef",
            "ChannelType",
        ),
        "model.contacts": (
            "Contact",
            "ContactRecord",
            "ContactRef",
            "ContactSummary",
            "ContactType",
        ),
        "model.engagements": (
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
        "model.events": (
            "EngagementEscalated",
            "EngagementEvent",
            "EngagementStopped",
            "FollowEnded",
            "PageEvent",
            "PlanUnknown",
        ),
        "model.policies": ("ContactPolicy",),
        "model.recurrence": (
            "CoverageTime",
            "DayOfWeek",
            "MonthlySetting",
            "Recurrence",
            "ShiftCoverage",
            "WeeklySetting",
        ),
        "model.rotations": (
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
        "model.plans": ("ChannelTarget", "ContactTarget", "Plan", "Stage", "Target"),
        "oncall.assumptions": ("OnCallAssumptions",),
        "oncall.calendar": ("CalendarLane", "Gap", "OnCallCalendar"),
        "oncall.duty": ("Duty", "OnCall", "OnCallChange"),
        "oncall.findings": ("Finding", "Severity"),
        "oncall.timeline": (
            "Acknowledged",
            "PageSent",
            "Skipped",
            "StageBegun",
            "Timeline",
        ),
        "render.printing": ("printable",),
        "resources.following": ("Following",),
        "resources.listing": ("Listing", "ListingPage"),
        "retry": ("RetryDetails", "RetryPolicy"),
        "service_errors": (
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
        "wire": ("from_response", "to_kwargs"),
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
    "Fault",
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
    "WeeklySetting",
    "__version__",
    "from_response",
    "printable",
    "to_kwargs",
]
