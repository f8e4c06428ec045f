"""ARNs of the account and Region in which the tests have their resources."""

from __future__ import annotations

PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"


def contact_arn(alias: str) -> str:
    return f"{PREFIX}contact/{alias}"


def channel_arn(alias: str, number: int | str = 1) -> str:
    return f"{PREFIX}contact-channel/{alias}/{number}"


def rotation_arn(name: int | str) -> str:
    return f"{PREFIX}rotation/{name}"


def engagement_arn(alias: str, number: int | str = 1) -> str:
    return f"{PREFIX}engagement/{alias}/{number}"


def page_arn(alias: str, number: int | str = 1) -> str:
    return f"{PREFIX}page/{alias}/{number}"
