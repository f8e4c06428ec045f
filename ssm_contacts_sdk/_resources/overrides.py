"""``client.overrides``: other people on call for a part of a rotation's time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import RotationArn, arn_of
from ssm_contacts_sdk._models.rotations import (
    Override,
    OverrideId,
    OverrideRecord,
    OverrideRef,
    RotationRef,
)
from ssm_contacts_sdk._operations import Argument, Arguments, Operation, Repeat, Response, Rule
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    ENDS_AFTER_START,
    PAGE_SIZE,
    changes,
    creates,
    fields_of,
    in_whole_seconds,
    instant,
    lists,
    reference,
    str_in,
)
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.values import record_of
from ssm_contacts_sdk._schema.violations import violation
from ssm_contacts_sdk._schema.wire import reader_of


def _created(arguments: Arguments, response: Response) -> OverrideRecord:
    return record_of(
        OverrideRecord,
        arguments["override"],
        rotation_arn=arguments["rotation"],
        id=str_in(response, "RotationOverrideId"),
    )


def _got(arguments: Arguments, response: Response) -> OverrideRecord:
    # AWS's model allows the service to leave out even what was sent.
    sent = {"RotationArn": arguments["rotation"], "RotationOverrideId": arguments["override"]}
    return reader_of(OverrideRecord)({**sent, **response})


def _known(arguments: Arguments) -> Mapping[str, object]:
    # The items of a list do not contain the ARN of their rotation.
    return {"RotationArn": arguments["rotation"]}


def _id_of(override: object) -> object:
    return override.id if isinstance(override, OverrideRecord) else override


def _override_of_rotation(rotation: RotationRef, override: OverrideRef) -> Iterator[Violation]:
    if isinstance(override, OverrideRecord) and override.rotation_arn != arn_of(rotation):
        yield from violation("conflict", "must be an override of this rotation", "override")


_ROTATION = reference("RotationId", RotationArn)
_OVERRIDE = Argument("RotationOverrideId", OverrideId, _id_of)
_OVERRIDE_OF_ROTATION = Rule(
    "rotation",
    "override",
    description="the override is one of this rotation, if a record is passed",
    check=_override_of_rotation,
)

CREATE = creates(
    "CreateRotationOverride",
    "overrides.create",
    _created,
    OverrideRecord,
    rotation=_ROTATION,
    # Older versions of boto3 drop fractions of a second, and the record must be what was sent.
    override=fields_of(Override, convert=in_whole_seconds),
)
GET = Operation(
    "GetRotationOverride",
    "overrides.get",
    Repeat.READS,
    {"rotation": _ROTATION, "override": _OVERRIDE},
    _got,
    OverrideRecord,
    rules=(_OVERRIDE_OF_ROTATION,),
)
DELETE = changes(
    "DeleteRotationOverride",
    "overrides.delete",
    Repeat.DELETES,
    rotation=_ROTATION,
    override=_OVERRIDE,
    rules=(_OVERRIDE_OF_ROTATION,),
)
LIST = lists(
    "ListRotationOverrides",
    "overrides.list",
    OverrideRecord,
    "RotationOverrides",
    known=_known,
    rotation=_ROTATION,
    start_time=instant("StartTime"),
    end_time=instant("EndTime"),
    page_size=PAGE_SIZE,
    rules=(ENDS_AFTER_START,),
)


@public
@hides_all_arguments
class Overrides(Resource):
    """Other people on call for a part of a rotation's time.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def create(
        self, rotation: RotationRef, override: Override, *, idempotency_token: str | None = None
    ) -> OverrideRecord:
        """Create an override and return its record (CreateRotationOverride).

        An override puts other people on call for a part of a rotation's time.

        AWS's console requires at least 30 minutes, at most six months ahead, and only people of
        the rotation (AWS's user guide). AWS does not document whether its API requires them too.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import (
        ...     Contact,
        ...     ContactsClient,
        ...     ContactType,
        ...     Override,
        ...     Recurrence,
        ...     Rotation,
        ... )
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> start = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
        >>> web = client.rotations.create(
        ...     Rotation(
        ...         name="web",
        ...         contact_ids=[akua],
        ...         start_time=start,
        ...         time_zone_id="Europe/Berlin",
        ...         recurrence=Recurrence.weekly(("MON", "09:00")),
        ...     )
        ... )
        >>> night = Override(
        ...     new_contact_ids=[],
        ...     start_time=datetime(2025, 1, 6, 21, 0, tzinfo=timezone.utc),
        ...     end_time=datetime(2025, 1, 7, 5, 0, tzinfo=timezone.utc),
        ... )
        >>> record = client.overrides.create(web, night)
        >>> client.overrides.get(web, record).new_contact_ids
        ()

        Args:
            rotation: its record, summary or ARN.
            override: the new override. The id and the rotation of a record are ignored, and so are
                fractions of a second.
            idempotency_token: 1 to 2,048 characters. Calls with the same token create one
                override. By default each call has a new token, which all its attempts share; boto3
                sends none.

        Returns:
            What was sent, with the id that the service assigned. The override is not read again.

        Raises:
            InvalidValueError: an argument breaks a rule; nothing was sent.
            ResourceNotFoundError: the rotation, or one of the people, does not exist.
            ServiceQuotaExceededError: the rotation has too many overrides.
        """
        request = self._request(
            CREATE, rotation=rotation, override=override, idempotency_token=idempotency_token
        )
        del idempotency_token
        return self._send(request)

    def get(self, rotation: RotationRef, override: OverrideRef) -> OverrideRecord:
        """Return an override (GetRotationOverride).

        Args:
            rotation: the record, summary or ARN of its rotation.
            override: its record or id.

        Raises:
            InvalidValueError: an argument breaks a rule, or the override is one of another
                rotation.
            ResourceNotFoundError: the rotation or the override does not exist.
        """
        return self._run(GET, rotation=rotation, override=override)

    def delete(self, rotation: RotationRef, override: OverrideRef) -> None:
        """Delete an override: the regular shifts apply again (DeleteRotationOverride).

        Args:
            rotation: the record, summary or ARN of its rotation.
            override: its record or id.

        Raises:
            InvalidValueError: an argument breaks a rule, or the override is one of another
                rotation.
            ResourceNotFoundError: the rotation or the override does not exist.
        """
        self._run(DELETE, rotation=rotation, override=override)

    def list(
        self,
        rotation: RotationRef,
        *,
        start_time: datetime,
        end_time: datetime,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[OverrideRecord]:
        """Return the overrides of a rotation in a range, read lazily (ListRotationOverrides).

        Args:
            rotation: its record, summary or ARN.
            start_time: the start of the range, with a time zone.
            end_time: the end of the range, with a time zone.
            page_size: the number of overrides to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list of the same range. The list
                starts after that page.

        Returns:
            A `Listing` of records; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the rotation does not exist (when a page is read).
        """
        return self._listing(
            LIST,
            rotation=rotation,
            start_time=start_time,
            end_time=end_time,
            page_size=page_size,
            next_token=next_token,
        )
