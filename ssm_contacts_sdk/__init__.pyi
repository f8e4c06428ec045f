# Written by docs/make_stub.py from __init__.py.

from ssm_contacts_sdk._charts.drawable import (
    printable,
)
from ssm_contacts_sdk._client import (
    ContactsClient,
)
from ssm_contacts_sdk._clock import (
    Clock,
    SystemClock,
)
from ssm_contacts_sdk._durations import (
    Duration,
)
from ssm_contacts_sdk._errors import (
    AmbiguousNameError,
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
    ViolationCode,
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
from ssm_contacts_sdk._models.plans import (
    ChannelTarget,
    ContactTarget,
    EngagementPlan,
    EngagementStage,
    EscalationPlan,
    EscalationStage,
    Plan,
    Stage,
    Target,
)
from ssm_contacts_sdk._models.policies import (
    ContactPolicy,
)
from ssm_contacts_sdk._models.recurrence import (
    Recurrence,
)
from ssm_contacts_sdk._models.recurrence_parts import (
    CoverageTime,
    DayOfWeek,
    MonthlySetting,
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
from ssm_contacts_sdk._oncall.account_snapshot import (
    AccountSnapshot,
)
from ssm_contacts_sdk._oncall.assignment import (
    OnCallAssignment,
)
from ssm_contacts_sdk._oncall.assumptions import (
    OnCallAssumptions,
)
from ssm_contacts_sdk._oncall.audit.findings import (
    Finding,
    Severity,
)
from ssm_contacts_sdk._oncall.calendar import (
    CalendarLane,
    OnCallCalendar,
)
from ssm_contacts_sdk._oncall.gaps import (
    Gap,
)
from ssm_contacts_sdk._oncall.on_call import (
    OnCall,
    OnCallChange,
)
from ssm_contacts_sdk._oncall.simulation import (
    PathStep,
)
from ssm_contacts_sdk._oncall.timeline import (
    Timeline,
)
from ssm_contacts_sdk._oncall.timeline_events import (
    Acknowledged,
    PageSent,
    Skipped,
    StageStarted,
    TimelineEvent,
)
from ssm_contacts_sdk._queries.arguments import (
    Acknowledgements,
    OnCallRef,
)
from ssm_contacts_sdk._rates import (
    RateBucket,
    Rates,
)
from ssm_contacts_sdk._resources.channels import (
    Channels,
)
from ssm_contacts_sdk._resources.contacts import (
    Contacts,
)
from ssm_contacts_sdk._resources.engagements import (
    Engagements,
)
from ssm_contacts_sdk._resources.following.following import (
    Following,
)
from ssm_contacts_sdk._resources.listing import (
    Listing,
    ListingIterator,
    ListingPage,
)
from ssm_contacts_sdk._resources.overrides import (
    Overrides,
)
from ssm_contacts_sdk._resources.pages import (
    Pages,
)
from ssm_contacts_sdk._resources.rotations import (
    Rotations,
)
from ssm_contacts_sdk._resources.tags import (
    Tags,
)
from ssm_contacts_sdk._retry import (
    RetryDetails,
    RetryPolicy,
)
from ssm_contacts_sdk._schema.wire import (
    from_response,
    to_kwargs,
)
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
from ssm_contacts_sdk._version import (
    __version__,
)

__all__ = [
    "AcceptCodeValidation",
    "AcceptType",
    "AccessDeniedError",
    "AccountNotOnboardedError",
    "AccountSnapshot",
    "Acknowledged",
    "Acknowledgements",
    "ActivationStatus",
    "AmbiguousNameError",
    "CalendarLane",
    "CalendarTooLongError",
    "Channel",
    "ChannelRecord",
    "ChannelRef",
    "ChannelTarget",
    "ChannelType",
    "Channels",
    "Clock",
    "ConfigurationError",
    "ConflictError",
    "Contact",
    "ContactPolicy",
    "ContactRecord",
    "ContactRef",
    "ContactSummary",
    "ContactTarget",
    "ContactType",
    "Contacts",
    "ContactsClient",
    "ContactsError",
    "CoverageTime",
    "CredentialsError",
    "DataEncryptionError",
    "DayOfWeek",
    "DependentEntity",
    "Duration",
    "Engagement",
    "EngagementEscalated",
    "EngagementEvent",
    "EngagementPlan",
    "EngagementRef",
    "EngagementStage",
    "EngagementStopped",
    "EngagementSummary",
    "Engagements",
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
    "ListingIterator",
    "ListingPage",
    "MonthlySetting",
    "NotPicklableError",
    "OnCall",
    "OnCallAssignment",
    "OnCallAssumptions",
    "OnCallCalendar",
    "OnCallChange",
    "OnCallRef",
    "Override",
    "OverrideRecord",
    "OverrideRef",
    "Overrides",
    "Page",
    "PageEvent",
    "PageRef",
    "PageSent",
    "PageSummary",
    "Pages",
    "PathStep",
    "Plan",
    "PlanUnknown",
    "PreviewOverride",
    "RateBucket",
    "Rates",
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
    "Rotations",
    "ServiceError",
    "ServiceQuotaExceededError",
    "Severity",
    "Shift",
    "ShiftCoverage",
    "ShiftType",
    "Skipped",
    "StackedRetriesWarning",
    "Stage",
    "StageStarted",
    "StateFileError",
    "SystemClock",
    "Tags",
    "Target",
    "ThrottlingError",
    "Timeline",
    "TimelineEvent",
    "TransportError",
    "ValidationError",
    "Violation",
    "ViolationCode",
    "WeeklySetting",
    "__version__",
    "from_response",
    "printable",
    "to_kwargs",
]
