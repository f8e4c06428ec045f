from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from botocore.model import ServiceModel, StringShape

from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.patterns import compile_pattern

MODEL = ServiceModel(contract().loader.load_service_model("ssm-contacts", "service-2"))
PATTERNS = {
    name: str(shape.metadata["pattern"])
    for name in MODEL.shape_names
    if isinstance(shape := MODEL.shape_for(name), StringShape) and "pattern" in shape.metadata
}
ARN = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/"
# Each begins as something that fits and turns at the very end.
HOSTILE = [
    ARN + "a" * 5000 + "!\n",
    "0" * 5000 + "\0",
    " " * 5000,
    "aaaaaaaa-" * 600 + "\n",
    "-" * 5000,
]


def taken(fits: Callable[[str], bool], texts: list[str]) -> float:
    started = time.process_time()
    for text in texts * 10:
        fits(text)
    return time.process_time() - started


@pytest.mark.parametrize("shape", PATTERNS)
def test_no_pattern_of_the_model_is_slow(shape: str) -> None:
    fits = compile_pattern(PATTERNS[shape])
    # A test that looks at each character once, beside which a bad pattern takes for ever.
    plain = taken(lambda text: all(map(str.isprintable, text)), HOSTILE)
    assert taken(fits, HOSTILE) < 20 * plain


def test_the_model_has_patterns_to_guard() -> None:
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
def test_a_pattern_means_what_it_means_to_aws(shape: str, text: str, expected: bool) -> None:
    assert compile_pattern(PATTERNS[shape])(text) is expected
