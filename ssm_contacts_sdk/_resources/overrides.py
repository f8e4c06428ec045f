"""``client.overrides``: other people for a part of a rotation's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.rotations import (
    OVERRIDE_ID,
    Override,
    OverrideRecord,
    OverrideRef,
    RotationRef,
)
from ssm_contacts_sdk._models.rules import check, part_violations
from ssm_contacts_sdk._models.times import instant_violations, interval_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import given, in_whole_seconds, token_violations
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of, written_as


@hides_all_arguments
class Overrides:
    """Other people for a part of a rotation's time.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self, rotation: RotationRef, override: Override, *, idempotency_token: str | None = None
    ) -> OverrideRecord:
        """Put other people on call for a while (CreateRotationOverride).

        The console wants at least 30 minutes, at most six months ahead, and only people who are
        in the rotation (AWS's user guide); what the API does about that is not known.

        Args:
            rotation: whose turns, by its record, summary or ARN.
            override: who is on call instead, from when to when. Of a record, id and rotation are
                left out.
            idempotency_token: 1 to 2,048 characters. The same token creates once; left out, each
                call has a new one, which all its attempts share. boto3 would send none.

        Returns:
            What was sent, with the id that the service gave it. Nothing is read back. Fractions
            of a second are not sent.

        Raises:
            InvalidValueError: a value that breaks a rule; nothing was sent.
            ResourceNotFoundError: there is no such rotation, or one of the people is not there.
            ServiceQuotaExceededError: there are too many overrides.
        """
        arn = arn_of(rotation)
        check("overrides.create", _create_violations(arn, override, idempotency_token))
        described = in_whole_seconds(written_as(Override, override))

        def read(response: Response) -> OverrideRecord:
            return from_response(OverrideRecord, {**response, **described, "RotationArn": arn})

        kwargs = {"RotationId": arn, **described}
        creation = Request.of("CreateRotationOverride", kwargs, read, idempotency_token)
        del idempotency_token
        return self._transport.send(creation)

    def get(self, rotation: RotationRef, override: OverrideRef) -> OverrideRecord:
        """Read an override (GetRotationOverride).

        Args:
            rotation: whose override, by its record, summary or ARN.
            override: its record or id.

        Raises:
            InvalidValueError: no rotation's ARN, no override's id, or a record of another rotation.
            ResourceNotFoundError: there is no such rotation, or no such override of it.
        """
        known = _ids("overrides.get", rotation, override)

        def read(response: Response) -> OverrideRecord:
            # AWS's model lets the service leave out even what it was asked for.
            asked = {"RotationArn": known["RotationId"], **known}
            return from_response(OverrideRecord, {**asked, **response})

        return self._transport.send(Request.of("GetRotationOverride", known, read))

    def delete(self, rotation: RotationRef, override: OverrideRef) -> None:
        """Take an override away, so that the turns are as before (DeleteRotationOverride).

        Args:
            rotation: whose override, by its record, summary or ARN.
            override: its record or id.

        Raises:
            InvalidValueError: no rotation's ARN, no override's id, or a record of another rotation.
            ResourceNotFoundError: there is no such rotation, or no such override of it.
        """
        known = _ids("overrides.delete", rotation, override)
        self._transport.send(Request.of("DeleteRotationOverride", known, discard))

    def list(
        self,
        rotation: RotationRef,
        *,
        start_time: datetime,
        end_time: datetime,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[OverrideRecord]:
        """List the overrides of a rotation in a range of time, lazily (ListRotationOverrides).

        Args:
            rotation: its record, summary or ARN.
            start_time: from when, with a time zone.
            end_time: until when, with a time zone.
            page_size: 1 to 1,024 overrides are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list of the same range stopped.

        Returns:
            A `Listing` of records; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such rotation (once a page is asked for).
        """
        arn = arn_of(rotation)
        check(
            "overrides.list",
            arn_violations("rotation", arn, ROTATION),
            instant_violations("start_time", start_time),
            instant_violations("end_time", end_time),
            interval_violations("end_time", start_time, end_time),
            paging_violations(page_size, next_token),
        )

        def read(response: Response) -> tuple[OverrideRecord, ...]:
            # An item does not say whose it is.
            known = {"RotationArn": arn}
            return items_of(
                OverrideRecord, response, "RotationOverrides", always_there=False, known=known
            )

        return listing(
            self._transport,
            "ListRotationOverrides",
            given(RotationId=arn, StartTime=start_time, EndTime=end_time),
            read,
            page_size=page_size,
            next_token=next_token,
        )


def _ids(subject: str, rotation: RotationRef, override: OverrideRef) -> dict[str, object]:
    arn = arn_of(rotation)
    override_id = override.id if isinstance(override, OverrideRecord) else override
    check(subject, _id_violations(arn, override, override_id))
    return {"RotationId": arn, "RotationOverrideId": override_id}


def _id_violations(arn: object, override: object, override_id: object) -> Iterator[Violation]:
    yield from arn_violations("rotation", arn, ROTATION)
    yield from OVERRIDE_ID.violations("override", override_id)
    if isinstance(override, OverrideRecord) and override.rotation_arn != arn:
        yield Violation("override", "is one of another rotation")


def _create_violations(arn: object, override: object, token: object) -> Iterator[Violation]:
    yield from arn_violations("rotation", arn, ROTATION)
    yield from part_violations("override", override, (Override,))
    yield from token_violations(token)
