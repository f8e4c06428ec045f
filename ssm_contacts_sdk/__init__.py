"""Contacts, plans and on-call in AWS Incident Manager, typed.

A name is loaded when it is first used: values and plans need no boto3.
"""

# The one list of public names, by the private module that defines each. Type checkers read
# `__init__.pyi`, which docs/make_stub.py writes from it.
_PUBLIC_NAMES = {
    "_charts.drawable": ("printable",),
    "_client": ("ContactsClient",),
    "_clock": ("Clock", "SystemClock"),
    "_durations": ("Duration",),
    "_errors": (
        "AmbiguousNameError",
        "CalendarTooLongError",
        "ConfigurationError",
        "ContactsError",
        "CredentialsError",
        "FollowTimeoutError",
        "InvalidValueError",
        "NotPicklableError",
        "ReentrantCallError",
        "ResponseDecodeError",
        "StackedRetriesWarning",
        "StateFileError",
        "Violation",
        "ViolationCode",
    ),
    "_models.channels": (
        "ActivationStatus",
        "Channel",
        "ChannelRecord",
        "ChannelRef",
        "ChannelType",
    ),
    "_models.contacts": ("Contact", "ContactRecord", "ContactRef", "ContactSummary", "ContactType"),
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
    "_models.plans": (
        "ChannelTarget",
        "ContactTarget",
        "EngagementPlan",
        "EngagementStage",
        "EscalationPlan",
        "EscalationStage",
        "Plan",
        "Stage",
        "Target",
    ),
    "_models.policies": ("ContactPolicy",),
    "_models.recurrence": ("Recurrence",),
    "_models.recurrence_parts": (
        "CoverageTime",
        "DayOfWeek",
        "MonthlySetting",
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
    "_oncall.account_snapshot": ("AccountSnapshot",),
    "_oncall.assignment": ("OnCallAssignment",),
    "_oncall.assumptions": ("OnCallAssumptions",),
    "_oncall.audit.findings": ("Finding", "Severity"),
    "_oncall.calendar": ("CalendarLane", "OnCallCalendar"),
    "_oncall.gaps": ("Gap",),
    "_oncall.on_call": ("OnCall", "OnCallChange"),
    "_oncall.simulation": ("PathStep",),
    "_oncall.timeline": ("Timeline",),
    "_oncall.timeline_events": (
        "Acknowledged",
        "PageSent",
        "Skipped",
        "StageStarted",
        "TimelineEvent",
    ),
    "_queries.arguments": ("Acknowledgements", "OnCallRef"),
    "_rates": ("RateBucket", "Rates"),
    "_resources.channels": ("Channels",),
    "_resources.contacts": ("Contacts",),
    "_resources.engagements": ("Engagements",),
    "_resources.following.following": ("Following",),
    "_resources.listing": ("Listing", "ListingIterator", "ListingPage"),
    "_resources.overrides": ("Overrides",),
    "_resources.pages": ("Pages",),
    "_resources.rotations": ("Rotations",),
    "_resources.tags": ("Tags",),
    "_retry": ("RetryDetails", "RetryPolicy"),
    "_schema.wire": ("from_response", "to_kwargs"),
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
    "_version": ("__version__",),
}
_MODULE_OF = {name: module for module, names in _PUBLIC_NAMES.items() for name in names}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - no name of this package

    value = getattr(import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
