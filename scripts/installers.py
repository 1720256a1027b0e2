"""Install Litmus into .venv with uv, or with pip if uv does not work, and explain failures.

uv is installed by pip, in the version of constraints.txt, and gets pip's settings of index, proxy and
certificate. It unpacks in seconds what takes pip minutes. pip installs everything itself if there is no uv
for this machine, if pip has a setting that uv lacks, or if uv cannot reach an index that pip has just
reached.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BIG_MB = 30  # larger downloads are announced
DISK_SENTENCE = (
    "The disk is too full: set-up needs about 4.5 GB free (12 GB where torch for NVIDIA cards comes along), "
    "or 3 GB without torch, so make room or run make with LIGHT=1."
)
# Settings of pip, and uv's variables that mean the same.
UV_VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX",),
    "extra-index-url": ("UV_EXTRA_INDEX_URL",),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "constraint": ("UV_CONSTRAINT",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("HTTPS_PROXY", "HTTP_PROXY"),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
    "retries": ("UV_HTTP_RETRIES",),
}
# Settings of pip that do not change which packages come, and from where.
WITHOUT_EFFECT = {
    "break-system-packages",
    "cache-dir",
    "compile",
    "config-file",
    "disable-pip-version-check",
    "exists-action",
    "log",
    "no-cache-dir",
    "no-color",
    "no-compile",
    "no-input",
    "no-python-version-warning",
    "no-warn-script-location",
    "prefer-binary",
    "prefix",
    "progress-bar",
    "quiet",
    "require-virtualenv",
    "root-user-action",
    "src",
    "target",
    "use-feature",
    "user",
    "verbose",
}
LEFT_OUT = {
    "PYTHONPATH",
    "PYTHONHOME",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_QUIET",
    "UV_SYSTEM_PYTHON",
}

_FULL = re.compile(r"No space left on device|Disk quota exceeded|errno 28|errno 122", re.I)
_UNREACHABLE = re.compile(
    r"name resolution|Name or service not known|NewConnectionError|ConnectTimeout|Max retries exceeded|"
    r"Network is unreachable|Connection refused|Connection reset|ProxyError|Read timed out|"
    r"CERTIFICATE_VERIFY_FAILED|Connection broken|"
    r"error sending request|error decoding response|HTTP status server error"
)
# Patterns in the output of uv and pip, and what to tell the visitor; {} stands for the matched groups.
_SENTENCES = (
    (_FULL, DISK_SENTENCE),
    (
        _UNREACHABLE,
        "The package index could not be reached: check the network (or pip's settings of proxy and "
        "certificate) and run make again.",
    ),
    (
        re.compile(r"\b(40[13]) (?:Client )?(?:Error|Unauthorized|Forbidden)|HTTP error (40[13])"),
        "The package index refuses to answer (status {}): fix the name and password in pip's setting of the "
        "index and run make again.",
    ),
    (
        re.compile(
            r"Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[^\n]*\n +(\S+) from|"
            r"Because (\S+) has an invalid package format"
        ),
        "{} did not arrive as the package index has it, so it was cut short or changed on the way: run make "
        "again, and if it stays so, tell whoever runs the index or the proxy.",
    ),
    (
        re.compile(
            r"No matching distribution found for (\S+)|there (?:is no version|are no versions) of (\S+)|"
            r"Because (\S+) (?:was not found in the package registry|has no wheels with a matching)"
        ),
        "The package index has no {} that fits this Python and machine: try another Python "
        "(make run PYTHON=python3.12) or another index (pip's settings).",
    ),
    (
        re.compile(r"(.*(?:Permission denied|Read-only file system).*)"),
        "Set-up may not write where it has to ({}): change the owner of that folder, or copy or clone Litmus "
        "to a folder of your own.",
    ),
)


class Trouble(Exception):  # noqa: N818 - a message for the visitor, not a bug
    """Something is missing; the message is one sentence with the remedy."""


def explain(output: str, *, log: Path | None) -> str:
    """Return one sentence with the remedy for what a failed uv, pip or venv wrote."""
    where = f" The whole story is in {log}." if log else ""
    for pattern, sentence in _SENTENCES:
        if match := pattern.search(output):
            what = next(filter(None, match.groups()), "").strip()
            return sentence if sentence == DISK_SENTENCE else sentence.format(what) + where
    errors = re.findall(r"^(?:ERROR|Error|error): (.+(?:\n +cause: .+)?)", output, re.M)
    reason = errors[0] if errors else (output.strip().splitlines() or ["it said nothing"])[-1]
    reason = re.sub(r"\s+cause:", ":", reason).strip()[:200]
    return f"The installation stopped ({reason}): fix that and run make again.{where}"


def uv_settings(pip_config: str) -> dict[str, str] | None:
    """Return pip's settings as uv's environment variables; None where uv has no such setting.

    ``pip_config`` is what ``pip config list`` prints: lines such as ``global.index-url='https://…'``.
    """
    lines = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.+)$", pip_config, re.M)
    settings: dict[str, str] = {}
    for section in ("global", "install", ":env:"):  # as pip does: the environment wins
        settings |= {name: str(ast.literal_eval(value)) for part, name, value in lines if part == section}
    if not settings.keys() <= UV_VARIABLES.keys() | WITHOUT_EFFECT:
        return None
    variables = {
        variable: ("," if name == "find-links" else " ").join(value.split())
        for name, value in settings.items()
        for variable in UV_VARIABLES.get(name, ())
    }
    if "extra-index-url" in settings:  # pip takes the best version of all indexes
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if "no-cache-dir" in settings:
        variables["UV_NO_CACHE"] = "1"
    return variables


def describe_progress(line: str) -> str:
    """Return what to print for a line of pip or uv; "" for a short step."""
    download = re.search(r"Downloading (\S+) \(([\d.]+) ?([MG])i?B\)", line)
    if download:
        size_mb = float(download[2]) * (1000 if download[3] == "G" else 1)
        name = re.sub(r"-\d.*", "", download[1].rsplit("/", 1)[-1])
        return f"downloading {name}, {size_mb:.0f} MB" if size_mb >= BIG_MB else ""
    if line.startswith("Installing collected packages") and (n_packages := line.count(",") + 1) > 10:
        return f"unpacking {n_packages} packages (a minute or two)"
    prepared = re.match(r"Prepared (\d+) packages", line)
    return f"unpacking {prepared[1]} packages" if prepared else ""


def cache_folder(env: Mapping[str, str], *, room: Path) -> Path:
    """Return uv's cache in the home folder if .venv can share its files, else one in ``room``."""
    folder = Path(env.get("XDG_CACHE_HOME") or Path(env.get("HOME") or room, ".cache"), "uv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shared = folder.stat().st_dev == room.stat().st_dev and os.access(folder, os.W_OK)
    except OSError:
        shared = False
    return folder if shared else room / "uv"


@dataclass
class Installation:
    """Installs the checkout ``root`` with its ``extras`` into ``venv``."""

    venv: Path
    root: Path
    extras: tuple[str, ...]
    output: str = ""  # all that pip and uv wrote

    def run(self) -> None:
        """Install with uv, or with pip; raises Trouble with the reason."""
        room = self.venv / "tmp"
        room.mkdir(exist_ok=True)
        env = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        env |= {"TMPDIR": str(room), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
        target = ["--constraint", "constraints.txt", "--editable", f".[{','.join(self.extras)}]"]
        try:
            if not self._with_uv(env, target, cache=cache_folder(env, room=room)):
                status, output = self._python(["pip", "install", "--progress-bar", "off", *target], env=env)
                self._check(status, output)
        finally:
            self._log.write_text(self.output)
            shutil.rmtree(room, ignore_errors=True)

    def _with_uv(self, env: dict[str, str], target: list[str], *, cache: Path) -> bool:
        """Install with uv; returns False where pip has to do it, raises Trouble where pip cannot either."""
        config = [self._program, "-m", "pip", "config", "list"]  # not logged: it may hold a password
        settings = uv_settings(subprocess.run(config, env=env, capture_output=True, text=True).stdout)
        if settings is None:
            return False
        status, output = self._python(
            ["pip", "install", "--constraint", "constraints.txt", "--only-binary", "uv", "uv"], env=env
        )
        if status and not (_FULL.search(output) or _UNREACHABLE.search(output)):
            return False
        self._check(status, output)
        # Where Python keeps no bytecode, each start would compile all that it imports.
        compiled = ["--compile-bytecode"] if env.get("PYTHONDONTWRITEBYTECODE") else []
        # The user's own uv settings win.
        settings = {name: value for name, value in settings.items() if name not in env or "UV_" not in name}
        status, output = self._python(
            ["uv", "pip", "install", "--no-progress", "--python", self._program, *compiled, *target],
            env={"UV_SYSTEM_CERTS": "1", "UV_CACHE_DIR": str(cache)} | env | settings,
        )
        if status and _UNREACHABLE.search(output) and not _FULL.search(output):
            print("  uv cannot reach the package index; going on with pip", flush=True)
            return False
        self._check(status, output)
        return True

    @property
    def _program(self) -> str:
        return str(self.venv / "bin" / "python")

    @property
    def _log(self) -> Path:
        return self.venv / "set-up.log"

    def _check(self, status: int, output: str) -> None:
        if status:
            raise Trouble(explain(output, log=self._log))

    def _python(self, words: list[str], *, env: dict[str, str]) -> tuple[int, str]:
        """Run a module of .venv, announcing long steps; returns its status and what it wrote."""
        output = ""
        with subprocess.Popen(
            [self._program, "-m", *words],
            cwd=self.root,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            for line in process.stdout or ():
                output += line
                if progress := describe_progress(line):
                    print(f"  {progress}", flush=True)
        self.output += output
        return process.returncode, output
