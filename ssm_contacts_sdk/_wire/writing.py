"""Values to plain dicts and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from functools import partial
from operator import attrgetter
from typing import Any

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ssm_contacts_sdk._models.plans import ChannelTarget, Plan, Target
from ssm_contacts_sdk._models.recurrence import ShiftCoverage
from ssm_contacts_sdk._models.rules import Checked
from ssm_contacts_sdk._schema.enums import OpenEnum
from ssm_contacts_sdk._wire.names import WHEN_LEFT_OUT, aws_name, resolve_types


def register_writers(converter: Converter) -> None:
    """Teach the converter to write every value of the model."""
    # By the base class: cattrs would take a word for the plain text that it is too.
    converter.register_unstructure_hook(OpenEnum, attrgetter("value"))
    converter.register_unstructure_hook(time, _write_time)
    converter.register_unstructure_hook(Target, partial(_write_target, converter))
    converter.register_unstructure_hook_factory(_is_value, partial(_writer, converter))
    write_both_arms = _writer(converter, Plan)
    converter.register_unstructure_hook(Plan, partial(_write_plan, write_both_arms))


def _is_value(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Checked)


def _writer(converter: Converter, kind: Any) -> Callable[[Any], dict[str, object]]:
    resolve_types(kind)
    special: Mapping[str, Callable[[Any], object]] = {
        "delivery_address": _write_address,
        "overridden_contact_ids": _write_shift_details,
        "shift_coverages": partial(_write_coverages, converter),
    }
    overrides: dict[str, Any] = {
        field.name: override(
            rename=aws_name(kind, field.name),
            omit_if_default=field.default is None,
            unstruct_hook=special.get(field.name),
        )
        for field in attrs.fields(kind)
    }
    write = make_dict_unstructure_fn(kind, converter, **overrides)
    left_out = [
        (field, aws_name(kind, field), absent)
        for (owner, field), absent in WHEN_LEFT_OUT.items()
        if owner is kind
    ]
    if not left_out:
        return write

    def write_what_is_there(value: object) -> dict[str, object]:
        written = write(value)
        for field, name, absent in left_out:
            if getattr(value, field) == absent:
                del written[name]
        return written

    return write_what_is_there


def _write_address(address: str) -> dict[str, object]:
    # An address stands in a structure of its own, which has no other member.
    return {"SimpleAddress": address}


def _write_shift_details(contact_ids: tuple[str, ...]) -> dict[str, object]:
    return {"OverriddenContactIds": list(contact_ids)}


def _write_coverages(
    converter: Converter, coverages: tuple[ShiftCoverage, ...]
) -> dict[str, object]:
    return {
        each.day_of_week.value: converter.unstructure(each)["CoverageTimes"] for each in coverages
    }


def _write_time(at: time) -> dict[str, object]:
    return {"HourOfDay": at.hour, "MinuteOfHour": at.minute}


def _write_target(converter: Converter, target: Target) -> dict[str, object]:
    arm = "ChannelTargetInfo" if isinstance(target, ChannelTarget) else "ContactTargetInfo"
    return {arm: converter.unstructure(target)}


def _write_plan(write_both_arms: Callable[[Any], dict[str, object]], plan: Plan) -> object:
    written = write_both_arms(plan)
    if plan.rotation_ids is None:
        return {"Stages": [], **written}
    # A schedule is refused for a list of stages, even an empty one.
    return written
