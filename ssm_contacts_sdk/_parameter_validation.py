"""botocore's validation of parameters, without those that this package has checked.

botocore validates the parameters of each call. For those of a request that was made from checked
values, this repeats what has been done. All others are validated: those of direct calls of the
boto3 client, of `ContactsClient.call`, and those that an event handler changes during a call.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from botocore.client import BaseClient
from botocore.validate import ParamValidationDecorator

# Objects of these types cannot change, so the identity of one proves that its value is the same.
_IMMUTABLE = frozenset({str, int, bool, float, datetime})
_MISSING = object()


class CheckedParameters:
    """The parameters of a request that the checks of this package have accepted.

    Args:
        operation: AWS's name of the operation.
        parameters: the keyword arguments of the boto3 method.
    """

    __slots__ = ("_nested", "_operation", "_parameters")

    def __init__(self, operation: str, parameters: Mapping[str, object]) -> None:
        self._operation = operation
        self._parameters = parameters
        self._nested = _contents(parameters)

    def are_sent(self, operation: str, sent: dict[str, object]) -> bool:
        """Return whether a call of botocore still has these parameters, and no others."""
        if operation != self._operation or type(sent) is not dict:
            return False
        if len(sent) != len(self._parameters):
            return False
        for name, value in self._parameters.items():
            if sent.get(name, _MISSING) is not value:
                return False
        # Without nested parts, nothing else can have changed.
        return self._nested == b"" or (self._nested is not None and self._nested == _contents(sent))


def _contents(parameters: Mapping[str, object]) -> bytes | None:
    """Return the lists and structures among parameters as bytes, or None if that is not possible.

    An event handler could change them in place. The bytes show each change, also that of a type:
    they differ for 1, True and 1.0. They are faster to make than a validation.
    """
    values = parameters.values()
    if _IMMUTABLE.issuperset(map(type, values)):
        return b""
    nested = [value for value in values if type(value) not in _IMMUTABLE]
    try:
        # Version 2: later versions depend on the number of references to an object.
        return marshal.dumps(nested, 2)
    except ValueError:
        # They contain instants, which only the parameters of previews of shifts do.
        return None


checked_parameters: ContextVar[CheckedParameters | None] = ContextVar(
    "checked_parameters", default=None
)
"""The checked parameters of the attempt that this thread or task makes."""


def validate_unchecked_only(boto3_client: Any) -> None:
    """Make a new boto3 client validate all parameters except `checked_parameters`.

    It has no effect on a client that does not validate, as ``parameter_validation = false`` in the
    AWS configuration file requests, and on an object that only forwards calls to a client.
    """
    if not issubclass(type(boto3_client), BaseClient):
        return
    validating = boto3_client._serializer  # noqa: SLF001 - botocore has no public way to it
    if type(validating) is ParamValidationDecorator:
        boto3_client._serializer = _Serializer(validating)  # noqa: SLF001


def leaves_out_checked(boto3_client: object) -> bool:
    """Return whether a boto3 client does not validate `checked_parameters`."""
    return type(getattr(boto3_client, "_serializer", None)) is _Serializer


class _Serializer:
    """Serializes requests, after the validation by botocore if nothing else has checked them.

    botocore calls it after all handlers of its events, so it sees what is sent.
    """

    def __init__(self, validating: Any) -> None:
        self._validating = validating
        self._plain = validating._serializer  # noqa: SLF001 - botocore has no public way to it

    def serialize_to_request(self, parameters: Any, operation_model: Any) -> Any:
        """Return the request as botocore's serializer does.

        Raises:
            ParamValidationError: unchecked parameters do not fit botocore's model.
        """
        checked = checked_parameters.get()
        if checked is not None and checked.are_sent(operation_model.name, parameters):
            return self._plain.serialize_to_request(parameters, operation_model)
        return self._validating.serialize_to_request(parameters, operation_model)
