"""Publishing: everybody hears everything, whatever another listener does."""

import pytest

from mosaic_desktop.core.events import Event, Events, ServiceReached


@pytest.mark.expect_log("a listener failed")
def test_a_listener_that_fails_does_not_keep_the_others_from_hearing() -> None:
    events, heard = Events(), list[Event]()

    def broken(event: Event) -> None:
        raise ValueError("a bug")

    events.subscribe(broken)
    events.subscribe(heard.append)
    events.publish(ServiceReached(None))
    assert heard == [ServiceReached(None)]


def test_an_ended_subscription_hears_nothing_more() -> None:
    events, heard = Events(), list[Event]()
    end = events.subscribe(heard.append)
    end()
    events.publish(ServiceReached(None))
    assert heard == []
