"""Arguments that many operations take."""

from typing import Annotated, TypeAlias

from ssm_contacts_sdk._schema.constraints import Between, Text

LARGEST_PAGE = 1024
_TOKEN_PATTERN = r"^[\\\/a-zA-Z0-9_+=\-]*$"  # noqa: S105 - of a token

PageSize: TypeAlias = Annotated[int, Between(1, LARGEST_PAGE)]
NextToken: TypeAlias = Annotated[
    str, Text(1, 2048, _TOKEN_PATTERN, "must be the next_token of an earlier page")
]
IdempotencyToken: TypeAlias = Annotated[
    str,
    Text(
        1,
        2048,
        _TOKEN_PATTERN,
        "may contain only the letters a to z and A to Z, digits and \\ / _ + = -",
    ),
]
