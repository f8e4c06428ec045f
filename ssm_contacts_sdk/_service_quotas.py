"""The quotas of an account, as AWS's Service Quotas lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from botocore.config import Config

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._configuration_errors import creation_error
from ssm_contacts_sdk._error_mapping import translate
from ssm_contacts_sdk._loader import SERVICE_NAME

_OPERATION = "ListServiceQuotas"


def read_quotas(
    session: boto3_types.Boto3Session | None, region_name: str | None
) -> dict[str, float]:
    """Return the values of the quotas of ``ssm-contacts``, by their codes.

    Raises:
        ContactsError: they cannot be read.
    """
    try:
        client = _client(session, region_name)
    except Exception as error:  # noqa: BLE001 - raised below, as an error of this package
        failed = creation_error(error)
    else:
        return _values(client)
    raise failed from failed.__cause__


def _client(session: boto3_types.Boto3Session | None, region_name: str | None) -> Any:
    session = boto3_types.Boto3Session() if session is None else session
    # Service Quotas admits few requests per second, which botocore's retries respect.
    config = Config(retries={"mode": "standard", "total_max_attempts": 5})
    return cast("Any", session).client("service-quotas", region_name=region_name, config=config)


def _values(client: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    try:
        for page in client.get_paginator("list_service_quotas").paginate(ServiceCode=SERVICE_NAME):
            found.update(_values_on(page))
    except Exception as error:
        failed = translate(error, _OPERATION, {})
        if failed is None:
            raise
    else:
        return found
    raise failed from failed.__cause__


def _values_on(page: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for quota in page.get("Quotas", []):
        # AWS's model requires neither of them.
        if "QuotaCode" in quota and "Value" in quota:
            yield quota["QuotaCode"], quota["Value"]
