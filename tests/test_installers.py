"""Set-up installs with uv as pip is set, with pip where uv cannot, and explains failures in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import installers
from scripts.installers import Installation, Trouble, describe_progress, explain, uv_settings

UNREACHABLE = (
    "The package index could not be reached: check the network (or pip's settings of proxy and "
    "certificate) and run make again."
)


def missing(package: str) -> str:
    return (
        f"The package index has no {package} that fits this Python and machine: try another Python "
        "(make run PYTHON=python3.12) or another index (pip's settings)."
    )


def damaged(package: str) -> str:
    return (
        f"{package} did not arrive as the package index has it, so it was cut short or changed on the way: "
        "run make again, and if it stays so, tell whoever runs the index or the proxy."
    )


# --- what pip and uv write, in one sentence -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            installers.DISK_SENTENCE,
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: No matching distribution found for hatchling>=1.27",
            UNREACHABLE,
        ),
        ("ERROR: No matching distribution found for torch<2.14,>=2.10", missing("torch<2.14,>=2.10")),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have …\n"
            "    six from http://index/six-1.0-py3-none-any.whl#sha256=00:\n        Expected sha256 00",
            damaged("six"),
        ),
        (
            "WARNING: 401 Error, Credentials not correct for http://index/simple/six/\n"
            "ERROR: No matching distribution found for six",
            "The package index refuses to answer (status 401): fix the name and password in pip's setting "
            "of the index and run make again.",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/v/lib'",
            "Set-up may not write where it has to (ERROR: Could not install packages due to an OSError: "
            "[Errno 13] Permission denied: '/v/lib'): change the owner of that folder, or copy or clone "
            "Litmus to a folder of your own.",
        ),
        (
            "Collecting x\nERROR: Failed building wheel for x\nERROR: later",
            "The installation stopped (Failed building wheel for x): fix that and run make again.",
        ),
        ("", "The installation stopped (it said nothing): fix that and run make again."),
    ],
)
def test_what_stopped_pip_is_one_sentence_with_the_remedy(output: str, sentence: str) -> None:
    assert explain(output, log=None) == sentence


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "error: Failed to download `numpy==2.4.6`\n  cause: I/O operation failed during extraction\n"
            "  cause: failed to write to file `/c/a.so`: No space left on device (os error 28)",
            installers.DISK_SENTENCE,
        ),
        (
            "error: Failed to fetch: http://index/simple/six/\n"
            "  cause: error sending request for url (http://index/simple/six/)\n"
            "  cause: client error (Connect)\n  cause: dns error\n"
            "  cause: failed to lookup address information: Name or service not known",
            UNREACHABLE,
        ),
        (
            "error: Failed to fetch: http://index/simple/six/\n"
            "  cause: error sending request for url (http://index/simple/six/)\n  cause: operation timed out",
            UNREACHABLE,
        ),
        (
            "error: Failed to fetch: http://index/simple/six/\n"
            "  cause: error sending request for url (http://index/simple/six/)\n"
            "  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer\n\n"
            "hint: Consider enabling use of system TLS certificates",
            UNREACHABLE,
        ),
        (
            "error: Failed to fetch: http://index/simple/wheel/\n"
            "  cause: error sending request for url (http://index/simple/wheel/)\n"
            "  cause: client error (Connect)\n  cause: tunnel error: proxy authorization required",
            UNREACHABLE,
        ),
        (
            "error: Failed to fetch: http://index/simple/six/\n"
            "  cause: error decoding response body for url (http://index/simple/six/)\n"
            "  cause: end of file before message length reached",
            UNREACHABLE,
        ),
        (
            "error: Request failed after 3 retries in 9.0s\n  cause: Failed to fetch: http://index/simple/x/\n"
            "  cause: HTTP status server error (503 Service Unavailable) for url (http://index/simple/x/)",
            UNREACHABLE,
        ),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because six was not found in the package registry and you require six, we can …\n\n"
            "hint: An index (http://index/simple) returned a 403 Forbidden error.",
            "The package index refuses to answer (status 403): fix the name and password in pip's setting "
            "of the index and run make again.",
        ),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because there is no version of pandas==9.9 and you require pandas==9.9, we can …",
            missing("pandas==9.9"),
        ),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because six was not found in the package registry and you require six, we can …",
            missing("six"),
        ),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because catboost==1.0.0 has no wheels with a matching Python ABI tag (e.g., `cp311`) …",
            missing("catboost==1.0.0"),
        ),
        (
            "error: Failed to download `six==1.17.0`\n  cause: Hash mismatch for `six==1.17.0`\n\n"
            "         Expected:\n           sha256:00",
            damaged("six==1.17.0"),
        ),
        (
            "error: No solution found when resolving dependencies\n"
            "  cause: Because six==2.0 has an invalid package format and only six==2.0 is available, …",
            damaged("six==2.0"),
        ),
        (
            "error: Failed to initialize cache at `c`\n"
            "  cause: failed to create directory `/c`: Permission denied (os error 13)",
            "Set-up may not write where it has to (cause: failed to create directory `/c`: Permission denied "
            "(os error 13)): change the owner of that folder, or copy or clone Litmus to a folder of your "
            "own.",
        ),
        (
            "error: Failed to build `pk @ file:///pk`\n  cause: The build backend returned an error\n"
            "  cause: Call to `hatchling.build.build_editable` failed (exit status: 1)",
            "The installation stopped (Failed to build `pk @ file:///pk`: The build backend returned an "
            "error): fix that and run make again.",
        ),
    ],
)
def test_what_stopped_uv_is_one_sentence_with_the_remedy(output: str, sentence: str) -> None:
    assert explain(output, log=None) == sentence


def test_the_sentence_says_where_the_whole_story_is() -> None:
    sentence = explain("ERROR: odd", log=Path(".venv/set-up.log"))

    assert sentence.endswith("The whole story is in .venv/set-up.log.")


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        ("  Downloading http://index/torch-2.13.0-cp311.whl (780.4 MB)\n", "downloading torch, 780 MB"),
        ("Downloading polars-runtime (51.4MiB)\n", "downloading polars-runtime, 51 MB"),
        ("Downloading torch (1.2GiB)\n", "downloading torch, 1200 MB"),
        ("Downloading six (11.0MiB)\n", ""),
        ("Installing collected packages: " + "a, " * 11 + "b\n", "unpacking 12 packages (a minute or two)"),
        ("Prepared 107 packages in 9.13s\n", "unpacking 107 packages"),
        ("Resolved 107 packages in 2s\n", ""),
    ],
)
def test_steps_that_take_long_are_announced(line: str, progress: str) -> None:
    assert describe_progress(line) == progress


# --- uv is set as pip is ------------------------------------------------------------------------------------


def test_pips_settings_of_index_proxy_and_certificate_are_uvs() -> None:
    settings = uv_settings(
        "global.index-url='https://one/simple'\n"
        "global.extra-index-url='\\nhttps://two/simple\\nhttps://three/simple'\n"
        "global.find-links='/a\\n/b'\n"
        "global.trusted-host='one two'\n"
        "global.proxy='http://proxy:1'\n"
        "install.no-warn-script-location='yes'\n"
        ":env:.config-file='/etc/our-pip.conf'\n"
        ":env:.no-cache-dir='1'\n"
        ":env:.cert='/ca.pem'\n"
        ":env:.default-timeout='180'\n"
    )

    assert settings == {
        "UV_DEFAULT_INDEX": "https://one/simple",
        "UV_EXTRA_INDEX_URL": "https://two/simple https://three/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/a,/b",
        "UV_INSECURE_HOST": "one two",
        "HTTPS_PROXY": "http://proxy:1",
        "HTTP_PROXY": "http://proxy:1",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_HTTP_TIMEOUT": "180",
        "UV_NO_CACHE": "1",
    }


def test_the_environment_wins_over_the_section_of_install_and_that_over_the_rest() -> None:
    lines = ["global.index-url='g'", "install.index-url='i'", ":env:.index-url='e'", "download.index-url='d'"]

    assert uv_settings("\n".join(lines)) == {"UV_DEFAULT_INDEX": "e"}
    assert uv_settings("\n".join([*lines[:2], lines[3]])) == {"UV_DEFAULT_INDEX": "i"}


def test_a_setting_that_uv_lacks_leaves_the_work_to_pip() -> None:
    assert uv_settings("global.keyring-provider='subprocess'") is None


# --- uv, or pip ---------------------------------------------------------------------------------------------

# Stands for .venv's Python: notes what it is asked to run, and ends as the file of that name in `says` tells.
PYTHON = """\
#!/bin/sh
case "$*" in
    *"config list") name=config ;;
    *" uv uv") name=bring ;;
    "-m uv "*) name=uv; echo "$UV_DEFAULT_INDEX" > "$says/index"; echo "$UV_CACHE_DIR" > "$says/cache" ;;
    *) name=pip ;;
