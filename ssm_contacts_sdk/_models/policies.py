"""The policy by which a contact is shared with other accounts."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, NoReturn

from attrs import frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ContactArn, arn_of
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Constraint, Count, Text
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.fields import AwsName
from ssm_contacts_sdk._schema.values import Value, check_of, rule
from ssm_contacts_sdk._schema.violations import raise_violations, under, violation


class _AccountId(Constraint):
    def check(self, value: str, /) -> Sequence[Violation]:
        if re.fullmatch("[0-9]{12}", value):
            return ()
        return violation("wrong_format", f"must be {self.describe()}")

    def describe(self) -> str:
        return "the 12 digits of an account's id"


_AccountIds = Annotated[tuple[Annotated[str, _AccountId()], ...], Count(1, items="account ids")]
# The actions that AWS's own example allows.
_ACTIONS = (
    "ssm-contacts:GetContact",
    "ssm-contacts:StartEngagement",
    "ssm-contacts:DescribeEngagement",
    "ssm-contacts:ListPagesByEngagement",
    "ssm-contacts:StopEngagement",
)


@public
@hides_all_arguments
@frozen
class ContactPolicy(Value):
    """A resource policy of a contact. Any JSON object is accepted and stored unchanged.

    Args:
        text: JSON, at most 395,000 characters (AWS's model).

    Raises:
        InvalidValueError: `text` is not a JSON object, or too long.

    >>> ContactPolicy('{"Version": "2012-10-17", "Statement": []}').text
    '{"Version": "2012-10-17", "Statement": []}'
    """

    _aws_shape: ClassVar[str] = "PutContactPolicyRequest"
    # Most policies have several lines, which AWS's pattern does not match as a whole.
    text: Annotated[str, Text(1, 395_000, r".*\S.*", checks_pattern=False), AwsName("Policy")]

    @staticmethod
    def sharing(contact: ContactRef, *, with_accounts: Iterable[str]) -> "ContactPolicy":
        """Return the policy of AWS's example: other accounts may see and engage a contact.

        It has no effect until the contact is shared with these accounts in AWS Resource Access
        Manager as well (AWS's user guide). It applies in every Region.

        >>> akua = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> policy = ContactPolicy.sharing(akua, with_accounts=["222233334444"])
        >>> "arn:aws:ssm-contacts:*:111122223333:engagement/akuam/*" in policy.text
        True

        Args:
            contact: the contact to share, by record, summary or ARN.
            with_accounts: the ids of the accounts, 12 digits each.

        Raises:
            InvalidValueError: `contact` is not a contact, or an account id does not have 12
                digits.
        """
        arn = arn_of(contact)
        accounts = as_tuple(with_accounts)
        raise_violations("ContactPolicy.sharing", _sharing_violations(arn, accounts))
        _, partition, _, _, owner, resource = arn.split(":", 5)
        alias = resource.partition("/")[2]
        everywhere = f"arn:{partition}:ssm-contacts:*:{owner}"
        statement = {
            "Sid": "ShareContact",
            "Effect": "Allow",
            "Principal": {"AWS": list(accounts)},
            "Action": list(_ACTIONS),
            "Resource": [f"{everywhere}:contact/{alias}", f"{everywhere}:engagement/{alias}/*"],
        }
        return ContactPolicy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    @rule("text")
    def _is_a_policy(self) -> Sequence[Violation]:
        if _is_json_object(self.text):
            return ()
        problem = "must be a policy in JSON, such as ContactPolicy.sharing(...) writes"
        return violation("wrong_format", problem, "text")


def _reject_constant(name: str) -> NoReturn:
    # Python's parser accepts NaN and Infinity, which are not JSON.
    raise ValueError(name)


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_reject_constant), dict)
    except (ValueError, RecursionError):
        return False


def _sharing_violations(arn: object, accounts: object) -> Iterator[Violation]:
    of_arn = check_of(ContactArn)(arn)
    yield from under("contact", of_arn)
    if not of_arn and not str(arn).split(":", 5)[-1].startswith("contact/"):
        problem = "must be the ARN of a contact: contact/ and its alias at the end"
        yield from violation("wrong_kind_of_arn", problem, "contact")
    yield from under("with_accounts", check_of(_AccountIds)(accounts))
