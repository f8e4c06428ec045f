"""Tags: the keys and values that a contact can be labelled with when it is created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from attrs import frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    fits_a_token,
    letters_spaces_digits_and,
    wrong_type,
)

_MOST_TAGS = 50
# AWS's model allows neither ":" nor "." nor a space in a key.
TAG_KEY = TextRule(1, 128, "letters a to z and A to Z, digits and \\ / _ + = -", fits_a_token)
TAG_VALUE = TextRule(
    1, 256, "letters, digits, spaces and _ . : / = + - @", letters_spaces_digits_and("_.:/=+-@")
)


@frozen
class Tag(Checked):
    """A tag as the service gives it; AWS's model lets it leave out an empty value."""

    key: str
    value: str = ""

    def violations(self) -> Iterator[Violation]:
        yield from TAG_KEY.violations("key", self.key)
        yield from TAG_VALUE.violations("value", self.value)


def tag_violations(path: str, tags: object) -> Iterator[Violation]:
    """What is wrong with `tags` as a mapping of at most 50 keys to values."""
    if not isinstance(tags, Mapping):
        yield wrong_type(path, "a mapping of keys to values", tags)
        return
    given = cast("Mapping[object, object]", tags)
    if len(given) > _MOST_TAGS:
        yield Violation(path, f"may hold at most {_MOST_TAGS} tags, and holds {len(given)}")
    for index, (key, value) in enumerate(given.items()):
        # By position: a key that was refused may be somebody's number.
        yield from TAG_KEY.violations(f"{path}[{index}].key", key)
        yield from TAG_VALUE.violations(f"{path}[{index}].value", value)
