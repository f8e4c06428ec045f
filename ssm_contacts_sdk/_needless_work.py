"""Work that botocore does for each call although it has no effect on it, and that is left out.

It is only left out of the boto3 clients that this package creates. A version of botocore that has
other attributes still does the work.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ssm_contacts_sdk._loader import SERVICE_NAME
from ssm_contacts_sdk._parameter_validation import validate_unchecked_only


def leave_out_needless_work(boto3_client: Any) -> None:
    """Make a new boto3 client of this package leave out work that has no effect on its calls."""
    validate_unchecked_only(boto3_client)
    # A client with one attempt never repeats a request, so this handler has nothing to decide.
    boto3_client.meta.events.unregister(
        f"needs-retry.{SERVICE_NAME}", unique_id=f"retry-config-{SERVICE_NAME}"
    )
    _compose_user_agent_once(boto3_client)
    _find_endpoint_in_settings(boto3_client)


def _compose_user_agent_once(boto3_client: Any) -> None:
    """Make a boto3 client compose its user agent once, and not twice for each call.

    It then lacks botocore's codes for features that a single call uses, such as a paginator.
    """
    creator: Any = getattr(boto3_client, "_user_agent_creator", None)
    # A later version of botocore may have no such object.
    if creator is not None:
        creator.to_string = partial(str, creator.to_string())


def _find_endpoint_in_settings(boto3_client: Any) -> None:
    """Make a boto3 client find the parameters of its endpoint in its settings only.

    For each call and each parameter, such as the Region, botocore first searches the operation for
    a value. The operations of this service have none.
    """
    resolver: Any = getattr(boto3_client, "_ruleset_resolver", None)
    search = getattr(resolver, "_resolve_param_from_context", None)
    if search is not None:
        resolver._resolve_param_from_context = _OperationSearch(search)  # noqa: SLF001


class _OperationSearch:
    """Searches an operation for a parameter of the endpoint, if it can have one."""

    def __init__(self, search: Any) -> None:
        self._search = search
        self._without_parameters: set[str] = set()

    def __call__(self, param_name: str, operation_model: Any, call_args: Any) -> object:
        if operation_model.name in self._without_parameters:
            return None
        if not _has_parameters(operation_model):
            self._without_parameters.add(operation_model.name)
        return self._search(
            param_name=param_name, operation_model=operation_model, call_args=call_args
        )


def _has_parameters(operation_model: Any) -> bool:
    """Return whether AWS's model binds parameters of the endpoint to an operation or its client."""
    return bool(
        operation_model.service_model.client_context_parameters
        or operation_model.static_context_parameters
        or operation_model.context_parameters
        # Early versions of botocore do not know the last kind.
        or getattr(operation_model, "operation_context_parameters", None)
    )
