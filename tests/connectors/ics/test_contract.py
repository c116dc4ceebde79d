"""Our own connector runs the tests that a stranger's does."""

import pytest

from calsight.testing import ConnectorContract
from calsight_ics import IcsConnector
from ics_support import DATA, SUMMER


class TestIcs(ConnectorContract):
    @pytest.fixture
    def connector(self, context):
        return IcsConnector(context)

    @pytest.fixture(params=["overrides", "all_day", "recurrence_id_types", "exclusions", "people"])
    def reference(self, request):
        return str(DATA / f"{request.param}.ics")

    @pytest.fixture
    def window(self):
        return SUMMER
