"""Overrides: which of them counts when, and shifts with them laid over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timezone
from heapq import heappop, heappush
from itertools import pairwise

from attrs import evolve, frozen

from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift
from ssm_contacts_sdk._models.times import as_instant
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shift_values import overridden, regular

_MOST_SHIFTS = 1_000
_ALWAYS = datetime.min.replace(tzinfo=timezone.utc)


@frozen
class Piece:
    """What counts of an override: all of it, or what others leave of it."""

    start: datetime
    end: datetime
    rank: int
    """The lower one counts where two overlap."""
    members: tuple[str, ...]


def pieces_of(overrides: Sequence[PreviewOverride], assumptions: OnCallAssumptions) -> list[Piece]:
    """The pieces of the overrides that count, in order; no two overlap."""
    latest = assumptions.overlapping_overrides == "latest_made"
    wholes = [
        Piece(
            as_instant(override.start_time),
            as_instant(override.end_time),
            -number if latest else number,
            tuple(dict.fromkeys(override.new_members)),
        )
        for number, override in enumerate(overrides)
    ]
    # One that was read may end before it starts.
    wholes = sorted((whole for whole in wholes if whole.start < whole.end), key=_start)
    cuts = sorted({end for whole in wholes for end in (whole.start, whole.end)})
    waiting = iter(wholes)
    coming = next(waiting, None)
    current: list[tuple[int, Piece]] = []
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        while coming is not None and coming.start == start:
            heappush(current, (coming.rank, coming))
            coming = next(waiting, None)
        while current and current[0][1].end <= start:
            heappop(current)
        if current:
            _add(pieces, evolve(current[0][1], start=start, end=end))
    return pieces


def _start(piece: Piece) -> datetime:
    return piece.start


def _add(pieces: list[Piece], piece: Piece) -> None:
    if pieces and pieces[-1].rank == piece.rank and pieces[-1].end == piece.start:
        pieces[-1] = evolve(pieces[-1], end=piece.end)
    else:
        pieces.append(piece)


def early_enough(pieces: Iterable[Piece], since: datetime) -> datetime:
    """From when shifts are needed to know, from `since` on, whom an override replaces."""
    return min((piece.start for piece in pieces if piece.start <= since < piece.end), default=since)


def laid_over(
    pieces: Sequence[Piece],
    shifts_since: Callable[[datetime], Iterable[Shift]],
    since: datetime,
    everybody: AbstractSet[str],
) -> Iterator[Shift]:
    """The shifts, split round the pieces, which become shifts themselves.

    Whom a piece replaces is looked up until it is `everybody`, and in a thousand shifts at most: an
    override may last for ever.

    Args:
        pieces: those that count, in order.
        shifts_since: gives the shifts that end after an instant.
        since: from when.
        everybody: all members of the rotation.
    """
    waiting = iter(pieces)
    piece = next(waiting, None)
    replaced: dict[str, None] = {}
    looked_at = 0
    hidden = _ALWAYS
    shifts = iter(shifts_since(since))
    passed_over = 0
    while (shift := next(shifts, None)) is not None:
        told = max(shift.start_time, hidden)
        while piece is not None and piece.start < shift.end_time:
            if told < piece.start:
                yield regular(shift.contact_ids, told, piece.start)
            if told < piece.end:
                replaced.update(dict.fromkeys(shift.contact_ids))
            looked_at += 1
            is_known = everybody <= replaced.keys() or looked_at >= _MOST_SHIFTS
            if piece.end > shift.end_time and not is_known:
                told = shift.end_time
                break
            yield overridden(piece.members, piece.start, piece.end, tuple(replaced))
            replaced, looked_at = {}, 0
            told = hidden = max(told, piece.end)
            piece = next(waiting, None)
        if told == shift.start_time:
            yield shift
        elif told < shift.end_time:
            yield regular(shift.contact_ids, told, shift.end_time)
        passed_over = passed_over + 1 if hidden > shift.end_time else 0
        if passed_over >= _MOST_SHIFTS:
            # Far behind the end of an override that lasts for long.
            shifts, passed_over = iter(shifts_since(hidden)), 0
    while piece is not None:
        yield overridden(piece.members, piece.start, piece.end, tuple(replaced))
        replaced = {}
        piece = next(waiting, None)
