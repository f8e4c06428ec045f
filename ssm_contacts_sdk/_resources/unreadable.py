"""Which errors say that one resource cannot be read, and nothing about the others."""

from __future__ import annotations

from ssm_contacts_sdk._errors import ContactsError, InvalidValueError, ResponseDecodeError
from ssm_contacts_sdk._service_errors import (
    AccessDeniedError,
    AccountNotOnboardedError,
    ConflictError,
    DataEncryptionError,
    ValidationError,
)

_OF_ONE_RESOURCE = (
    AccessDeniedError,
    ConflictError,
    DataEncryptionError,
    ValidationError,
    # An answer that this package cannot read: of an account, one record is.
    ResponseDecodeError,
    # A plan may name something by an ARN of another kind, which is refused before it is sent.
    InvalidValueError,
)


def concerns_one_resource(error: ContactsError) -> bool:
    """Whether this error says that one resource cannot be read, and others may well be.

    The service refuses one resource to a caller, cannot decrypt it, or cannot calculate its
    shifts. Not so: throttling, a failure of the service or of the connection, credentials, and an
    account without Incident Manager. They would meet every further request as well.
    """
    return isinstance(error, _OF_ONE_RESOURCE) and not isinstance(error, AccountNotOnboardedError)
