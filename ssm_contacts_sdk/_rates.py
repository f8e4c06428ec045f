"""The rates at which the service accepts requests: the published ones, and those of an account.

The numbers and codes are those of the quota table of Incident Manager in AWS's General Reference.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from attrs import Attribute, field, frozen

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._oncall.assumptions import check_choices
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.violations import raise_violations, violation, wrong_type


class _Quota(NamedTuple):
    code: str
    """Its code in Service Quotas."""
    per_second: float
    operations: tuple[str, ...]
    is_shared: bool = False
    """Whether the operations share the rate; otherwise it applies to each of them."""


_MUTATIONS = _Quota(
    "L-53EDA07E",
    1.0,
    (
        "ActivateContactChannel",
        "CreateContact",
        "CreateContactChannel",
        "CreateRotation",
        "CreateRotationOverride",
        "DeactivateContactChannel",
        "DeleteContact",
        "DeleteContactChannel",
        "DeleteRotation",
        "DeleteRotationOverride",
        "PutContactPolicy",
        "SendActivationCode",
        "TagResource",
        "UntagResource",
        "UpdateContact",
        "UpdateContactChannel",
        "UpdateRotation",
    ),
    is_shared=True,
)
"""AWS calls them "all other operations"."""
_QUOTAS = (
    _MUTATIONS,
    _Quota("L-D35B01ED", 20.0, ("AcceptPage",)),
    _Quota("L-254D300C", 20.0, ("StartEngagement",)),
    _Quota("L-F890E288", 10.0, ("StopEngagement",)),
    _Quota("L-E86843F5", 20.0, ("GetContact",)),
    _Quota("L-0C2999E2", 5.0, ("DescribeEngagement",)),
    _Quota("L-977ABCD7", 5.0, ("DescribePage",)),
    _Quota("L-8F6873DD", 2.0, ("ListEngagements",)),
    _Quota("L-70D46058", 2.0, ("ListPagesByEngagement",)),
    _Quota("L-05EEDCEB", 1.0, ("ListPagesByContact",)),
    _Quota("L-E25E885A", 1.0, ("ListPageReceipts",)),
    # AWS: the rate of rotations applies to each operation.
    _Quota(
        "L-0ECD1CFA",
        20.0,
        (
            "GetRotation",
            "GetRotationOverride",
            "ListPreviewRotationShifts",
            "ListRotationOverrides",
            "ListRotationShifts",
            "ListRotations",
        ),
    ),
    # Our assumption: this one does so too.
    _Quota(
        "L-DBEB7593",
        20.0,
        (
            "GetContactChannel",
            "GetContactPolicy",
            "ListContactChannels",
            "ListContacts",
            "ListPageResolutions",
            "ListTagsForResource",
        ),
    ),
)
_QUOTA_OF = {operation: quota for quota in _QUOTAS for operation in quota.operations}
_RATE_RULE = "must be a finite number of requests per second above 0, or None"


def rate_code(operation: str) -> str:
    """Return the code of the quota for the rate of `operation`.

    >>> rate_code("GetContact"), rate_code("ListContacts"), rate_code("CreateContact")
    ('L-E86843F5', 'L-DBEB7593', 'L-53EDA07E')
    """
    return _QUOTA_OF[operation].code


def _pairs(changed: Mapping[str, float | None]) -> tuple[tuple[str, float | None], ...]:
    try:
        pairs = dict(changed).items()
    except (TypeError, ValueError):
        raise InvalidValueError("Rates", wrong_type("a mapping", changed, "changed")) from None
    # Unlike a mapping, a tuple of pairs can be hashed, and nobody can change it. The keys are
    # checked later, so they may be of several types.
    return tuple(sorted(pairs, key=str))


def _check_changed(
    _: "Rates", __: "Attribute[Any]", changed: tuple[tuple[str, float | None], ...]
) -> None:
    violations: list[Violation] = []
    for operation, rate in changed:
        violations += _operation_violations(f"changed[{operation!r}]", operation)
        violations += _rate_violations(f"changed[{operation!r}]", rate)
    raise_violations("Rates", violations)


def _operation_violations(path: str, operation: object) -> Sequence[Violation]:
    if not isinstance(operation, str):
        return wrong_type("a str", operation, path)
    if operation in _QUOTA_OF:
        return ()
    rule = f"must be an operation in AWS's spelling, such as CreateContact (got {operation!r})"
    return violation("unknown_choice", rule, path)


def _check_rate(_: "Rates", option: "Attribute[Any]", rate: float | None) -> None:
    raise_violations("Rates", _rate_violations(option.name, rate))


def _rate_violations(path: str, rate: object) -> Iterator[Violation]:
    if rate is None:
        return
    if not isinstance(rate, (int, float)) or isinstance(rate, bool):
        yield from wrong_type("a number or None", rate, path)
    elif not rate > 0:
        yield Violation(path, f"{_RATE_RULE} (got {rate})", "too_small")
    elif not math.isfinite(rate):
        yield Violation(path, f"{_RATE_RULE} (got {rate})", "too_large")


@public
@frozen
class RateBucket:
    """Operations that share one rate.

    >>> bucket = Rates().bucket_of("GetContact")
    >>> bucket.per_second, bucket.operations
    (20.0, ('GetContact',))
    """

    operations: tuple[str, ...]
    """The operations in AWS's spelling, in alphabetical order."""
    per_second: float | None
    """The rate of all of them together, in requests per second; None is no limit."""

    @property
    def burst(self) -> int | None:
        """The number of requests that a full bucket admits at once; None is no limit."""
        return None if self.per_second is None else max(1, math.floor(self.per_second))


