"""``client.rotations``: people who are on call in turns, and their shifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve

from ssm_contacts_sdk._models.arguments import Tags
from ssm_contacts_sdk._models.arns import RotationArn
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import (
    Members,
    People,
    PreviewOverride,
    Rotation,
    RotationName,
    RotationRecord,
    RotationRef,
    RotationSummary,
    Shift,
)
from ssm_contacts_sdk._operations import Arguments, Repeat, Response
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    ENDS_AFTER_START,
    PAGE_SIZE,
    at_least_one_of,
    changes,
    creates,
    fields_of,
    gets,
    in_whole_seconds,
    instant,
    items,
    key_value_list,
    lists,
    plain,
    reference,
    references,
    str_in,
    structure,
    structures,
    written_as,
)
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.times import TimeZoneId
from ssm_contacts_sdk._schema.values import check_of, record_of
from ssm_contacts_sdk._schema.violations import raise_violations, under


def _created(arguments: Arguments, response: Response) -> RotationRecord:
    return record_of(RotationRecord, arguments["rotation"], arn=str_in(response, "RotationArn"))


_ROTATION = reference("RotationId", RotationArn)

CREATE = creates(
    "CreateRotation",
    "rotations.create",
    _created,
    RotationRecord,
    # Older versions of boto3 drop fractions of a second, and the record must be what was sent.
    rotation=fields_of(Rotation, convert=in_whole_seconds),
    tags=key_value_list("Tags", Tags, optional=True),
)
GET = gets("GetRotation", "rotations.get", RotationRecord, rotation=_ROTATION)
UPDATE = changes(
    "UpdateRotation",
    "rotations.update",
    Repeat.SETS,
    rotation=_ROTATION,
    contact_ids=references("ContactIds", People, optional=True),
    start_time=instant("StartTime", optional=True, whole_seconds=True),
    time_zone_id=plain("TimeZoneId", TimeZoneId, optional=True),
    recurrence=structure("Recurrence", Recurrence, optional=True, filled_in=True),
    rules=(at_least_one_of("contact_ids", "start_time", "time_zone_id", "recurrence"),),
)
DELETE = changes("DeleteRotation", "rotations.delete", Repeat.DELETES, rotation=_ROTATION)
LIST = lists(
    "ListRotations",
    "rotations.list",
    RotationSummary,
    "Rotations",
    required=True,
    name_prefix=plain("RotationNamePrefix", RotationName, optional=True),
    page_size=PAGE_SIZE,
)
SHIFTS = lists(
    "ListRotationShifts",
    "rotations.shifts",
    Shift,
    "RotationShifts",
    rotation=_ROTATION,
    end_time=instant("EndTime"),
    start_time=instant("StartTime", optional=True),
    page_size=PAGE_SIZE,
    rules=(ENDS_AFTER_START,),
)
PREVIEW_SHIFTS = lists(
    "ListPreviewRotationShifts",
    "rotations.preview_shifts",
    Shift,
    "RotationShifts",
    members=items("Members", Members),
    time_zone_id=plain("TimeZoneId", TimeZoneId),
    recurrence=structure("Recurrence", Recurrence),
    end_time=instant("EndTime"),
    start_time=instant("StartTime", optional=True),
    rotation_start_time=instant("RotationStartTime", optional=True),
    overrides=structures("Overrides", PreviewOverride),
    page_size=PAGE_SIZE,
    rules=(ENDS_AFTER_START,),
)

_write_recurrence = written_as(Recurrence)


@public
@hides_all_arguments
class Rotations(Resource):
    """People who are on call in turns, and their shifts.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def create(
        self,
        rotation: Rotation,
        *,
        tags: Mapping[str, str] | None = None,
        idempotency_token: str | None = None,
    ) -> RotationRecord:
        """Create a rotation and return its record (CreateRotation).

        To add it to an on-call schedule, use `Plan.on_call`.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> web = client.rotations.create(
        ...     Rotation(
        ...         name="web",
        ...         contact_ids=[akua],
        ...         start_time=datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc),
        ...         time_zone_id="Europe/Berlin",
        ...         recurrence=Recurrence.weekly(("MON", "09:00")),
        ...     )
        ... )
        >>> client.rotations.get(web) == web
        True

        Args:
            rotation: the new rotation. The ARN of a record is ignored, and so are fractions of a
                second.
            tags: at most 50 keys of 1 to 128 characters with values of 1 to 256 (AWS's model). AWS
                accepts tags only in the first Region of the replication set (its user guide).
            idempotency_token: 1 to 2,048 characters. Calls with the same token create one
                rotation. By default each call has a new token, which all its attempts share; boto3
                sends none.

        Returns:
            What was sent, with the ARN that the service assigned. The rotation is not read again.

        Raises:
            InvalidValueError: an argument breaks a rule; nothing was sent.
            ResourceNotFoundError: one of the people does not exist.
            ServiceQuotaExceededError: the account has too many rotations.
        """
        request = self._request(
            CREATE, rotation=rotation, tags=tags, idempotency_token=idempotency_token
        )
        del idempotency_token
        return self._send(request)

    def get(self, rotation: RotationRef) -> RotationRecord:
        """Return a rotation (GetRotation).

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
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
        >>> client.rotations.get(web.arn).recurrence.weekly_settings
        (WeeklySetting(day_of_week=<DayOfWeek.MON: 'MON'>, hand_off_time=datetime.time(9, 0)),)

        Args:
            rotation: its record, summary or ARN.

        Raises:
            InvalidValueError: `rotation` is not the ARN of a rotation.
            ResourceNotFoundError: the rotation does not exist.
        """
        return self._run(GET, rotation=rotation)

    def update(
        self,
        rotation: RotationRef,
        *,
        contact_ids: Iterable[ContactRef] | None = None,
        start_time: datetime | None = None,
        time_zone_id: str | None = None,
        recurrence: Recurrence | None = None,
    ) -> None:
        """Change a rotation; arguments that are left out do not change (UpdateRotation).

        AWS's API requires the whole recurrence in each update. Without the argument `recurrence`,
        **the rotation is read first** (GetRotation), and its recurrence is sent back: a change
        that another program makes to it in between is lost. A rotation cannot be renamed.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
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
        >>> client.rotations.update(web, time_zone_id="Europe/Paris")
        >>> client.rotations.get(web).time_zone_id
        'Europe/Paris'

        Args:
            rotation: its record, summary or ARN.
            contact_ids: the people in the order of their turns, 1 to 30 records or ARNs.
            start_time: when the rotation starts, with a time zone. None does not change it, even
                if the service does not return it.
            time_zone_id: the IANA name of the time zone of the hand-offs.
            recurrence: the whole new recurrence.

        Raises:
            InvalidValueError: an argument breaks a rule, or there is nothing to update.
            ResourceNotFoundError: the rotation, or one of the people, does not exist.
            ConflictError: the update conflicts with the state of the rotation.
        """
        request = self._request(
            UPDATE,
            rotation=rotation,
            contact_ids=contact_ids,
            start_time=start_time,
            time_zone_id=time_zone_id,
            recurrence=recurrence,
        )
        if recurrence is None:
            # Written without a check: a rule of ours must not block the update of what AWS stores.
            current = _write_recurrence(self.get(rotation).recurrence)
            request = evolve(request, kwargs={**request.kwargs, "Recurrence": current})
        self._send(request)

    def delete(self, rotation: RotationRef) -> None:
        """Delete a rotation, and remove it from every schedule that contains it (DeleteRotation).

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
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
        >>> client.rotations.delete(web)
        >>> list(client.rotations.list())
        []

        Args:
            rotation: its record, summary or ARN.

        Raises:
            InvalidValueError: `rotation` is not the ARN of a rotation.
            ResourceNotFoundError: the rotation does not exist.
            ConflictError: other resources depend on it.
        """
        self._run(DELETE, rotation=rotation)

    def list(
        self,
        *,
        name_prefix: str | None = None,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[RotationSummary]:
        """Return the rotations of the account, which are read lazily (ListRotations).

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
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
        >>> [rotation.name for rotation in client.rotations.list(name_prefix="w")]
        ['web']

        Args:
            name_prefix: only rotations whose name begins with these 1 to 255 characters.
            page_size: the number of rotations to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list with the same filter. The
                list starts after that page.

        Returns:
            A `Listing` of summaries; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
        """
        return self._listing(
            LIST, name_prefix=name_prefix, page_size=page_size, next_token=next_token
        )

    def find(self, name: str) -> RotationRecord | None:
        """Return the rotation with a name, or None (ListRotations and GetRotation).

        >>> from ssm_contacts_sdk import ContactsClient
        >>> ContactsClient.local().rotations.find("web") is None
        True

        Args:
            name: the whole name, 1 to 255 characters.

        Raises:
            InvalidValueError: `name` breaks a rule.
            AmbiguousNameError: several rotations have this name, which AWS does not forbid.
        """
        raise_violations("rotations.find", under("name", check_of(RotationName)(name)))
        found = self.list(name_prefix=name)
        return self._get_found(
            name, (rotation.arn for rotation in found if rotation.name == name), self.get
        )

    def shifts(
        self,
        rotation: RotationRef,
        *,
        end_time: datetime,
        start_time: datetime | None = None,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[Shift]:
        """Return the shifts of a rotation with its overrides, read lazily (ListRotationShifts).

        A shift that overlaps the range is returned with its own start and end, which may be
        outside the range (reported by users of the service; AWS does not document it). A shift
        without contacts means that nobody is on call.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Recurrence, Rotation
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
        >>> end = datetime(2025, 1, 20, 8, 0, tzinfo=timezone.utc)
        >>> shifts = client.rotations.shifts(web, start_time=start, end_time=end)
        >>> [str(shift.end_time) for shift in shifts]
        ['2025-01-13 08:00:00+00:00', '2025-01-20 08:00:00+00:00']

        Args:
            rotation: its record, summary or ARN.
            end_time: the end of the range, with a time zone.
            start_time: the start of the range, with a time zone. By default it is now (our
                assumption).
            page_size: the number of shifts to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list of the same range. The list
                starts after that page.

        Returns:
            A `Listing` of shifts; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the rotation does not exist (when a page is read).
            ConflictError: the rotation is being changed (when a page is read).
        """
        return self._listing(
            SHIFTS,
            rotation=rotation,
            end_time=end_time,
            start_time=start_time,
            page_size=page_size,
            next_token=next_token,
        )

    def preview_shifts(
        self,
        *,
        members: Iterable[str],
        time_zone_id: str,
        recurrence: Recurrence,
        end_time: datetime,
        start_time: datetime | None = None,
        rotation_start_time: datetime | None = None,
        overrides: Iterable[PreviewOverride] = (),
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[Shift]:
        """Return the shifts that a rotation would have, read lazily (ListPreviewRotationShifts).

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import ContactsClient, Recurrence
        >>> shifts = ContactsClient.local().rotations.preview_shifts(
        ...     members=["Akua", "Alejandro"],
        ...     time_zone_id="Europe/Berlin",
        ...     recurrence=Recurrence.weekly(("MON", "09:00")),
        ...     start_time=datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc),
        ...     end_time=datetime(2025, 1, 20, 8, 0, tzinfo=timezone.utc),
        ... )
        >>> [shift.contact_ids for shift in shifts]
        [('Akua',), ('Alejandro',)]

        Args:
            members: 1 to 30 str of 1 to 512 characters, which need not be ARNs: the service
                returns them as the contacts of the shifts (AWS's model).
            time_zone_id: the IANA name of the time zone of the hand-offs.
            recurrence: the recurrence of the rotation.
            end_time: the end of the range, with a time zone.
            start_time: the start of the range, with a time zone.
            rotation_start_time: when the rotation would start, with a time zone.
            overrides: the overrides that it would have.
            page_size: the number of shifts to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list of the same preview. The list
                starts after that page.

        Returns:
            A `Listing` of shifts; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
        """
        return self._listing(
            PREVIEW_SHIFTS,
            members=members,
            time_zone_id=time_zone_id,
            recurrence=recurrence,
            end_time=end_time,
            start_time=start_time,
            rotation_start_time=rotation_start_time,
            overrides=overrides,
            page_size=page_size,
            next_token=next_token,
        )
