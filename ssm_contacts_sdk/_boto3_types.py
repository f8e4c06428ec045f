"""boto3's types, as annotations name them.

Type checkers see the exact ones. At run time `typing.get_type_hints` finds them too, as containers
for dependency injection need: a session of boto3 is imported when it is asked for, and a client is
a `BaseClient`, since boto3 makes its class when it makes the client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["Boto3Session", "SSMContactsClient"]

if TYPE_CHECKING:
    from boto3.session import Session as Boto3Session
    from mypy_boto3_ssm_contacts import SSMContactsClient
else:

    def __getattr__(name: str) -> type:
        # In the else branch: a type checker that saw this would take every mistyped name.
        if name == "SSMContactsClient":
            from botocore.client import BaseClient  # noqa: PLC0415

            return BaseClient
        if name == "Boto3Session":
            # boto3 takes longer to import than all that a client needs of this package.
            from boto3.session import Session  # noqa: PLC0415

            return Session
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