@public
@frozen(field_transformer=check_choices)
class Rates:
    """The service's limits on requests per second, by default as AWS publishes them.

    AWS lists "all other operations" with 1 request per second. These are most of the operations
    that change something. Our assumption: they share that rate.

    Further assumptions: each of the remaining operations has a bucket of its own, which AWS
    confirms for some. A bucket is a token bucket: it is full at first, and its capacity is the
    number of requests of one second, at least 1. A rejected request uses no token.

    >>> rates = Rates({"StartEngagement": 5, "GetContact": None})
    >>> rates.of("StartEngagement"), rates.of("GetContact"), rates.of("UpdateContact")
    (5, None, 1.0)
    >>> rates.bucket_of("UpdateContact") == rates.bucket_of("DeleteContact")
    True

    Args:
        changed: rates of single operations, in requests per second; None is no limit. The keys
            are in AWS's spelling. Each of these operations has a bucket of its own.
        mutations: whether "all other operations" share one bucket, or have one each.
        mutations_per_second: the rate of that bucket, or of each of them; None is no limit.

    Raises:
        InvalidValueError: an operation does not exist, or a rate is not more than 0.
    """

    _changed: tuple[tuple[str, float | None], ...] = field(
        default=(),
        alias="changed",
        converter=_pairs,
        validator=_check_changed,
    )
    mutations: Literal["shared", "separate"] = "shared"
    mutations_per_second: float | None = field(
        default=_MUTATIONS.per_second, validator=_check_rate, kw_only=True
    )

    def __repr__(self) -> str:
        more = f", mutations={self.mutations!r}, mutations_per_second={self.mutations_per_second!r}"
        return f"Rates({dict(self._changed)!r}{more})"

    @classmethod
    def from_service_quotas(
        cls,
        session: "boto3_types.Boto3Session | None" = None,
        *,
        region_name: str | None = None,
    ) -> "Rates":
        """Return the rates that AWS granted to an account: its quotas can be raised on request.

        It needs the permission ``servicequotas:ListServiceQuotas``.

        Args:
            session: the boto3 session of the account. The default is a new session, with the
                settings that boto3 finds.
            region_name: the Region whose quotas are read. The default is that of the session.

        Raises:
            ConfigurationError: there is no Region, or boto3 cannot create a client.
            CredentialsError: there are no credentials, or their provider fails.
            ServiceError: Service Quotas rejected the request; an `AccessDeniedError` if the
                permission is missing.
            TransportError: there was no response.
            ResponseDecodeError: the response cannot be read.
        """
        from ssm_contacts_sdk._service_quotas import read_quotas  # noqa: PLC0415 - loads botocore

        granted = read_quotas(session, region_name)
        mutations_per_second = granted.pop(_MUTATIONS.code, _MUTATIONS.per_second)
        changed = {
            operation: granted[quota.code]
            for operation, quota in _QUOTA_OF.items()
            if granted.get(quota.code, quota.per_second) != quota.per_second
        }
        return cls(changed, mutations_per_second=mutations_per_second)

    @classmethod
    def none(cls) -> "Rates":
        """Return rates without any limit.

        >>> Rates.none().of("CreateContact") is None
        True
        """
        return cls(dict.fromkeys(_QUOTA_OF, None))

    @property
    def changed(self) -> Mapping[str, float | None]:
        """The rates of single operations that differ from the published ones."""
        return MappingProxyType(dict(self._changed))

    @property
    def buckets(self) -> tuple[RateBucket, ...]:
        """All buckets, in alphabetical order; each operation is in one of them."""
        return _buckets(self)

    def bucket_of(self, operation: str) -> RateBucket:
        """Return the bucket of an operation, in AWS's spelling.

        Raises:
            InvalidValueError: the operation does not exist.
        """
        for bucket in self.buckets:
            if operation in bucket.operations:
                return bucket
        raise InvalidValueError("Rates.bucket_of", _operation_violations("operation", operation))

    def of(self, operation: str) -> float | None:
        """Return the rate of an operation's bucket, in requests per second; None is no limit.

        Raises:
            InvalidValueError: the operation does not exist.
        """
        return self.bucket_of(operation).per_second


@lru_cache(maxsize=16)
def _buckets(rates: "Rates") -> tuple[RateBucket, ...]:
    changed = rates.changed
    found: list[RateBucket] = []
    shared: list[str] = []
    for operation, quota in sorted(_QUOTA_OF.items()):
        if operation in changed:
            found.append(RateBucket((operation,), changed[operation]))
        elif not quota.is_shared:
            found.append(RateBucket((operation,), quota.per_second))
        elif rates.mutations == "separate":
            found.append(RateBucket((operation,), rates.mutations_per_second))
        else:
            shared.append(operation)
    if shared:
        found.append(RateBucket(tuple(shared), rates.mutations_per_second))
    return tuple(sorted(found, key=_first_name))


def _first_name(bucket: RateBucket) -> str:
    return bucket.operations[0]
