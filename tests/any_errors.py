"""Error responses with any code, also those that the service does not have yet."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ssm_contacts_sdk.local import Effect, raw_response


def any_error(code: str, message: str, members: Mapping[str, object] | None = None) -> Effect:
    """Return the effect that responds with an error of this code, as AWS writes errors."""
    body = json.dumps({"__type": code, "Message": message, **(members or {})}).encode()
    content_type = "application/x-amz-json-1.1"
    return raw_response(400, body, content_type, request_id=True, commit=False)
