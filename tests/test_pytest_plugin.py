"""The fixtures of pytest, in tests such as users write."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from sentinels import PHONE

pytest_plugins = ["pytester"]

FAILING = f"""
    from ssm_contacts_sdk import Channel, Contact, ContactType, Plan

    def test_somebody_is_paged(contacts_client, contacts_service, contacts_clock):
        akua = contacts_client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        sms = contacts_client.channels.create(akua, Channel.sms("sms", "{PHONE}"))
        contacts_client.channels.activate(sms, contacts_service.code_for(sms))
        plan = Plan.engagement().stage(minutes=5).stage(minutes=5).channel(sms).build()
        contacts_client.contacts.update(akua, plan=plan)
        contacts_client.engagements.start(akua, sender="a", subject="secret", content="secret")
        contacts_clock.advance(minutes=5)
        contacts_client.contacts.delete(akua)
        assert contacts_service.outbox == ()
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    # Settings that are not the subject of these tests.
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider\nfilterwarnings = error\n")
    return pytester


def test_pytest_finds_the_fixtures() -> None:
    (found,) = [each for each in entry_points(group="pytest11") if "ssm_contacts" in each.value]
    assert found.value == "ssm_contacts_sdk.pytest_plugin"


def test_a_project_may_name_the_plugin_itself() -> None:
    # pytest rejects a module that it has registered under another name. With the name of the
    # module, `pytest_plugins` in a conftest.py and `-p` name the plugin that is registered.
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    table = text.partition("[project.entry-points.pytest11]\n")[2].partition("\n\n")[0]
    assert table == '"ssm_contacts_sdk.pytest_plugin" = "ssm_contacts_sdk.pytest_plugin"'


def test_a_test_has_a_service_a_client_and_a_clock(project: pytest.Pytester) -> None:
    project.makepyfile(FAILING.replace("assert contacts_service.outbox == ()", ""))
    project.runpytest().assert_outcomes(passed=1)


def test_a_failure_shows_requests_and_messages(project: pytest.Pytester) -> None:
    project.makepyfile(FAILING)
    result = project.runpytest("--tb=no", "-rN", "-vv")
    result.assert_outcomes(failed=1)
    result = project.runpytest("--tb=short")
    result.stdout.fnmatch_lines(
        [
            "*Requests to ssm-contacts*",
            "2025-01-06 09:00:00.000Z  CreateContact  akuam  200",
            "2025-01-06 09:00:00.000Z  CreateContactChannel  contact/akuam  200",
            "2025-01-06 09:00:00.000Z    -> activation by SMS to contact-channel/akuam/*",
            "2025-01-06 09:00:00.000Z  ActivateContactChannel  contact-channel/akuam/*  200",
            "2025-01-06 09:00:00.000Z  UpdateContact  contact/akuam  200",
            "2025-01-06 09:00:00.000Z  StartEngagement  contact/akuam  200",
            "2025-01-06 09:00:00.000Z    -> stage 1 of contact/akuam begins",
            "2025-01-06 09:05:00.000Z    -> stage 2 of contact/akuam begins",
            "2025-01-06 09:05:00.000Z    -> page by SMS to contact-channel/akuam/*",
            "2025-01-06 09:05:00.000Z  DeleteContact  contact/akuam  200",
        ],
        consecutive=True,
    )


def test_requests_of_fixtures_are_counted_but_not_shown(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from ssm_contacts_sdk import Contact, ContactType

        @pytest.fixture
        def akua(contacts_client):
            contacts_client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
            everybody = Contact(alias="all", type=ContactType.ESCALATION)
            return contacts_client.contacts.create(everybody)

        def test_it(contacts_client, akua):
            contacts_client.contacts.delete(akua)
            assert False
        """
    )
    result = project.runpytest("--tb=short")
    result.stdout.fnmatch_lines(
        [
            "*Requests to ssm-contacts, after 2 in the set-up*",
            "2025-01-06 09:00:00.000Z  DeleteContact  contact/all  200",
        ],
        consecutive=True,
    )


def test_with_a_limited_history_the_latest_requests_are_shown(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from ssm_contacts_sdk import Contact, ContactType
        from ssm_contacts_sdk.local import LocalService
        from ssm_contacts_sdk.pytest_plugin import show_requests

        @pytest.fixture
        def contacts_service(request):
            service = LocalService(history_limit=3)
            show_requests(request.node, service)
            for number in range(7):
                person = Contact(alias=f"a{number}", type=ContactType.PERSONAL)
                service.client().contacts.create(person)
            return service

        @pytest.mark.parametrize("calls", [2, 3, 5])
        def test_it(contacts_client, calls):
            for _ in range(calls):
                list(contacts_client.contacts.list())
            assert False
        """
    )
    result = project.runpytest("--tb=short")
    result.assert_outcomes(failed=3)
    lines = [
        line for line in result.outlines if line.startswith("2025-") or line.endswith(" not kept)")
    ]
    listed = "2025-01-06 09:00:00.000Z  ListContacts  200"
    assert lines == [*[listed] * 2, *[listed] * 3, "(2 earlier requests not kept)", *[listed] * 3]
    result.stdout.fnmatch_lines(["*Requests to ssm-contacts, after 7 in the set-up*"])


