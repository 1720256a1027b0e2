"""A cluster's machines: ``python -m litmus_core.cluster.machine_report ADDRESS`` prints them as JSON.

It runs in its own process, so that the app and the command line never load Ray.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from litmus_core.cluster._connection import running
from litmus_core.cluster._machines import machines
from litmus_core.cluster._places import place_of
from litmus_core.errors import LitmusError
from litmus_core.types import to_plain


def report_machines(on: str) -> dict[str, Any]:
    """Return the machines at ``on``, or a message and a hint if they cannot be reached."""
    try:
        with running(place_of(on).address, purpose="Looking at a cluster") as ray:
            return {"machines": [to_plain(machine) for machine in machines(ray)]}
    except LitmusError as error:
        return {"message": error.message, "hint": error.hint}
    except Exception as error:  # noqa: BLE001 - the caller reports whatever Ray raises
        why = next(
            (line.strip().rstrip(".") for line in str(error).splitlines() if line.strip()), repr(error)
        )
        return {
            "message": f"The cluster at '{on}' could not be reached: {why}.",
            "hint": "Use the same versions of Python and Ray on both sides.",
        }


if __name__ == "__main__":
    print(json.dumps(report_machines(sys.argv[1])), flush=True)
