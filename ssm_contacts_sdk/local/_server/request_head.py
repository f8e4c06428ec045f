"""The head of an HTTP request: parsed strictly, and checked before the request is handled.

Python's own server parses headers like those of e-mail. That is slow, and it accepts heads that two
readers can understand differently. Here a request is either unambiguous or rejected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address

from attrs import frozen

from ssm_contacts_sdk.local._responses import (
    ServiceErrorResponse,
    serialization_error,
    unknown_operation,
    validation_error,
)

HOST_NAME = re.compile(r"[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*")
_HEAD_END = re.compile(rb"\n\r?\n")
# No head contains these bytes. They reveal a TLS handshake at once.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,18}")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{0,5})?")
_ORIGIN = re.compile(r"https?://(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{1,5})?")
_VERSIONS = ("HTTP/1.1", "HTTP/1.0")


@frozen
class Head:
    """The request line and the headers of a request."""

    method: str
    path: str
    version: str
    headers: Mapping[str, str]
    """By lower-case name. Repeated headers are joined by a comma, as HTTP defines.

    A second Host or Content-Length thereby invalidates the first one.
    """

    def keeps_connection(self) -> bool:
        """Return whether the client may send another request."""
        words = self.headers.get("connection", "").lower().split(",")
        return self.version == "HTTP/1.1" and "close" not in map(str.strip, words)

    def body_length(self, host_names: frozenset[str], max_bytes: int) -> int:
        """Check the request, and return the length of its body.

        Args:
            host_names: the names, in lower case, by which clients may call the server.
            max_bytes: the largest length that is allowed.

        Raises:
            ServiceErrorResponse: the request must be rejected.
        """
        if not _is_allowed_host(self.headers.get("host", ""), host_names):
            detail = "The Host header must be localhost, an IP address or an allowed name."
            raise ServiceErrorResponse("AccessDeniedException", detail)
        if (self.method, self.path) != ("POST", "/"):
            raise unknown_operation("Every operation is a POST to /.")
        if not _is_allowed_origin(self.headers.get("origin"), host_names):
            detail = (
                "The Origin header must be that of localhost, a loopback address or an allowed "
                "name: other web pages may not call this service."
            )
            raise ServiceErrorResponse("AccessDeniedException", detail)
        if self.headers.get("expect", "100-continue").lower() != "100-continue":
            raise unknown_operation("The Expect header must be 100-continue.")
        if "transfer-encoding" in self.headers:
            raise serialization_error(
                "The body must have a Content-Length, and no Transfer-Encoding."
            )
        length = self.headers.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            raise serialization_error("There must be one Content-Length, a number.")
        if int(length) > max_bytes:
            raise validation_error(f"the body is larger than {max_bytes:,} bytes")
        return int(length)


def find_head_end(data: bytearray, start: int, max_bytes: int) -> int | None:
    """Return the index behind the head in `data`, or None if the head is not complete.

    Args:
        data: the bytes that have arrived.
        start: how many of these were searched before.
        max_bytes: the largest head that is allowed.

    Raises:
        ServiceErrorResponse: it is not HTTP, or the head is too large.
    """
    found = _HEAD_END.search(data, max(0, start - 2))
    end = found.end() if found else len(data)
    if _CONTROL.search(data, start, end):
        raise unknown_operation("This is not HTTP. The URL must begin with http, not https.")
    if end > max_bytes:
        raise serialization_error(f"The headers are larger than {max_bytes:,} bytes.")
    return end if found else None


def parse_head(text: str, max_headers: int) -> Head:
    """Return the head of a request.

    Raises:
        ServiceErrorResponse: the head is malformed, or has too many headers.
    """
    if not text.count("\r\n") == text.count("\n") == text.count("\r"):
        raise unknown_operation("Lines of HTTP must end with CR LF.")
    first, *lines = text[:-4].split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in _VERSIONS:  # noqa: PLR2004 - method, path, version
        raise unknown_operation("This is not a request of HTTP/1.1.")
    if len(lines) > max_headers:
        raise serialization_error(f"There are more than {max_headers} headers.")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not (colon and _NAME.fullmatch(name)):
            raise unknown_operation("A header is malformed.")
        name, value = name.lower(), value.strip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return Head(words[0], words[1], words[2], headers)


def _is_allowed_host(host: str, names: frozenset[str]) -> bool:
    """Return whether a Host header can only mean this server.

    A web page can let any other name resolve to this machine (DNS rebinding).
    """
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    if found[2] is not None and found[2].lower() in names:
        return True
    try:
        ip_address(found[1] or found[2])
    except ValueError:
        return False
    return True


def _is_allowed_origin(origin: str | None, names: frozenset[str]) -> bool:
    """Return whether a request is from no web page, or from a page of an allowed origin.

    Browsers send some requests of any web page without a preflight, and name its origin.
    """
    if origin is None:
        return True
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return False
    if found[2] is not None and found[2].lower() in names:
        return True
    try:
        return ip_address(found[1] or found[2]).is_loopback
    except ValueError:
        return False
