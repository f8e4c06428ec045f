"""The types of boto3 for annotations.

Type checkers use the exact types. At run time, `typing.get_type_hints` finds them too, as needed by
dependency injection: the session of boto3 is imported when its name is used, and the type of a
client is `BaseClient`, because boto3 creates the class together with the client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Boto3Session", "SSMContactsClient"]

if TYPE_CHECKING:
    from boto3.session import Session as Boto3Session
    from mypy_boto3_ssm_contacts import SSMContactsClient
else:

    def __getattr__(name: str) -> type:
        # It is in the else branch, so that type checkers still report wrong names.
        if name == "SSMContactsClient":
            from botocore.client import BaseClient  # noqa: PLC0415

            return BaseClient
        if name == "Boto3Session":
            # The import of boto3 takes longer than that of this package.
            from boto3.session import Session  # noqa: PLC0415

            return Session
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
