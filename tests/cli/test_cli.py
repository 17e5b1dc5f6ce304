"""The command line, as someone at a terminal meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from advisor.cli import doctor, main
from advisor.cli.doctor import Check
from advisor.content import loading, validate
from advisor.content.messages import language, messages
from tests.serving import ran
from tests.support import own, unreleased
from tests.waits import apart


def advisor(*arguments: str, spoken: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own: the language is chosen when it starts."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    environment |= {"LANG": "ja_JP.UTF-8" if spoken == "ja" else "C.UTF-8", "ADVISOR_FORK": "0"}
    return ran("-m", "advisor", *arguments, environment=environment)


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "C", "ADVISOR_LANG": "ja"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "ADVISOR_LANG": "en"}, "en"),
    ],
)
def test_the_language_follows_the_locale_and_can_be_chosen(environment: dict[str, str], spoken: str) -> None:
    assert language(environment) == spoken


def test_both_languages_say_the_same_things_with_the_same_gaps() -> None:
    japanese, english = messages("ja"), messages("en")
    assert japanese.keys() == english.keys()
    for key, sentence in japanese.items():
        gaps = [sorted(part.split("}")[0] for part in text.split("{")[1:]) for text in (sentence, english[key])]
        assert gaps[0] == gaps[1], key


@pytest.mark.parametrize("command", [(), ("serve",), ("check",), ("doctor",)])
@pytest.mark.slow
def test_help_tells_what_it_does_and_its_exit_codes(command: tuple[str, ...]) -> None:
    told = advisor(*command, "--help")
    assert told.returncode == 0
    assert messages("en")[command[0] if command else "main"].split(".")[0].split()[0] in told.stdout
    assert "Exit codes: 0 fine, 1 something is wrong, 2 wrong usage." in " ".join(told.stdout.split())


def test_help_speaks_japanese() -> None:
    told = advisor("--help", spoken="ja").stdout
    assert "キャリア相談のワークブック" in told
    assert "終了コード" in told
    assert "データを検査します" in told


@pytest.mark.slow
def test_wrong_usage_is_exit_code_2() -> None:
    assert advisor("advise").returncode == 2
    assert advisor("serve", "--port", "70000").returncode == 2
    assert advisor("check", "/no/such/folder").returncode == 2


def test_check_of_sound_data_says_what_it_is() -> None:
    loaded = loading.load()
    told = advisor("check")
    assert told.returncode == 0
    assert loaded.scoring.version in told.stdout
    assert loaded.digest[:12] in told.stdout
    assert f"scales {len(loaded.scales)}, items {len(loaded.items)}" in told.stdout


def test_check_of_broken_data_tells_every_problem_on_a_line_of_its_own(tmp_path: Path) -> None:
    data = unreleased(tmp_path / "data")
    (data / own("sources.yaml")).write_text("no: [", encoding="utf-8")
    (data / own("guidance/steps.yaml")).unlink()
    told = advisor("check", str(data), spoken="ja")
    assert told.returncode == 1
    lines = told.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"{own('guidance/steps.yaml')}:")
    assert lines[1].startswith(f"{own('sources.yaml')}:2: ")
    assert all(";" in line for line in lines)
    assert "問題が 2 件あります" in told.stderr
    assert "Traceback" not in told.stderr


def test_check_writes_schemas_that_are_schemas(tmp_path: Path) -> None:
    told = advisor("check", "--schema", str(tmp_path / "schemas"))
    assert told.returncode == 0
    written = sorted((tmp_path / "schemas").rglob("*.schema.json"))
    assert len(written) == len(validate.schemas())
    for path in written:
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_doctor_finds_this_machine_fit() -> None:
    """Whether kernels can be forked is tried below."""
    told = advisor("doctor")
    assert told.returncode == 0, told.stdout
    assert len(told.stdout.splitlines()) < 25, "one screen"
    for subject in (
        "Python",
        "Packages",
        "Page parts",
        "Data",
        "Notebook",
        "Japanese font",
        "Font of the papers",
        "Browser",
        "Write",
        "Port",
    ):
        assert subject in told.stdout
    assert "fail" not in told.stdout


def test_doctor_says_what_to_do_and_fails_only_for_what_is_essential(monkeypatch: pytest.MonkeyPatch) -> None:
    say = messages("en")
    monkeypatch.setattr(main, "SAY", say)
    findings = [Check("ok", "A", "a"), Check("warn", "B", "b", "mend b")]
    monkeypatch.setattr(doctor, "all_checks", lambda _: iter(findings))
    told = CliRunner().invoke(main.main, ["doctor"])
    assert told.exit_code == 0
    assert told.output.splitlines() == ["ok    A: a", "warn  B: b", "      → mend b", say["all_ok"]]
    findings.append(Check("fail", "C", "c", "mend c"))
    told = CliRunner().invoke(main.main, ["doctor"])
    assert told.exit_code == 1
    assert "fail  C: c\n      → mend c" in told.output


def test_doctor_sees_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    say = messages("en")
    monkeypatch.setattr(
        "advisor.cli.doctor.importlib.metadata.requires", lambda _: ["no-such-package>=1", "click>=999", "click<999"]
    )
    assert doctor.packages(say).state == "fail"
    assert "no-such-package, click " in doctor.packages(say).detail
    monkeypatch.setattr("advisor.cli.doctor.paths.notebooks_dir", lambda: tmp_path)
    assert doctor.notebook(say).state == "fail"
    monkeypatch.setattr("advisor.server.assets.BUILT", tmp_path)
    assert doctor.template(say) == doctor.Check(
        "fail", "Page parts", "missing or of another version: manifest.json", say["front_fix"]
    )
    monkeypatch.setattr("advisor.cli.doctor.shutil.which", lambda _: None)
    monkeypatch.setattr("advisor.cli.doctor.sys.platform", "linux")
    assert doctor.font(say).state == "warn"
    monkeypatch.setattr("advisor.report.fonts.SHA256", "0" * 64)
    assert doctor.paper_font(say).detail == "another file than the one that was checked"
    monkeypatch.setattr(
        "advisor.cli.doctor.tempfile.TemporaryDirectory", lambda: (_ for _ in ()).throw(OSError("read-only"))
    )
    assert doctor.write_access(say).state == "fail"


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
@pytest.mark.slow
def test_doctor_takes_a_fork_as_a_visitor_does_and_says_when_none_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    say = messages("en")
    assert apart(lambda: doctor.kernels(say)).state == "ok"
    monkeypatch.setattr("advisor.server.fork_pool.sys.executable", "/bin/false")
    monkeypatch.setattr("advisor.server.fork_pool.READY_SECONDS", 1.0)
    slow = doctor.Check("warn", "Pages start", say["kernels_slow"], say["kernels_fix"])
    assert apart(lambda: doctor.kernels(say)) == slow
    monkeypatch.setenv("ADVISOR_FORK", "0")
    assert apart(lambda: doctor.kernels(say)).state == "ok"


@pytest.mark.skipif(os.name != "posix", reason="limits of Unix")
def test_doctor_counts_for_how_many_pages_there_are_handles(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    for most, state in ((1024, "warn"), (4096, "ok"), (resource.RLIM_INFINITY, "ok")):
        monkeypatch.setattr(resource, "getrlimit", lambda _, most=most: (256, most))
        assert doctor.handles(messages("en")).state == state
