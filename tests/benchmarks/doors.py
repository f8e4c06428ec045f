"""What each door of the embedded service costs, as ratios in one run.

Run it with ``python tests/benchmarks/doors.py``. One contact is read by plain boto3 through each
door, beside moto's nearest call, which reads one parameter.
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
CORE = "the core alone"


def main() -> None:
    """Print the ratios."""
    service = LocalService()
    near = service.boto3_client()
    akua = near.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    asked = f'{{"ContactId": "{akua}"}}'.encode()
    # mock_aws puts credentials of its own into the environment, and would answer HTTP as well.
    with serve(service) as server:
        far = client("ssm-contacts", endpoint_url=server.url)
        far.get_contact(ContactId=akua)
        with mock_aws():
            ssm = client("ssm")
            ssm.put_parameter(Name="p", Value="v", Type="String")
            taken = measure(
                {
                    CORE: lambda: service.handle("SSMContacts.GetContact", {}, asked),
                    IN_PROCESS: lambda: near.get_contact(ContactId=akua),
                    HTTP: lambda: far.get_contact(ContactId=akua),
                    MOTO: lambda: ssm.get_parameter(Name="p"),
                }
            )
        for name in (CORE, IN_PROCESS, HTTP, MOTO):
            print(f"{name}: {1e6 * median(taken[name]) / CALLS:.0f} us")
        for above, below in ((CORE, IN_PROCESS), (IN_PROCESS, MOTO), (HTTP, IN_PROCESS)):
            pairs = zip(taken[above], taken[below], strict=True)
            print(f"{above}: {median(a / b for a, b in pairs):.2f} of {below}")


def client(service_name: str, **settings: Any) -> Any:
    """A plain client of AWS's own, without retries."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return Session().create_client(
        service_name,
        region_name="us-east-2",
        aws_access_key_id="benchmark",
        aws_secret_access_key="benchmark",
        config=config,
        **settings,
    )


def measure(acts: Mapping[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Time them in turns, so that a noisy neighbour disturbs all."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            begun = perf_counter()
            for _ in range(CALLS):
                act()
            taken[name].append(perf_counter() - begun)
    return taken


if __name__ == "__main__":
    # A proxy of this machine's would be asked for loopback too.
    os.environ["NO_PROXY"] = "127.0.0.1"
    main()
