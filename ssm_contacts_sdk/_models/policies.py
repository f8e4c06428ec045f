"""The policy by which a contact is shared with other accounts."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn

from attrs import frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.rules import Checked, as_tuple, check, list_violations, wrong_type
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public

_MOST_CHARACTERS = 395_000
_ACCOUNT_ID = re.compile("[0-9]{12}")
# What AWS's own example lets the other account do.
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
class ContactPolicy(Checked):
    """A resource policy of a contact, as its text. Any JSON object is kept as it is.

    Args:
        text: JSON, at most 395,000 characters (AWS's model).

    Raises:
        InvalidValueError: it is no JSON object, or too long.
    """

    text: str

    @staticmethod
    def sharing(contact: ContactRef, *, with_accounts: Iterable[str]) -> "ContactPolicy":
        """The policy that lets other accounts see and engage a contact, as in AWS's example.

        It has no effect before the contact is shared with these accounts in AWS Resource Access
        Manager as well (AWS's user guide). It holds in every Region.

        >>> akua = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> policy = ContactPolicy.sharing(akua, with_accounts=["222233334444"])
        >>> "arn:aws:ssm-contacts:*:111122223333:engagement/akuam/*" in policy.text
        True

        Args:
            contact: its record, summary or ARN.
            with_accounts: the ids of the accounts, 12 digits each.

        Raises:
            InvalidValueError: no contact's ARN, or no account's id.
        """
        arn = arn_of(contact)
        accounts = as_tuple(with_accounts)
        check("ContactPolicy.sharing", _sharing_violations(arn, accounts))
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

    def violations(self) -> Iterator[Violation]:
        if not isinstance(self.text, str):
            yield wrong_type("text", "a text", self.text)
        elif len(self.text) > _MOST_CHARACTERS:
            yield Violation("text", f"must have at most {_MOST_CHARACTERS} characters")
        elif not _is_json_object(self.text):
            yield Violation(
                "text", "must be a policy in JSON, such as ContactPolicy.sharing(...) writes"
            )


def _refuse_constant(name: str) -> NoReturn:
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(name)


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=_refuse_constant), dict)
    except (ValueError, RecursionError):
        return False


def _sharing_violations(arn: object, accounts: object) -> Iterator[Violation]:
    violations = list(arn_violations("contact", arn, CONTACT))
    yield from violations
    if not violations and not str(arn).split(":", 5)[-1].startswith("contact/"):
        yield Violation(
            "contact", "must be the ARN of a contact: contact/ and its alias at the end"
        )
    yield from list_violations(
        "with_accounts", accounts, "account ids", _account_violations, least=1
    )


def _account_violations(path: str, value: object) -> Iterator[Violation]:
    if not (isinstance(value, str) and _ACCOUNT_ID.fullmatch(value)):
        yield Violation(path, "must be the 12 digits of an account's id")
