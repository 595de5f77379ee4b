from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from datastore.photo.accept import accept_photo

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
CASE = (116.31, 39.98)


@pytest.fixture
def accept(tmp_path):
    """Take a photo in, on 2026-11-23 at noon in Beijing, for a case at 116.31, 39.98."""

    def take(received, **given):
        return accept_photo(
            tmp_path, received, **{"case_lonlat": CASE, "zone": ZoneInfo("Asia/Shanghai"), "now": NOW} | given
        )

    return take
