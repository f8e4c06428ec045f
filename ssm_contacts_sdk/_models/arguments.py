"""Arguments of several resources: tags, page sizes, and tokens."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeAlias

from attrs import frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.constraints import Between, Count, Text
from ssm_contacts_sdk._schema.fields import WhenAbsent
from ssm_contacts_sdk._schema.values import Value, check_of

LARGEST_PAGE = 1024
_MOST_TAGS = 50
# AWS's model allows neither ":" nor "." nor a space in the key of a tag.
_WORD = r"^[\\\/a-zA-Z0-9_+=\-]*$"
_WORD_RULE = "may contain only the letters a to z and A to Z, digits and \\ / _ + = -"

PageSize: TypeAlias = Annotated[int, Between(1, LARGEST_PAGE)]
NextToken: TypeAlias = Annotated[
    str, Text(1, 2048, _WORD, "must be the next_token of an earlier page")
]
IdempotencyToken: TypeAlias = Annotated[str, Text(1, 2048, _WORD, _WORD_RULE)]
TagKey: TypeAlias = Annotated[str, Text(1, 128, _WORD, _WORD_RULE)]
TagValue: TypeAlias = Annotated[
    str,
    Text(
        1,
        256,
        r"^[\p{L}\p{Z}\p{N}_.:\/=+\-@]*$",
        "may contain only letters, digits, spaces and _ . : / = + - @",
    ),
]


@frozen
class Tag(Value):
    """A tag as the service returns it; AWS's model allows it to leave out an empty value."""

    _aws_shape: ClassVar[str] = "Tag"
    key: TagKey
    value: Annotated[TagValue, WhenAbsent("")] = ""


class _KeysAndValues(Count):
    expected = "a mapping of keys to values"

    def check(self, value: Any, /) -> Sequence[Violation]:
        found = [*super().check(value)]
        check_key, check_value = check_of(TagKey), check_of(TagValue)
        for index, (key, of_key) in enumerate(value.items()):
            # The path has the position and not the key, because a rejected key may be private.
            found += [each.under(f"[{index}].key") for each in check_key(key)]
            found += [each.under(f"[{index}].value") for each in check_value(of_key)]
        return found


Tags: TypeAlias = Annotated[Mapping[str, str], _KeysAndValues(0, _MOST_TAGS, "tags")]
TagKeys: TypeAlias = Annotated[tuple[TagKey, ...], Count(1, _MOST_TAGS, "keys")]
