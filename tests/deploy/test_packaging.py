"""What is needed is written down once and alike, and an installed wheel works without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import hatch_build
from advisor.server import assets
from tests.serving import ROOT, Server, ran, running

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ANALYSIS = PYPROJECT["project"]["optional-dependencies"]["analysis"]
NEEDED = [*PYPROJECT["project"]["dependencies"], *ANALYSIS]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = {
    canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", LOCK, re.MULTILINE)
}
# Put together here, so that no file of the project names them: this one neither.
REGISTRIES = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "conda" + "." + "anaconda", "file" + ":///"]


@pytest.mark.parametrize("text", [*NEEDED, *PYPROJECT["dependency-groups"]["dev"]])
def test_the_lock_holds_every_dependency_within_its_bounds(text: str) -> None:
    requirement = Requirement(text)
    assert requirement.specifier.contains(PINNED[canonicalize_name(requirement.name)])


@pytest.mark.parametrize("text", NEEDED)
def test_every_dependency_has_a_lower_and_an_upper_bound(text: str) -> None:
    assert {specifier.operator for specifier in Requirement(text).specifier} == {">=", "<"}


def test_every_pin_of_the_lock_has_hashes_and_none_an_address() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) >= len(PINNED) > 0
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in LOCK


def test_no_file_names_a_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in (".png", ".ico"):
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [host for host in REGISTRIES if host in text] == [], name


def test_conda_and_binder_take_everything_from_pyproject() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    python, pip, packages = environment["dependencies"]
    assert SpecifierSet(python.removeprefix("python")) == SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert pip == "pip"
    own, *checking = packages["pip"]
    assert own == "-e .[analysis]"
    assert {name.partition(">")[0] for name in checking} == {"nbval", "pytest"}, "what runs notebooks as tests"
    assert set(checking) <= set(PYPROJECT["dependency-groups"]["dev"])
    assert not any((ROOT / name).exists() for name in ("postBuild", "binder", ".binder"))


def test_the_version_is_the_same_everywhere() -> None:
    import advisor

    assert PYPROJECT["project"]["version"] == advisor.__version__
    assert Version(advisor.__version__)


# Only who analyses needs the extra `analysis`. In this Python its packages are missing.
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys({missing}))
"""
SERVES = """
from advisor.server import app, handlers, rendering
from advisor.server.kernel import fork_server, preload, process
from advisor.cli import doctor
process.PageKernelApp.instance().prepare([])  # as fork_server does it
preload.warm()  # opens both pages once
"""


def without_analysis(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    missing = [Requirement(text).name.partition(".")[0] for text in ANALYSIS]
    environment = os.environ | {"ADVISOR_LANG": "en"}
    return ran("-c", WITHOUT.format(missing=missing) + code, *arguments, environment=environment)


def test_the_server_and_a_clients_kernel_need_no_package_for_analysis() -> None:
    done = without_analysis(SERVES)
    assert done.returncode == 0, done.stderr
    assert "less prepared" not in done.stderr, "warm() goes on after a failure, and warns"


@pytest.mark.parametrize("command", [
    ("score", "answers.csv", "--out", "scores.csv"),
    ("reliability", "answers.csv", "--out", "reliability.csv"),
    ("synthetic", "--out", "people.parquet"),
    ("diff", "2026-1", "2026-2"),
])  # fmt: skip
def test_a_command_for_analysis_says_which_extra_is_missing(command: tuple[str, ...]) -> None:
    done = without_analysis("from advisor.cli.main import main; main()", *command)
    assert done.returncode == 1
    assert (
        done.stderr == "Error: This command needs the packages for analysis: pip install 'advisor-workbook[analysis]'\n"
    )


def run(*command: str | Path, cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def locked(folder: Path, environment: dict[str, str]) -> Path:
    """Return an environment with the lock's own packages, which uv finds in its cache where set-up left them.

    It stays for the next run while the lock is the same: Python compiles some thousand files at their first use.
    """
    place, lock = ROOT / ".venv-wheel", ROOT / "requirements.lock"
    stamp, wanted = place / "made-from", f"{sys.version}\n{lock.read_text(encoding='utf-8')}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        run(sys.executable, "-m", "venv", "--clear", "--without-pip", place, cwd=folder, environment=environment)
        scripts = place / ("Scripts" if os.name == "nt" else "bin")
        install = (sys.executable, "-m", "uv", "pip", "install", "--python", scripts / "python")
        run(*install, "--require-hashes", "-r", lock, cwd=folder, environment=environment)
        stamp.write_text(wanted, encoding="utf-8")
    return place


def test_an_installed_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER", "VIRTUAL"))
    }
    environment |= {
        "ADVISOR_LANG": "en",
        "HOME": str(tmp_path),
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", _uv_cache()),
    }
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=ROOT, environment=environment)
    (wheel,) = tmp_path.glob("advisor_workbook-*.whl")
    place = locked(tmp_path, environment)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    install = (sys.executable, "-m", "uv", "pip", "install", "--python", scripts / "python")
    run(*install, "--no-deps", "--reinstall", wheel, cwd=tmp_path, environment=environment)

    assert "Scoring" in run(scripts / "advisor", "check", cwd=tmp_path, environment=environment)
    told = run(scripts / "advisor", "doctor", cwd=tmp_path, environment=environment)
    assert "fail" not in told
    assert str(place) in told
    template = place / "share" / "jupyter" / "voila" / "templates" / "advisor"
    assert (template / "index.html.j2").is_file()
    serve = (str(scripts / "advisor"), "serve", "--no-browser", "--port", "0")
    with running(*serve, log=tmp_path / "serve.log", cwd=tmp_path, environment=environment) as server:
        page = asked(server, server.url)
        assert "<title>しごと相談ワークブック</title>" in page
        assert "application/vnd.jupyter.widget-view+json" in page
        assert "advisor-failed" not in page
        front = re.search(r'src="/(advisor/static/front-[0-9a-f]+\.js)"', page)
        assert front
        assert len(asked(server, server.url + front[1])) > 100_000


def test_a_wheel_carries_the_built_front_end_and_a_source_package_what_builds_it(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-d", tmp_path, cwd=ROOT, environment=dict(os.environ))
    (wheel,), (source,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for place in ("advisor/server/jupyter/voila", "advisor_workbook-0.2.0.data/data/share/jupyter/voila"):
        built = f"{place}/templates/advisor/static/built"
        for name in ("manifest.json", "names.j2", "licences.txt", *assets.manifest().values()):
            assert f"{built}/{name}" in inside
    assert [name for name in inside if "/server/front/" in name or "node_modules" in name] == []
    with tarfile.open(source) as packed:
        told = {name.partition("/")[2] for name in packed.getnames()}
    assert {
        "hatch_build.py",
        "pyproject.toml",
        *(f"advisor/server/front/{name}" for name in hatch_build.LOCKED),
    } <= told
    assert [name for name in told if "node_modules" in name or "/built/" in name] == []


def asked(server: Server, url: str) -> str:
    request = urllib.request.Request(url, headers={"Cookie": server.cookie})  # noqa: S310  (our own server)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        assert answer.status == 200
        text: str = answer.read().decode()
    return text


def _uv_cache() -> str:
    """Where uv keeps packages: under the real home, also while HOME is another."""
    return subprocess.run(
        [sys.executable, "-m", "uv", "cache", "dir"], capture_output=True, text=True, check=True
    ).stdout.strip()
