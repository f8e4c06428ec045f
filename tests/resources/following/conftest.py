from __future__ import annotations

import pytest
from followed_engagements import ESCALATION, TEXTS, load_team

from ssm_contacts_sdk import ContactsClient, Engagement
from ssm_contacts_sdk.local import LocalService


@pytest.fixture
def service() -> LocalService:
    """Return a service with a team, whose escalation plan is that of AWS's examples."""
    service = LocalService()
    load_team(service)
    return service


@pytest.fixture
def engagement(client: ContactsClient) -> Engagement:
    return client.engagements.start(ESCALATION, **TEXTS)
