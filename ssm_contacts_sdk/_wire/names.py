"""The old name of `_schema.fields.aws_path`, until its users use the new one."""

from __future__ import annotations

from ssm_contacts_sdk._schema.fields import aws_path, fields_of


def aws_name(kind: type, field: str) -> str:
    (found,) = (each for each in fields_of(kind) if each.name == field)
    return aws_path(found)[0]
