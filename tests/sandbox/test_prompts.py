"""What plain words come to: an agent, its parameters, and a sentence that says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.sandbox.prompts import understand

WORDS = [
    *("short", "vertical", "square", "no pauses", "captions", "huge", "tiny", "yellow", "black", "watermark “x”"),
    *("top left", "clips", "99", "0", "3", "-80", "900", "seconds", "ms", "minutes", "first", "trim", "dB", "lufs"),
    *("mirror", "flip", "dark", "bright", "colourful", "warm", "loud", "noise", "bad takes", "blur", "uppercase"),
]


@pytest.mark.parametrize(
    ("prompt", "agent", "parameters"),
    [
        ("Make this vertical for my phone", "Reframe", {"aspect": "9:16"}),
        ("square please, with a blurred background", "Reframe", {"aspect": "1:1", "fit": "blur"}),
        ("Reframe to 4:5", "Reframe", {"aspect": "4:5"}),
        ("Remove the noise and bring it to -14 LUFS", "Audio enhance", {"target_lufs": -14.0}),
        ("clean the sound, −23 lufs", "Audio enhance", {"target_lufs": -23.0}),
        ("Cut all pauses", "Silence removal", {}),
        (
            "remove silence over 0.8 seconds below -45 dB",
            "Silence removal",
            {"threshold_db": -45.0, "min_silence_ms": 800},
        ),
        ("cut pauses longer than 60 s", "Silence removal", {"min_silence_ms": 5000}),
        (
            "No pauses. Vertical.",
            "Shorts maker",
            {"remove_pauses": True, "captions": False, "enhance_audio": False, "shapes": "vertical"},
        ),
        (
            "vertical short with big yellow captions, no pauses",
            "Shorts maker",
            {
                "remove_pauses": True,
                "captions": True,
                "enhance_audio": False,
                "shapes": "vertical",
                "font_size": 9 * 1.35,
                "color": "#FFD400",
                "highlight_color": "#FFFFFF",
            },
        ),
        ("a short, please", "Shorts maker", {}),
        ("a square reel", "Shorts maker", {"shapes": "square"}),
        ("karaoke subtitles at the top", "Captions", {"style": "karaoke", "position": "top"}),
        ("3 clips of 20 seconds", "Clips", {"count": 3, "length_s": 20.0}),
        ("the five best moments", "Clips", {}),
        ("remove bad takes", "Rough cut", {}),
        ("a watermark “Acme TV” in the top left", "Watermark", {"text": "Acme TV", "position": "top_left"}),
        ("mirror it upside down", "Mirror", {"direction": "vertical"}),
        ("black and white, and warmer", "Colour", {"saturation": 0.0, "warmth": 0.5}),
        ("trim it from 5 s to 12.5 s", "Trim", {"start": 5.0, "end": 12.5}),
        ("only the first 2 minutes", "Trim", {"start": 0.0, "end": 120.0}),
        ("do something nice", "Audio enhance", {}),
        ("", "Audio enhance", {}),
    ],
)
def test_prompts(prompt: str, agent: str, parameters: dict[str, object]) -> None:
    understood = understand(prompt)
    assert understood.agent.name == agent
    assert understood.parameters == parameters
    assert understood.sentence.endswith(".")


def test_what_is_not_done_is_named() -> None:
    assert understand("louder, and mirrored").sentence == (
        "Understood: Audio enhance. Not done: Mirror; run them on the result."
    )


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text())
def test_any_prompt_gives_parameters_that_the_agent_takes(prompt: str) -> None:
    understood = understand(prompt)
    understood.agent.check(understood.parameters)
