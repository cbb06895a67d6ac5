"""The guides say what the product does: their example is a good description, their tables name what there is."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.access.roles import ROLES
from gateway.contract import OnboardRequest, Policy
from gateway.contract.set_up import STEPS
from stayplay.boroughs import borough
from stayplay.cli import COMMANDS, main
from stayplay.describing import read

OPERATING = Path("docs/operating.md").read_text(encoding="utf-8")
ADMINISTRATORS = Path("docs/administrators.md").read_text(encoding="utf-8")
README = Path("README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#]+?)(?:#[^)]*)?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def test_the_description_in_the_operating_guide_is_a_good_one() -> None:
    example = re.search(r"```yaml\n(.+?)```", OPERATING, re.DOTALL)
    assert example
    description = read(example[1])
    description.check(OnboardRequest())
    assert set(description.values) >= {"slug", "agencies", "venues", "administrator", "accepted", "policy", "branding"}


@pytest.mark.parametrize("name", sorted(Policy().fields))
def test_the_guide_for_administrators_says_what_goes_by_each_setting(name: str) -> None:
    label = str(Policy().fields[name].metadata["label"])
    table = next(part for part in ADMINISTRATORS.split("\n\n") if part.startswith("| Setting"))
    words = {
        "child_min_age_months": "Youngest child",
        "child_max_age_months": "Oldest child",
        "quiet_from": "No messages to families from",
        "quiet_until": "again from",
    }
    assert words.get(name, label) in table


@pytest.mark.parametrize("name", sorted(Policy().fields))
def test_a_setting_that_nothing_goes_by_says_so_on_the_page_as_in_the_guide(name: str) -> None:
    field = Policy().fields[name]
    row = next(line for line in ADMINISTRATORS.splitlines() if line.startswith(f"| {_row_of(name, str(field.metadata['label']))}"))
    on_the_page = "nothing goes by it yet" in str(field.metadata.get("hint", ""))
    assert on_the_page is ("nothing yet" in row)


def _row_of(name: str, label: str) -> str:
    return {
        "child_min_age_months": "Youngest child",
        "child_max_age_months": "Youngest child",
        "quiet_from": "No messages",
        "quiet_until": "No messages",
    }.get(name, label)


@pytest.mark.parametrize("step", sorted(STEPS))
def test_the_guide_for_administrators_names_every_step_of_the_checklist(step: str) -> None:
    words = {"adult_mental_health": "one from the adult mental health team", "group": "a group"}
    assert words.get(step, STEPS[step]) in ADMINISTRATORS


def test_the_guide_for_administrators_names_every_role() -> None:
    for name in ROLES.values():
        assert f"| {name} |" in ADMINISTRATORS


@pytest.mark.parametrize("page", sorted(Path("docs").glob("*.md")), ids=str)
def test_the_readme_leads_to_every_guide(page: Path) -> None:
    assert f"]({page})" in README


@pytest.mark.parametrize("page", [Path("README.md"), *sorted(Path("docs").rglob("*.md"))], ids=str)
def test_every_link_of_a_guide_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        if not target.startswith(("http", "mailto")):
            assert (page.parent / target).exists(), target
    own = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in own, anchor


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^(?:\$ )?stayplay (borough .+?)(?:\s{2,}#.*)?$", OPERATING, re.MULTILINE))))
def test_every_command_of_the_operating_guide_is_one(line: str) -> None:
    words = [word for word in line.replace("--url https://stayplay.example.org ", "").split() if not word.startswith("#")]
    command = borough.commands[words[1]]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    needed = {parameter.opts[0] for parameter in command.params if parameter.required and parameter.opts[0].startswith("--")}
    assert needed <= {word for word in words if word.startswith("--")} | {"--public-key"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_says_what_it_does(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.split("Options:")[0].split()) > 8
