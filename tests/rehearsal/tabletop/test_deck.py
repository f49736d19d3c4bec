"""The deck: a card for each risk and for each inject of the team, dealt by a seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from launch import package
from launch.reading import BadInput
from rehearsal.tabletop.deck import Card, deal, derived, own
from tests.rehearsal.tabletop.table import LAUNCH

FOLDER = package.FOLDER


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Copy the launch package's words for tabletops, to be changed."""
    shutil.copytree(FOLDER / "tabletop", tmp_path / "tabletop")
    return tmp_path


def ids(cards: list[Card]) -> list[str]:
    return [card.id for card in cards]


def test_every_risk_of_the_launch_package_has_a_card_with_its_symptom_and_three_follow_ups() -> None:
    """Whatever the seed: the symptom is in it as the risk list tells it, the follow-ups come in order, and no place is left open."""
    for seed in map(str, range(20)):
        cards = {card.risk: card for card in derived(LAUNCH, FOLDER, seed)}

        assert set(cards) == set(LAUNCH.risks)
        for card in cards.values():
            minutes = [stage.after for stage in card.stages]
            assert LAUNCH.risks[card.risk].symptom in card.opening
            assert len(minutes) == 3
            assert minutes == sorted(set(minutes))
            assert "{" not in card.opening + "".join(stage.text for stage in card.stages)


def test_the_same_seed_deals_the_same_cards_and_another_one_others() -> None:
    """A seed is all that a deal depends on besides the files; what it deals is the same in each version of Python."""
    one, again = (deal(LAUNCH, FOLDER, seed="launch-3", count=5) for _ in range(2))

    assert one == again
    assert len({tuple(ids(deal(LAUNCH, FOLDER, seed=str(seed), count=5))) for seed in range(20)}) > 15


def test_a_risk_comes_a_second_time_only_when_every_other_has_come() -> None:
    """An inject of one's own for a risk does not crowd out another risk."""
    for seed in map(str, range(20)):
        cards = deal(LAUNCH, FOLDER, seed=seed, count=4, only=("mail-does-not-arrive", "data-leak", "paid-not-served"))

        assert len({card.risk for card in cards[:3]}) == 3


def test_own_injects_are_cards_with_their_own_questions() -> None:
    """What the team wrote is dealt as it stands."""
    card = next(card for card in own(LAUNCH, FOLDER) if card.id == "own:launch-mail-blocked")

    assert [stage.after for stage in card.stages] == [10, 30]
    assert list(card.asks)[-1] == "own-1"
    assert card.severity == LAUNCH.risks["mail-does-not-arrive"].severity


def test_another_launch_package_needs_no_files_for_tabletops(tmp_path: Path) -> None:
    """It is given the checkout's words for its own risks, and has no injects of its own."""
    cards = deal(LAUNCH, tmp_path, seed="s", count=len(LAUNCH.risks))

    assert all(card.id.startswith("risk:") for card in cards)


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("injects.toml", 'risk = "paid-not-served"', 'risk = "paid"', "renewal-at-launch.risk: saw 'paid'; allowed is one of "),
        ("injects.toml", '15 = "Two', 'soon = "Two', "renewal-at-launch.later.soon: saw 'soon'; allowed is a minute of the story"),
        ("injects.toml", "opening =", "openings =", "launch-mail-blocked.opening: saw nothing; allowed is a string"),
        ("twists.toml", "{symptom}” Nobody", "{symptoms}” Nobody", "opening.night.text: saw "),
        ("twists.toml", "after = 8", "after = 0", "early.first-owner-silent.after: saw 0; allowed is a number, 1 or more"),
        ("twists.toml", 'risks = ["monitor-blind"]', 'risks = ["monitor-deaf"]', "middle.monitor.risks: saw ['monitor-deaf']"),
        ("twists.toml", "[late.shift]", "[later.shift]", "later: saw "),
    ],
)
def test_what_is_wrong_in_a_file_is_one_clear_error(mine: Path, file: str, before: str, after: str, said: str) -> None:
    """It names file, key, what was seen, and what is allowed."""
    path = mine / "tabletop" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))

    with pytest.raises(BadInput) as bad:
        deal(LAUNCH, mine, seed="s", count=1)

    assert f"{file}: {said}" in str(bad.value)


def test_a_phase_without_a_line_for_a_risk_is_an_error(mine: Path) -> None:
    """No card is made with a hole in it."""
    path = mine / "tabletop" / "twists.toml"
    path.write_text(
        "\n".join(line for line in path.read_text().split("[late.")[0].splitlines()) + '\n[late.one]\nafter = 40\nrisks = ["data-leak"]\ntext = "x"\n'
    )

    with pytest.raises(BadInput, match=r"late: saw no line for the risk 'nobody-can-start' \(critical\)"):
        derived(LAUNCH, mine, "s")


@pytest.mark.parametrize(
    ("count", "only", "said"), [(99, (), "--cards: saw 99; allowed is at most "), (1, ("data-loss",), "--risk: saw 'data-loss'; allowed is one of ")]
)
def test_more_cards_than_there_are_or_an_unknown_risk_is_refused(count: int, only: tuple[str, ...], said: str) -> None:
    """Before anything is made."""
    with pytest.raises(BadInput) as bad:
        deal(LAUNCH, FOLDER, seed="s", count=count, only=only)

    assert str(bad.value).startswith(said)