esac
case "$*" in *--compile-bytecode*) echo "compile" >> "$says/ran" ;; esac
echo "$name" >> "$says/ran"
cat "$says/$name" 2>/dev/null || exit 0
[ $name = config ]
"""


class Machine:
    """A .venv whose Python does as told; what is not told works."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.says = folder, folder / "says"
        python = folder / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        self.says.mkdir()
        python.write_text(PYTHON)
        python.chmod(0o755)
        patch.setenv("says", str(self.says))
        patch.setenv("HOME", str(folder / "home"))
        for name in ("XDG_CACHE_HOME", "UV_CACHE_DIR", "UV_DEFAULT_INDEX", "PYTHONDONTWRITEBYTECODE"):
            patch.delenv(name, raising=False)

    def fails(self, **outputs: str) -> None:
        for name, output in outputs.items():
            (self.says / name).write_text(output)

    def install(self) -> list[str]:
        Installation(self.root / ".venv", self.root, ("app",)).run()
        return (self.says / "ran").read_text().split()

    def ran(self) -> list[str]:
        return (self.says / "ran").read_text().split()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_pip_brings_uv_and_uv_installs_from_pips_index(machine: Machine) -> None:
    machine.fails(config="global.index-url='https://here/simple'\n")

    assert machine.install() == ["config", "bring", "uv"]
    assert (machine.says / "index").read_text() == "https://here/simple\n"


