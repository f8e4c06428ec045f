"""What botocore's service model says, which is all that requests are judged by."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from ssm_contacts_sdk.local._validation import MOST_VIOLATIONS, Checks, Findings, Path

SERVICE_NAME = "ssm-contacts"


class Contract:
    """The operations of the service and their shapes, compiled when they are first used."""

    def __init__(self) -> None:
        self.loader = Loader()
        """Finds botocore's files once for every client that is made with it."""
        model = self.loader.load_service_model(SERVICE_NAME, "service-2")
        self._model = ServiceModel(cast("Mapping[str, Any]", model), SERVICE_NAME)
        self._checks = Checks()
        self.operations = frozenset(self._model.operation_names)
        """All of them, in AWS's spelling."""
        self.target_prefix = f"{self._model.metadata['targetPrefix']}."
        """What stands before the operation in the target header."""

    def has_error(self, operation: str, code: str) -> bool:
        """Whether `code` is one of the errors that the operation may answer with."""
        shapes = self._model.operation_model(operation).error_shapes
        return any(shape.name == code for shape in shapes)

    def judge_request(
        self, operation: str, body: Mapping[str, object]
    ) -> tuple[dict[str, Any], Findings]:
        """What the operation looks at of `body`, and what is wrong with it."""
        shape = self._model.operation_model(operation).input_shape
        return self._judge(shape, body, (), MOST_VIOLATIONS)

    def judge_answer(
        self, operation: str, body: Mapping[str, object], path: Path
    ) -> tuple[dict[str, Any], Findings]:
        """The same for what the operation answers, with all violations.

        `path` is where `body` stands.
        """
        shape = self._model.operation_model(operation).output_shape
        return self._judge(shape, body, path, sys.maxsize)

    def _judge(
        self, shape: StructureShape | None, body: Mapping[str, object], path: Path, most: int
    ) -> tuple[dict[str, Any], Findings]:
        found = Findings(most)
        # botocore's type allows for none; every operation of this service has both shapes.
        kept = self._checks.of(cast("StructureShape", shape))(dict(body), path, found)
        return kept, found


@cache
def contract() -> Contract:
    """The contract, read once a process: botocore's files do not change while it runs."""
    return Contract()
