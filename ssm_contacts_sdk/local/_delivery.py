"""What carries messages to telephones and mailboxes, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Callable

# As annotations name what is loaded when it is asked for: `sdk.ChannelRef`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public


@public
class Delivery:
    """The telephone network and the mail of one service.

    A page that it does not carry leaves a receipt of the type ERROR and nothing in the outbox, and
    is sent again after the retry interval of the plan. Activation codes are always carried.

    >>> from ssm_contacts_sdk.local import LocalService
    >>> service = LocalService()
    >>> arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
    >>> service.delivery.fail(arn, times=2)
    """

    def __init__(self, catch_up: Callable[[], None]) -> None:
        # What has fallen due before is sent as it would have been then.
        self._catch_up = catch_up
        self._failing: dict[str, int | None] = {}
        self._lock = fork_safe_lock()

    def fail(self, channel: sdk.ChannelRef, *, times: int | None = None) -> None:
        """From now on, carry no pages to a channel.

        Args:
            channel: its record or ARN.
            times: how many pages are not carried; None is all of them.
        """
        if times is not None and times < 1:
            violations = [Violation("times", "must be at least 1, or None")]
            raise InvalidValueError("delivery.fail", violations)
        self._catch_up()
        with self._lock:
            self._failing[str(getattr(channel, "arn", channel))] = times

    def clear(self) -> None:
        """Carry everything again."""
        self._catch_up()
        self.forget()

    def forget(self) -> None:
        """The same, without a look at what has fallen due."""
        with self._lock:
            self._failing.clear()

    def delivers(self, channel_arn: str) -> bool:
        """Whether the page that is sent to this channel now gets there; asked once for each."""
        with self._lock:
            left = self._failing.get(channel_arn, 0)
            if left == 0:
                return True
            if left == 1:
                self._failing.pop(channel_arn, None)
            elif left is not None:
                self._failing[channel_arn] = left - 1
            return False
