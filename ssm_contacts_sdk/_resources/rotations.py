"""``client.rotations``: people who take turns, and their shifts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import (
    ROTATION_NAME,
    PreviewOverride,
    Rotation,
    RotationRecord,
    RotationRef,
    RotationSummary,
    Shift,
    contact_arns,
    members_violations,
    people_violations,
)
from ssm_contacts_sdk._models.rules import as_tuple, check, part_violations, parts_violations
from ssm_contacts_sdk._models.tags import tag_violations
from ssm_contacts_sdk._models.times import (
    instant_violations,
    interval_violations,
    time_zone_violations,
)
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import (
    checked_arn,
    given,
    in_whole_seconds,
    tag_list,
    token_violations,
)
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of, to_kwargs, written_as


@hides_all_arguments
class Rotations:
    """People who take turns, and their shifts.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        rotation: Rotation,
        *,
        tags: Mapping[str, str] | None = None,
        idempotency_token: str | None = None,
    ) -> RotationRecord:
        """Create a rotation (CreateRotation).

        It becomes a part of an on-call schedule by `Plan.on_call(rotation)`.

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
            rotation: what it is to be. Of a record, the ARN is left out.
            tags: at most 50 keys of 1 to 128 characters with values of 1 to 256 (AWS's model),
                and only in the first Region of the replication set (AWS's user guide).
            idempotency_token: 1 to 2,048 characters. The same token creates once; left out, each
                call has a new one, which all its attempts share. boto3 would send none.

        Returns:
            What was sent, with the ARN that the service gave it. Nothing is read back. Fractions
            of a second are not sent.

        Raises:
            InvalidValueError: a value that breaks a rule; nothing was sent.
            ResourceNotFoundError: one of the people is not there.
            ServiceQuotaExceededError: there are too many rotations.
        """
        check("rotations.create", _create_violations(rotation, tags, idempotency_token))
        described = in_whole_seconds(written_as(Rotation, rotation))
        kwargs = {**described, **given(Tags=tag_list(tags))}

        def read(response: Response) -> RotationRecord:
            return from_response(RotationRecord, {**response, **described})

        creation = Request.of("CreateRotation", kwargs, read, idempotency_token)
        del idempotency_token
        return self._transport.send(creation)

    def get(self, rotation: RotationRef) -> RotationRecord:
        """Read a rotation (GetRotation).

        Args:
            rotation: its record, summary or ARN.

        Raises:
            InvalidValueError: `rotation` is not a rotation's ARN.
            ResourceNotFoundError: there is no such rotation.
        """
        arn = checked_arn("rotations.get", "rotation", rotation, ROTATION)
        return self._transport.send(Request.of("GetRotation", {"RotationId": arn}, _read_record))

    def update(
        self,
        rotation: RotationRef,
        *,
        contact_ids: Iterable[ContactRef] | None = None,
        start_time: datetime | None = None,
        time_zone_id: str | None = None,
        recurrence: Recurrence | None = None,
    ) -> None:
        """Change a rotation (UpdateRotation); what is not given stays as it is.

        The API wants the whole recurrence each time. Without one here, **the rotation is read
        first** (GetRotation) and its recurrence sent back: a change that somebody else makes to
        it in between is lost. A rotation cannot be renamed.

        Args:
            rotation: its record, summary or ARN.
            contact_ids: the people, 1 to 30 records or ARNs, in the order of their turns.
            start_time: when the rotation goes into effect, with a time zone. None leaves it as it
                is, also where the service does not tell it.
            time_zone_id: the zone by whose clock hands are changed, by its IANA name.
            recurrence: the whole new recurrence.

        Raises:
            InvalidValueError: an argument that breaks a rule, or nothing to change.
            ResourceNotFoundError: there is no such rotation, or one of the people is not there.
            ConflictError: the change does not go together with something else.
        """
        arn = arn_of(rotation)
        people = None if contact_ids is None else contact_arns(contact_ids)
        check(
            "rotations.update",
            _update_violations(arn, people, start_time, time_zone_id, recurrence),
        )
        if recurrence is None:
            recurrence = self.get(rotation).recurrence
        kwargs = given(
            RotationId=arn,
            ContactIds=None if people is None else list(people),
            StartTime=start_time,
            TimeZoneId=time_zone_id,
            Recurrence=to_kwargs(recurrence),
        )
        self._transport.send(Request.of("UpdateRotation", in_whole_seconds(kwargs), discard))

    def delete(self, rotation: RotationRef) -> None:
        """Delete a rotation, from every schedule that it is in (DeleteRotation).

        Args:
            rotation: its record, summary or ARN.

        Raises:
            InvalidValueError: `rotation` is not a rotation's ARN.
            ResourceNotFoundError: there is no such rotation.
            ConflictError: others depend on it.
        """
        arn = checked_arn("rotations.delete", "rotation", rotation, ROTATION)
        self._transport.send(Request.of("DeleteRotation", {"RotationId": arn}, discard))

    def list(
        self,
        *,
        name_prefix: str | None = None,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[RotationSummary]:
        """List the rotations of the account, lazily (ListRotations).

        Args:
            name_prefix: only those whose name begins so: 1 to 255 characters of a name.
            page_size: 1 to 1,024 rotations are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list with the same filter stopped.

        Returns:
            A `Listing` of summaries; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
        """
        check("rotations.list", _list_violations(name_prefix, page_size, next_token))
        return listing(
            self._transport,
            "ListRotations",
            given(RotationNamePrefix=name_prefix),
            _read_summaries,
            page_size=page_size,
            next_token=next_token,
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
        """List the shifts of a rotation, overrides included, lazily (ListRotationShifts).

        Shifts that overlap the range come whole, with their own start and end (as users of the
        service report; AWS does not say). A shift in which nobody is on call has no contacts.

        Args:
            rotation: its record, summary or ARN.
            end_time: until when, with a time zone.
            start_time: from when, with a time zone; from now when left out (our assumption).
            page_size: 1 to 1,024 shifts are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list of the same range stopped.

        Returns:
            A `Listing` of shifts; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such rotation (once a page is asked for).
            ConflictError: the rotation is being changed.
        """
        arn = arn_of(rotation)
        check(
            "rotations.shifts",
            arn_violations("rotation", arn, ROTATION),
            _range_violations(start_time, end_time),
            paging_violations(page_size, next_token),
        )
        return listing(
            self._transport,
            "ListRotationShifts",
            given(RotationId=arn, StartTime=start_time, EndTime=end_time),
            _read_shifts,
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
        """List the shifts that a rotation would have, lazily (ListPreviewRotationShifts).

        Args:
            members: 1 to 30 texts of 1 to 512 characters, ARNs or not: the service gives them
                back as the contacts of the shifts (AWS's model).
            time_zone_id: the zone by whose clock hands would be changed, by its IANA name.
            recurrence: how it would recur.
            end_time: until when, with a time zone.
            start_time: from when, with a time zone.
            rotation_start_time: when the rotation would go into effect, with a time zone.
            overrides: overrides that it would have.
            page_size: 1 to 1,024 shifts are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list of the same preview stopped.

        Returns:
            A `Listing` of shifts; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
        """
        people, changes = as_tuple(members), as_tuple(overrides)
        check(
            "rotations.preview_shifts",
            members_violations("members", people, 1),
            time_zone_violations("time_zone_id", time_zone_id),
            part_violations("recurrence", recurrence, (Recurrence,)),
            _range_violations(start_time, end_time),
            _optional_instant_violations("rotation_start_time", rotation_start_time),
            parts_violations("overrides", changes, PreviewOverride),
            paging_violations(page_size, next_token),
        )
        kwargs = given(
            RotationStartTime=rotation_start_time,
            StartTime=start_time,
            EndTime=end_time,
            Members=list(people),
            TimeZoneId=time_zone_id,
            Recurrence=to_kwargs(recurrence),
            Overrides=[to_kwargs(each) for each in changes] or None,
        )
        return listing(
            self._transport,
            "ListPreviewRotationShifts",
            kwargs,
            _read_shifts,
            page_size=page_size,
            next_token=next_token,
        )


def _read_record(response: Response) -> RotationRecord:
    return from_response(RotationRecord, response)


def _read_summaries(response: Response) -> tuple[RotationSummary, ...]:
    return items_of(RotationSummary, response, "Rotations")


def _read_shifts(response: Response) -> tuple[Shift, ...]:
    return items_of(Shift, response, "RotationShifts", always_there=False)


def _create_violations(rotation: object, tags: object, token: object) -> Iterator[Violation]:
    yield from part_violations("rotation", rotation, (Rotation,))
    if tags is not None:
        yield from tag_violations("tags", tags)
    yield from token_violations(token)


def _update_violations(
    arn: object, people: object, start_time: object, time_zone_id: object, recurrence: object
) -> Iterator[Violation]:
    yield from arn_violations("rotation", arn, ROTATION)
    if people is not None:
        yield from people_violations("contact_ids", people, 1)
    yield from _optional_instant_violations("start_time", start_time)
    if time_zone_id is not None:
        yield from time_zone_violations("time_zone_id", time_zone_id)
    if recurrence is not None:
        yield from part_violations("recurrence", recurrence, (Recurrence,))
    if all(each is None for each in (people, start_time, time_zone_id, recurrence)):
        yield Violation(
            "contact_ids", "or something else must be given: there is nothing to change"
        )


def _list_violations(
    name_prefix: object, page_size: object, next_token: object
) -> Iterator[Violation]:
    if name_prefix is not None:
        yield from ROTATION_NAME.violations("name_prefix", name_prefix)
    yield from paging_violations(page_size, next_token)


def _range_violations(start_time: object, end_time: object) -> Iterator[Violation]:
    yield from _optional_instant_violations("start_time", start_time)
    yield from instant_violations("end_time", end_time)
    yield from interval_violations("end_time", start_time, end_time)


def _optional_instant_violations(path: str, value: object) -> Iterator[Violation]:
    if value is not None:
        yield from instant_violations(path, value)