def test_what_is_set_for_uv_itself_stays(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.fails(config="global.index-url='https://here/simple'\n")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://there/simple")
    machine.install()

    assert (machine.says / "index").read_text() == "https://there/simple\n"


def test_pip_installs_where_the_index_has_no_uv_for_this_machine(machine: Machine) -> None:
    machine.fails(bring="ERROR: No matching distribution found for uv")

    assert machine.install() == ["config", "bring", "pip"]


def test_pip_installs_where_it_has_a_setting_that_uv_lacks(machine: Machine) -> None:
    machine.fails(config="global.no-index='true'\n")

    assert machine.install() == ["config", "pip"]


def test_pip_installs_where_uv_cannot_reach_the_index(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.fails(uv="error: Failed to fetch: x\n  cause: error sending request for url (x)\n")

    assert machine.install() == ["config", "bring", "uv", "pip"]
    assert "uv cannot reach the package index; going on with pip" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("outputs", "ran", "sentence"),
    [
        ({"bring": "ERROR: Max retries exceeded"}, ["config", "bring"], "could not be reached"),
        ({"bring": "ERROR: No space left on device"}, ["config", "bring"], "disk is too full"),
        (
            {"uv": "error: x\n  cause: there is no version of y==1"},
            ["config", "bring", "uv"],
            "has no y==1 that fits",
        ),
        ({"uv": "error: x: No space left on device"}, ["config", "bring", "uv"], "disk is too full"),
        (
            {"bring": "ERROR: none for uv", "pip": "ERROR: odd"},
            ["config", "bring", "pip"],
            r"stopped \(odd\)",
        ),
    ],
)
def test_a_failure_that_pip_would_share_is_told_at_once(
    machine: Machine, outputs: dict[str, str], ran: list[str], sentence: str
) -> None:
    machine.fails(**outputs)

    with pytest.raises(Trouble, match=sentence):
        machine.install()
    assert machine.ran() == ran
    assert list(outputs.values())[-1] in (machine.root / ".venv" / "set-up.log").read_text()
    assert not (machine.root / ".venv" / "tmp").exists()


def test_a_password_in_pips_settings_is_not_logged(machine: Machine) -> None:
    machine.fails(config="global.index-url='https://me:secret@here/simple'\n")
    machine.install()

    assert "secret" not in (machine.root / ".venv" / "set-up.log").read_text()


def test_bytecode_is_compiled_at_once_where_python_keeps_none(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert machine.install() == ["config", "bring", "compile", "uv"]


def test_the_cache_is_the_home_folders_or_goes_with_the_set_up(machine: Machine) -> None:
    machine.install()
    assert (machine.says / "cache").read_text() == f"{machine.root}/home/.cache/uv\n"

    (machine.root / "home" / ".cache" / "uv").rmdir()
    (machine.root / "home" / ".cache").rmdir()
    (machine.root / "home" / ".cache").write_text("no folder")
    machine.install()
    assert (machine.says / "cache").read_text() == f"{machine.root}/.venv/tmp/uv\n"
