"""Which agent is meant by what was typed."""

import pytest

from mosaic_desktop.cli.choice import choose_agent
from mosaic_desktop.cli.requests import UsageError
from mosaic_desktop.core.agent import Agent

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
