"""boto3's own clients, made apart from the machine's AWS settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast

from botocore.config import Config
from botocore.session import Session

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk.local._contract import SERVICE_NAME, contract

# A profile that is not there or a file that does not parse would stop botocore, and the defaults
# mode "auto" would ask the network for a Region.
_APART_FROM_THE_MACHINE: Mapping[str, object] = MappingProxyType(
    {
        "profile": None,
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "defaults_mode": "legacy",
        "ignore_configured_endpoint_urls": True,
    }
)


def new_boto3_client(region_name: str) -> boto3_types.SSMContactsClient:
    """A client without retries, and with credentials that nobody looks at."""
    session = Session()
    # The store, not the session's own set_config_variable: None must win as well.
    settings = session.get_component("config_store")
    for name, value in _APART_FROM_THE_MACHINE.items():
        settings.set_config_variable(name, value)
    session.register_component("data_loader", contract().loader)
    client = session.create_client(
        SERVICE_NAME,
        region_name=region_name,
        # So that nobody who reads it in a repr or an error takes it for AWS.
        endpoint_url="https://embedded.invalid",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - nobody looks at it
        config=Config(
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=64,
            user_agent_extra="lib/ssm_contacts_sdk.local",
        ),
    )
    return cast("boto3_types.SSMContactsClient", client)
