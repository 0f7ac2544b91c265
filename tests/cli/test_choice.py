"""Which agent is meant by what was typed."""

import pytest

from mosaic_desktop.cli.choice import choose_agent, choose_profile
from mosaic_desktop.cli.requests import UsageError
from mosaic_desktop.core.agent import Agent
from mosaic_desktop.core.ports import Profile

AGENTS = (
    Agent("id-1", "Reframe"),
    Agent("id-2", "Remove noise"),
    Agent("id-3", "Captions"),
    Agent("id-4", "Captions in Greek"),
    Agent("id-5", "Twin"),
    Agent("id-6", "twin"),
)


@pytest.mark.parametrize(
    ("typed", "agent_id"),
    [("id-2", "id-2"), ("ID-2", "id-2"), ("reframe", "id-1"), ("Rem", "id-2"), ("captions", "id-3"), ("id-6", "id-6")],
)
def test_by_id_by_name_and_by_its_beginning(typed: str, agent_id: str) -> None:
    assert choose_agent(AGENTS, typed).id == agent_id


@pytest.mark.parametrize("typed", ["re", "twin"])
def test_where_several_may_be_meant_nothing_is_guessed(typed: str) -> None:
    with pytest.raises(UsageError, match=r"may be any of these agents: .* \(id-\d\), .* \(id-\d\)\."):
        choose_agent(AGENTS, typed)


def test_an_unknown_one_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no agent “Nobody”\. There are: Captions, Captions in Greek, Reframe"):
        choose_agent(AGENTS, "Nobody")


def test_an_account_without_agents() -> None:
    with pytest.raises(UsageError, match=r"There are: none\."):
        choose_agent((), "Reframe")


# Accounts

ANN = Profile("account", "Ann", False, "https://mosaic.invalid")
TWIN = Profile("account-1", "ann", False, "https://mosaic.invalid")


@pytest.mark.parametrize(("name", "meant"), [("ACCOUNT-1", TWIN), (" account ", ANN)])
def test_an_account_is_meant_by_its_id_first(name: str, meant: Profile) -> None:
    assert choose_profile([ANN, TWIN], name) == meant


def test_of_two_accounts_with_one_name_none_is_guessed() -> None:
    with pytest.raises(UsageError) as raised:
        choose_profile([ANN, TWIN], "Ann")
    assert raised.value.detail == "Several accounts are called “Ann”. Name one by its id: account, account-1."
