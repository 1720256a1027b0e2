"""Tables that a data source plug-in reads at a location."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.experiments import Studio


def test_a_password_in_a_location_is_used_and_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "import pandas as pd\nfrom litmus_core.plugins import data_source\n\n\n"
        "@data_source(prefix='till://', example='till://orders')\ndef till(location):\n"
        "    if not location.endswith('orders'):\n        raise FileNotFoundError(location)\n"
        "    return pd.DataFrame({'told': [location, location], 'n': [1, 2]})\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    file = tmp_path / "workspace" / "plugins" / "till.py"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    with Studio.open(tmp_path / "workspace") as studio:
        studio.plugins.trust(file)
        assert all(report.passed for report in studio.plugins.check_file(file))
        version = studio.datasets.import_file("till://ada:w0rd@shop.example/orders")

        assert version.source == "till://ada@shop.example/orders"
        assert "w0rd" not in version.name
        assert studio.datasets.preview(version.id)["told"][0] == "till://ada:w0rd@shop.example/orders"
