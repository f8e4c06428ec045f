"""The loader of botocore's data files for our own clients finds the same as botocore's."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader, create_loader
from botocore.session import Session

from ssm_contacts_sdk._loader import ServiceLoader


@pytest.mark.parametrize("service", ["ssm-contacts", "sts", "sso", "sso-oidc"])
@pytest.mark.parametrize("kind", ["service-2", "endpoint-rule-set-1", "paginators-1"])
def test_models_are_those_of_botocore(service: str, kind: str) -> None:
    found = ServiceLoader().load_service_model(service, kind)
    assert found == Loader().load_service_model(service, kind)


@pytest.mark.parametrize("name", ["endpoints", "partitions", "sdk-default-configuration"])
def test_data_and_their_path_are_those_of_botocore(name: str) -> None:
    assert ServiceLoader().load_data_with_path(name) == Loader().load_data_with_path(name)


def test_an_unknown_service_is_the_error_of_botocore() -> None:
    with pytest.raises(UnknownServiceError) as expected:
        Loader().load_service_model("sms-contacts", "service-2")
    with pytest.raises(UnknownServiceError) as caught:
        ServiceLoader().load_service_model("sms-contacts", "service-2")
    assert str(caught.value) == str(expected.value)
    with pytest.raises(DataNotFoundError):
        ServiceLoader().load_data("nothing")


@pytest.mark.parametrize("path", [None, "", "~/models:$HOME/other", "/a"])
def test_the_setting_of_the_data_path_means_what_it_means_in_botocore(path: str | None) -> None:
    assert ServiceLoader(path).search_paths == create_loader(path).search_paths


def test_files_of_the_data_path_are_found_first(tmp_path: Path) -> None:
    (tmp_path / "partitions.json").write_text('{"version": "é"}', encoding="utf-8")
    assert ServiceLoader(str(tmp_path)).load_data("partitions") == {"version": "é"}


def test_a_session_creates_clients_of_the_services_of_credential_providers() -> None:
    session = Session()
    session.register_component("data_loader", ServiceLoader())
    for service in ("sts", "sso"):
        client = session.create_client(service, region_name="us-east-2")
        assert client.meta.service_model.service_name == service
