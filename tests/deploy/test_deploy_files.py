"""What stands in deploy/ is what its programs understand, holds no secret, and gives as few rights as it can.

The Helm chart itself cannot be had here: keys are compared with a list of ours, so that a typing error shows.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from jupyterhub.spawner import SimpleLocalProcessSpawner, Spawner
from oauthenticator.generic import GenericOAuthenticator
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from advisor.cli.main import serve
from tests.deployed import DEPLOY, tool

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXAMPLES = sorted(DEPLOY.rglob("*.env.example"))
VALUES: dict[str, Any] = yaml.safe_load((DEPLOY / "kubernetes" / "values.yaml").read_text(encoding="utf-8"))
# The keys of the chart that values.yaml may use, by section.
CHART = {
    "": {"hub", "proxy", "singleuser", "cull"},
    "hub": {
        *("config", "extraEnv", "db", "allowNamedServers", "shutdownOnLogout", "concurrentSpawnLimit"),
        *("activeServerLimit", "networkPolicy"),
    },
    "proxy": {"https", "service", "chp"},
    "proxy.https": {"enabled", "type", "hosts", "secret"},
    "singleuser": {
        *("image", "cmd", "startTimeout", "uid", "fsGid", "allowPrivilegeEscalation", "memory", "cpu", "extraEnv"),
        *("storage", "extraPodConfig", "cloudMetadata", "networkPolicy"),
    },
    "singleuser.memory": {"guarantee", "limit"},
    "singleuser.cpu": {"guarantee", "limit"},
    "singleuser.storage": {"type", "homeMountPath", "extraVolumes", "extraVolumeMounts"},
    "singleuser.cloudMetadata": {"blockWithIptables", "ip"},
    "singleuser.networkPolicy": {"enabled", "egress", "egressAllowRules"},
    "singleuser.networkPolicy.egressAllowRules": {"cloudMetadataServer", "nonPrivateIPs", "privateIPs"},
    "cull": {"enabled", "users", "timeout", "every", "maxAge"},
}


def variables(example: Path) -> dict[str, str]:
    """Return what an example of an environment file sets, also what it offers behind a sharp."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", example.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The Hub's configuration, as its example of an environment makes it."""
    for name, value in variables(DEPLOY / "jupyterhub" / "hub.env.example").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    loaded: Config = PyFileConfigLoader("jupyterhub_config.py", str(DEPLOY / "jupyterhub")).load_config()
    return loaded


# --- systemd ---


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_every_line_of_a_unit_and_finds_little_to_attack(unit: Path, tmp_path: Path) -> None:
    systemd = tool("systemd-analyze", "systemd")
    here = tmp_path / unit.name
    text = unit.read_text(encoding="utf-8")
    here.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/usr/bin/env", text, flags=re.MULTILINE), encoding="utf-8")
    verified = subprocess.run([systemd, "verify", str(here)], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    command = [systemd, "security", "--offline=true", "--threshold=20", "--no-pager", str(here)]
    rated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout[-200:]  # at most 2.0 of 10


# --- JupyterHub ---


def test_every_setting_of_the_hub_is_one_that_exists(configuration: Config) -> None:
    classes = {
        "JupyterHub": JupyterHub,
        "ConfigurableHTTPProxy": ConfigurableHTTPProxy,
        "GenericOAuthenticator": GenericOAuthenticator,
        "SimpleLocalProcessSpawner": SimpleLocalProcessSpawner,
        "Spawner": Spawner,
    }
    assert set(configuration) == set(classes)
    for name, settings in configuration.items():
        assert set(settings) <= set(classes[name].class_traits(config=True)), name
    authenticator = GenericOAuthenticator(config=configuration)
    assert authenticator.allowed_groups == {"advisers"}
    assert not authenticator.allow_all


def test_the_kubernetes_hub_lets_in_the_same_people_for_the_same_time(configuration: Config) -> None:
    on_kubernetes = VALUES["hub"]["config"]
    login = on_kubernetes["GenericOAuthenticator"]
    assert set(login) <= set(GenericOAuthenticator.class_traits(config=True))
    here = configuration.GenericOAuthenticator
    assert {**login, "client_secret": here.client_secret} == {
        name: sorted(value) if isinstance(value, set) else value for name, value in here.items()
    }
    assert set(on_kubernetes["JupyterHub"]) <= set(JupyterHub.class_traits(config=True))
    for name in ("public_url", "authenticator_class", "cookie_max_age_days", "tornado_settings"):
        assert on_kubernetes["JupyterHub"][name] == configuration.JupyterHub[name]
    assert VALUES["singleuser"]["cmd"][1:] == configuration.Spawner.cmd[3:]


# --- Kubernetes ---


def test_the_chart_knows_every_key() -> None:
    for path, known in CHART.items():
        section = VALUES
        for name in filter(None, path.split(".")):
            section = section[name]
        assert set(section) <= known, path


def test_a_pod_runs_without_rights_without_disk_and_reaches_only_the_database() -> None:
    context = VALUES["hub"]["config"]["KubeSpawner"]["container_security_context"]
    assert context["runAsNonRoot"]
    assert context["readOnlyRootFilesystem"]
    assert context["capabilities"] == {"drop": ["ALL"]}
    server = VALUES["singleuser"]
    assert server["uid"] > 0
    assert server["storage"]["type"] == "none"
    assert not any(server["networkPolicy"]["egressAllowRules"].values())
    (rule,) = server["networkPolicy"]["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_secrets_come_from_secrets() -> None:
    for section in ("hub", "singleuser"):
        for name, value in VALUES[section]["extraEnv"].items():
            assert isinstance(value, dict) == (name != "ADVISOR_SESSIONS"), name
    for example in EXAMPLES:
        for name, value in variables(example).items():
            if re.search("SECRET$|_TOKEN$|_KEY$", name):
                assert value in ("", "CHANGE-ME"), name


def test_the_image_runs_as_nobody_in_particular_and_takes_nothing_but_what_it_needs() -> None:
    text = (DEPLOY / "kubernetes" / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["1000:1000"]
    assert "--require-hashes" in text
    assert all("/" not in image for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    ignored = (DEPLOY / "kubernetes" / "Dockerfile.dockerignore").read_text(encoding="utf-8")
    assert ignored.startswith("*\n")
    for needed in re.findall(r"^!(\S+)$", ignored, re.MULTILINE):
        assert (DEPLOY.parent / needed).exists(), needed


# --- environment ---


def known_variables() -> Iterator[str]:
    """Return every variable that the workbook or the Hub's configuration reads."""
    for option in serve.params:
        yield f"ADVISOR_{str(option.name).upper()}"
    yield from ("ADVISOR_DATABASE_URL", "ADVISOR_STORE_ID", "ADVISOR_KEY")
    yield from ("CONFIGPROXY_AUTH_TOKEN", "JUPYTERHUB_CRYPT_KEY")
    text = (DEPLOY / "jupyterhub" / "jupyterhub_config.py").read_text(encoding="utf-8")
    yield from re.findall(r'"(ADVISOR_[A-Z_]+)"', text)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_variable_of_an_example_is_read_by_somebody(example: Path) -> None:
    assert set(variables(example)) <= set(known_variables())