def test_a_failing_fixture_shows_its_requests(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.fixture
        def broken(contacts_client):
            list(contacts_client.contacts.list())
            assert False

        def test_it(broken):
            pass
        """
    )
    result = project.runpytest("--tb=short")
    result.stdout.fnmatch_lines(["2025-01-06 09:00:00.000Z  ListContacts  200"])


def test_a_passing_test_shows_nothing(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(contacts_client): list(contacts_client.contacts.list())")
    result = project.runpytest("-rA")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*Requests to ssm-contacts*")


def test_every_test_has_a_new_service(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from ssm_contacts_sdk import Contact, ContactType

        @pytest.mark.parametrize("time", [1, 2])
        def test_it(contacts_client, time):
            contacts_client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        """
    )
    project.runpytest().assert_outcomes(passed=2)


def test_clients_of_the_tested_code_call_the_service(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import boto3

        def test_it(contacts_patch_all_clients, contacts_client):
            aws = boto3.client("ssm-contacts")
            aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
            assert [contact.alias for contact in contacts_client.contacts.list()] == ["akuam"]
        """
    )
    project.runpytest().assert_outcomes(passed=1)


EARLY = """
    import boto3

    EARLY = boto3.client(
        "ssm-contacts", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    _cached = None

    def cached():
        global _cached
        if _cached is None:
            _cached = boto3.client("ssm-contacts")
        return _cached
"""


def test_a_client_created_on_import_calls_the_service(project: pytest.Pytester) -> None:
    project.makepyfile(pager=EARLY)
    project.makepyfile(
        """
        from pager import EARLY

        def test_it(contacts_patch_all_clients):
            EARLY.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
            (request,) = contacts_patch_all_clients.requests
            assert request.operation == "CreateContact"
        """
    )
    project.runpytest().assert_outcomes(passed=1)


def test_a_cached_client_calls_the_service_of_each_test(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(pager=EARLY)
    project.makepyfile(
        """
        import pytest
        from pager import cached
        from ssm_contacts_sdk import ConfigurationError

        @pytest.mark.parametrize("time", [1, 2])
        def test_it(contacts_patch_all_clients, time):
            cached().create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
            assert len(contacts_patch_all_clients.requests) == 1

        def test_it_fails_without_a_service():
            with pytest.raises(ConfigurationError, match="contacts_patch_all_clients"):
                cached().list_contacts()
        """
    )
    project.runpytest().assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_SSM_CONTACTS", "http://127.0.0.1:1"),
        ("AWS_PROFILE", "nobody"),
    ],
)
def test_endpoints_and_profiles_in_the_environment_are_ignored(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    project.makepyfile(
        """
        import boto3

        def test_it(contacts_patch_all_clients):
            client = boto3.client("ssm-contacts")
            assert client.meta.endpoint_url.endswith(".amazonaws.com")
            assert client.list_contacts()["Contacts"] == []
        """
    )
    project.runpytest().assert_outcomes(passed=1)


def test_a_fixture_of_the_user_can_show_its_requests(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest
        from ssm_contacts_sdk.local import LocalService
        from ssm_contacts_sdk.pytest_plugin import show_requests

        @pytest.fixture
        def contacts_service(request):
            service = LocalService(region_name="eu-west-1")
            show_requests(request.node, service)
            return service

        def test_it(contacts_client):
            list(contacts_client.contacts.list())
            assert False
        """
    )
    result = project.runpytest("--tb=short")
    result.stdout.fnmatch_lines(["2025-01-06 09:00:00.000Z  ListContacts  200"])


OLDEST = """
import sys
from types import ModuleType, SimpleNamespace


def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None):
    return function if function is not None else lambda decorated: decorated


def hookimpl(function=None, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False):
    return function if function is not None else lambda decorated: decorated


pytest = sys.modules["pytest"] = ModuleType("pytest")
pytest.fixture, pytest.hookimpl = fixture, hookimpl
"""


def output_with_oldest_pytest(code: str) -> str:
    """Return what `code` prints with no more of pytest and pluggy than 6.2 and 0.12 have."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", OLDEST + code], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_the_plugin_imports_with_the_oldest_pytest() -> None:
    code = "import ssm_contacts_sdk.pytest_plugin as plugin; print(plugin.__name__)"
    assert output_with_oldest_pytest(code) == "ssm_contacts_sdk.pytest_plugin"


def test_a_report_is_created_with_the_oldest_pytest() -> None:
    code = """
from ssm_contacts_sdk.pytest_plugin import pytest_runtest_makereport, show_requests


def make_report(item, excinfo=None):
    report = SimpleNamespace(when="call", passed=False, failed=True, sections=[])
    wrapper = pytest_runtest_makereport(item)
    next(wrapper)
    try:
        wrapper.send(SimpleNamespace(excinfo=excinfo, get_result=lambda: report))
    except StopIteration:
        return report.sections


service = SimpleNamespace(requests=(), transcript=lambda skip: "the transcript")
unused, used = SimpleNamespace(), SimpleNamespace()
show_requests(used, service)
print(make_report(unused), make_report(used), make_report(used, excinfo=(1, 2, 3)))
print(vars(unused))
"""
    shown = "[('Requests to ssm-contacts', 'the transcript')]"
    assert output_with_oldest_pytest(code) == f"[] {shown} []\n{{}}"
