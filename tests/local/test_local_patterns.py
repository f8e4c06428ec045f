from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from arns import contact_arn
from botocore.model import ServiceModel, StringShape

from ssm_contacts_sdk.local._contract import compile_pattern, contract

MODEL = ServiceModel(contract().loader.load_service_model("ssm-contacts", "service-2"))
PATTERNS = {
    name: str(shape.metadata["pattern"])
    for name in MODEL.shape_names
    if isinstance(shape := MODEL.shape_for(name), StringShape) and "pattern" in shape.metadata
}
ARN = contact_arn("")


def hostile(size: int) -> list[str]:
    """Return strings of this size that match until the last character."""
    return [
        ARN + "a" * size + "!\n",
        "0" * size + "\0",
        " " * size,
        "a-" * (size // 2) + "\n",
        "-" * size,
    ]


def taken(fits: Callable[[str], bool], size: int) -> float:
    texts = hostile(size) * 40
    started = time.process_time()
    for text in texts:
        fits(text)
    return time.process_time() - started


@pytest.mark.parametrize("shape", PATTERNS)
def test_no_pattern_takes_exponential_time(shape: str) -> None:
    fits = compile_pattern(PATTERNS[shape])
    # Twice the characters take twice the time; with backtracking, a thousand times.
    assert taken(fits, 20) < 100 * taken(fits, 10)
    for text in hostile(5000):
        fits(text)


def test_the_model_has_dangerous_patterns() -> None:
    assert {"SsmContactsArn", "ContactName", "TagValue", "Uuid", "Policy"} <= PATTERNS.keys()


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        ("SsmContactsArn", ARN + "akuam", True),
        ("SsmContactsArn", ARN, True),
        ("SsmContactsArn", ARN + "akuam\n", False),
        ("SsmContactsArn", "x" + ARN, False),
        ("SsmContactsArn", ARN + "zoë", False),
        ("ContactAlias", "akua_m-1", True),
        ("ContactAlias", "Akua", False),
        ("ContactAlias", "akua\n", False),
        ("ContactName", "Zoë Müller-王 2.0_", True),
        ("ContactName", "Akua\n", False),
        ("ContactName", "Akua!", False),
        ("TagValue", "a.b:c/d=e+f-g@h ü", True),
        ("TagValue", "a#b", False),
        ("ActivationCode", "123456", True),
        ("ActivationCode", "١٢٣٤٥٦", False),
        ("Policy", '{\n"Version": "2012-10-17"\n}', True),
        ("Policy", " \n ", False),
        ("Content", "a\nb", True),
    ],
)
def test_a_pattern_matches_as_in_java(shape: str, text: str, expected: bool) -> None:
    assert compile_pattern(PATTERNS[shape])(text) is expected
