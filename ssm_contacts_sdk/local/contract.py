"""What botocore's service model says, which is all that requests are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

from ssm_contacts_sdk.local.validation import Checks, Path, Violation

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
    ) -> tuple[dict[str, Any], list[Violation]]:
        """What the operation looks at of `body`, and what is wrong with it."""
        return self._judge(self._model.operation_model(operation).input_shape, body, ())

    def judge_answer(
        self, operation: str, body: Mapping[str, object], path: Path
    ) -> tuple[dict[str, Any], list[Violation]]:
        """The same for what the operation answers; `path` is where `body` stands."""
        return self._judge(self._model.operation_model(operation).output_shape, body, path)

    def _judge(
        self, shape: StructureShape | None, body: Mapping[str, object], path: Path
    ) -> tuple[dict[str, Any], list[Violation]]:
        found: list[Violation] = []
        # botocore's type allows for none; every operation of this service has both shapes.
        kept = self._checks.of(cast("StructureShape", shape))(dict(body), path, found)
        return kept, found


@cache
def contract() -> Contract:
    """The contract, read once a process: botocore's files do not change while it runs."""
    return Contract()
