"""Measure a call of the embedded service in-process and over HTTP, as ratios in one run.

Run it with ``python tests/benchmarks/in_process_and_http.py``. Plain boto3 reads one contact over
each transport. For comparison, it reads one parameter of moto, which is the most similar call.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from botocore.config import Config
from botocore.session import Session
from moto import mock_aws

from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._server.http import serve

ROUNDS, CALLS = 15, 60
IN_PROCESS, HTTP, MOTO = "in-process", "HTTP", "moto's get_parameter"
CORE = "core only"


def main() -> None:
    """Print the ratios."""
    service = LocalService()
    in_process = service.boto3_client()
    akua = in_process.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})[
        "ContactArn"
    ]
    body = f'{{"ContactId": "{akua}"}}'.encode()
    # mock_aws sets credentials in the environment and would intercept HTTP too.
    with serve(service) as server:
        over_http = client("ssm-contacts", endpoint_url=server.url)
        over_http.get_contact(ContactId=akua)
        with mock_aws():
            ssm = client("ssm")
            ssm.put_parameter(Name="p", Value="v", Type="String")
            seconds = measure(
                {
                    CORE: lambda: service.handle("SSMContacts.GetContact", {}, body),
                    IN_PROCESS: lambda: in_process.get_contact(ContactId=akua),
                    HTTP: lambda: over_http.get_contact(ContactId=akua),
                    MOTO: lambda: ssm.get_parameter(Name="p"),
                }
            )
        for name in (CORE, IN_PROCESS, HTTP, MOTO):
            print(f"{name}: {1e6 * median(seconds[name]) / CALLS:.0f} us")
        for above, below in ((CORE, IN_PROCESS), (IN_PROCESS, MOTO), (HTTP, IN_PROCESS)):
            pairs = zip(seconds[above], seconds[below], strict=True)
            print(f"{above}: {median(a / b for a, b in pairs):.2f} of {below}")


def client(service_name: str, **settings: Any) -> Any:
    """Return a plain botocore client without retries."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return Session().create_client(
        service_name,
        region_name="us-east-2",
        aws_access_key_id="benchmark",
        aws_secret_access_key="benchmark",
        config=config,
        **settings,
    )


def measure(calls: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the seconds of each round of each call, timed in turns: other load affects all."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = perf_counter()
            for _ in range(CALLS):
                call()
            seconds[name].append(perf_counter() - start)
    return seconds


if __name__ == "__main__":
    # A configured proxy would be used for loopback too.
    os.environ["NO_PROXY"] = "127.0.0.1"
    main()
