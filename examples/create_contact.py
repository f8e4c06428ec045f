"""The example of AWS's create_contact page: a person with a blank plan.

Without arguments on the embedded service, with them on AWS::

    python examples/create_contact.py
    python examples/create_contact.py --region us-east-2 --alias akuam --display-name "Akua Mansa"
"""

from __future__ import annotations

from collections.abc import Sequence

from connecting import Place, arguments, run

from ssm_contacts_sdk import Contact, ContactType


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Create a person whose plan is still blank.")
    parser.add_argument("--alias", help="the short name, which ends the ARN")
    parser.add_argument("--display-name", help="the full name")
    chosen = parser.parse_args(argv)
    place = Place(chosen)

    person = Contact(
        alias=place.argument(chosen.alias, "akuam", "--alias"),
        display_name=place.argument(chosen.display_name, "Akua Mansa", "--display-name"),
        type=ContactType.PERSONAL,
    )
    place.before_writing(f"create the person {person.alias}, with a blank plan")
    with place as client:
        print(client.contacts.create(person).arn)


if __name__ == "__main__":
    run(main)
