"""Create a person with an empty plan, as in AWS's create_contact example.

Without arguments it runs on the embedded service. To run it on AWS::

    python examples/create_contact.py --region us-east-2 --alias akuam --display-name "Akua Mansa"
"""

from __future__ import annotations

from collections.abc import Sequence

from backend import Backend
from command_line import argument_parser, run

from ssm_contacts_sdk import Contact, ContactType


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser("Create a person with an empty plan.")
    parser.add_argument(
        "--alias", help="the short name, which is the end of the ARN (required on AWS)"
    )
    parser.add_argument("--display-name", metavar="NAME", help="the full name (required on AWS)")
    chosen = parser.parse_args(argv)
    backend = Backend(chosen)

    person = Contact(
        alias=backend.argument(chosen.alias, "akuam", "--alias"),
        display_name=backend.argument(chosen.display_name, "Akua Mansa", "--display-name"),
        type=ContactType.PERSONAL,
    )
    backend.before_writing(f"create the person {person.alias}, with an empty plan")
    with backend as client:
        print(client.contacts.create(person).arn)


if __name__ == "__main__":
    run(main)
