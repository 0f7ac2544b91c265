"""What plain words come to: an agent, its parameters, and a sentence that says so."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosaic_desktop.sandbox.prompts import understand

WORDS = [
    *("short", "vertical", "square", "no pauses", "captions", "huge", "tiny", "yellow", "black", "watermark “x”"),
    *("top left", "clips", "99", "0", "3", "-80", "900", "seconds", "ms", "minutes", "first", "trim", "dB", "lufs"),
    *(
        "no",
        "don't",
        "keep",
        "remove",
        "without",
        "last",
        "from",
        "to",
        "1:30",
        "50%",
        "#12aBc9",
        "highlight",
        "“",
        "'",
    ),
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
                "font_size": 12.0,
                "color": "#FFD400",
                "highlight_color": "#FFFFFF",
            },
        ),
        ("a short, please", "Shorts maker", {}),
        ("a square reel", "Shorts maker", {"shapes": "square"}),
        ("karaoke subtitles at the top", "Captions", {"style": "karaoke", "position": "top"}),
        ("3 clips of 20 seconds", "Clips", {"count": 3, "length_s": 20.0}),
        ("the five best moments", "Clips", {"count": 5}),
        ("remove bad takes", "Rough cut", {}),
        ("a watermark “Acme TV” in the top left", "Watermark", {"text": "Acme TV", "position": "top_left"}),
        ("mirror it upside down", "Mirror", {"direction": "vertical"}),
        ("black and white, and warmer", "Colour", {"saturation": 0.0, "warmth": 0.5}),
        ("trim it from 5 s to 12.5 s", "Trim", {"start": 5.0, "end": 12.5}),
        ("only the first 2 minutes", "Trim", {"end": 120.0}),
        ("do something nice", "Audio enhance", {}),
        ("", "Audio enhance", {}),
    ],
)
def test_prompts(prompt: str, agent: str, parameters: dict[str, object]) -> None:
    understood = understand(prompt)
    assert understood.agent.name == agent
    assert understood.parameters == parameters
    assert understood.sentence.endswith(".")


@pytest.mark.parametrize(
    ("prompt", "agent", "parameters"),
    [
        ("no captions, just make it vertical", "Reframe", {"aspect": "9:16"}),
        ("don't add subtitles, remove the silences", "Silence removal", {}),
        ("no watermark, add captions", "Captions", {}),
        ("remove pauses and captions", "Silence removal", {}),
        ("make a vertical video without removing pauses", "Reframe", {"aspect": "9:16"}),
        ("keep the background noise but cut pauses", "Silence removal", {}),
        ("keep the video in colour, just remove noise", "Audio enhance", {}),
        ("louder, without noise reduction", "Audio enhance", {"denoise": 0.0}),
        ("it's not loud enough", "Audio enhance", {}),
        ("vertical without cropping", "Reframe", {"aspect": "9:16", "fit": "blur"}),
        ("vertical but no blur", "Reframe", {"aspect": "9:16", "fit": "crop"}),
        ("short, captions off", "Shorts maker", {"captions": False}),
        (
            "no pauses, no captions, vertical short",
            "Shorts maker",
            {"remove_pauses": True, "captions": False, "enhance_audio": False, "shapes": "vertical"},
        ),
        ("don't touch the sound", "Trim", {}),
        ("keep the noise", "Trim", {}),
        ("captions at the top, no capital letters", "Captions", {"position": "top"}),
    ],
)
def test_what_is_denied_is_left_out(prompt: str, agent: str, parameters: dict[str, object]) -> None:
    understood = understand(prompt)
    assert (understood.agent.name, understood.parameters) == (agent, parameters), understood.sentence


@pytest.mark.parametrize(
    ("prompt", "agent", "parameters"),
    [
        ("turn this podcast into 30 second clips", "Clips", {"length_s": 30.0}),
        ("three 45-second vertical clips with captions", "Clips", {"count": 3, "length_s": 45.0}),
        ("a 15 second clip", "Clips", {"count": 1, "length_s": 15.0}),
        ("make this clip vertical", "Reframe", {"aspect": "9:16"}),
        ("-14LUFS please", "Audio enhance", {"target_lufs": -14.0}),
        ("make it quieter", "Audio enhance", {"target_lufs": -23.0}),
        ("noise reduction 80%", "Audio enhance", {"denoise": 0.8}),
        ("remove silences longer than half a second", "Silence removal", {"min_silence_ms": 500}),
        ("cut silence over 1,5 s but leave 200ms", "Silence removal", {"min_silence_ms": 1500, "padding_ms": 100}),
        ("remove the first 5 seconds", "Trim", {"start": 5.0}),
        ("keep the last 30 seconds", "Trim", {"start": -30.0}),
        ("delete the first 3 secs and the last 2 secs", "Trim", {"start": 3.0, "end": -2.0}),
        ("cut 5 seconds off the end", "Trim", {"end": -5.0}),
        ("trim from 0:30 to 1:02:15", "Trim", {"start": 30.0, "end": 3735.0}),
        ("cut from 10s to 20s", "Trim", {"start": 10.0, "end": 20.0}),
        ("cut everything after 2 minutes", "Trim", {"end": 120.0}),
        ("trim silence", "Silence removal", {}),
        ("remove from 0:10 to 0:20", "Audio enhance", {}),
        ("a 60 second short", "Shorts maker", {}),
        ("3:99", "Audio enhance", {}),
    ],
)
def test_numbers_and_times(prompt: str, agent: str, parameters: dict[str, object]) -> None:
    understood = understand(prompt)
    assert (understood.agent.name, understood.parameters) == (agent, parameters), understood.sentence


@pytest.mark.parametrize(
    ("prompt", "agent", "parameters"),
    [
        ("Make this vertical for TikTok", "Reframe", {"aspect": "9:16"}),
        ("youtube", "Reframe", {"aspect": "16:9"}),
        ("Instagram story", "Reframe", {"aspect": "9:16"}),
        ("Instagram post, square", "Reframe", {"aspect": "1:1"}),
        ("follow the speaker, 9x16", "Reframe", {"aspect": "9:16"}),
        ("convert my landscape video to vertical", "Reframe", {"aspect": "9:16"}),
        ("from 16:9 to 1:1", "Reframe", {"aspect": "1:1"}),
        ("crop it", "Reframe", {"aspect": "9:16"}),
        (
            "square and vertical versions",
            "Shorts maker",
            {"remove_pauses": False, "captions": False, "enhance_audio": False, "shapes": "both"},
        ),
        (
            "remove the silence and make it louder",
            "Shorts maker",
            {"remove_pauses": True, "captions": False, "enhance_audio": True, "shapes": "original"},
        ),
        ("captions in #00ff88", "Captions", {"color": "#00FF88"}),
        (
            "white captions with a black outline and yellow highlights",
            "Captions",
            {"color": "#FFFFFF", "outline_color": "#000000", "highlight_color": "#FFD400"},
        ),
        ("add cool captions", "Captions", {}),
        ("bright blue captions, size 12", "Captions", {"color": "#1E88E5", "font_size": 12.0}),
        ("it's too dark", "Colour", {"brightness": 0.15}),
        ("less contrast, desaturate it", "Colour", {"contrast": 0.8, "saturation": 0.6}),
        ("flip vertically", "Mirror", {"direction": "vertical"}),
        ("a logo", "Watermark", {"text": "Made with Mosaic"}),
        ("watermark: Acme Inc., 50% opacity", "Watermark", {"text": "Acme Inc.", "opacity": 0.5}),
        ("add watermark 'Don't steal'", "Watermark", {"text": "Don't steal"}),
        ("a watermark “One Red Captions Day”", "Watermark", {"text": "One Red Captions Day"}),
        ("my logo @janedoe top right", "Watermark", {"text": "@janedoe", "position": "top_right"}),
    ],
)
def test_shapes_colors_and_letters(prompt: str, agent: str, parameters: dict[str, object]) -> None:
    understood = understand(prompt)
    assert (understood.agent.name, understood.parameters) == (agent, parameters), understood.sentence


def test_what_is_not_done_is_named() -> None:
    assert understand("louder, and mirrored").sentence == (
        "Understood: Audio enhance. Not done: Mirror; run it on the result."
    )
    assert understand("louder, mirrored, with a logo").sentence == (
        "Understood: Audio enhance. Not done: Mirror, Watermark; run them on the result."
    )


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a 60 second short", "Understood: Shorts maker. Not used: “60 second”."),
        ("vertical, 1:30 minutes", "Understood: Reframe, shape 9:16. Not used: “1:30 minutes”."),
        ("no pauses over 2 s", "Understood: Silence removal, shortest pause to cut 2000 ms."),
        ("3 clips of 20 seconds", "Understood: Clips, length 20 s, number of clips 3."),
        ("vertical, the first 5 seconds", "Understood: Reframe, shape 9:16. Not done: Trim; run it on the result."),
    ],
)
def test_lengths_that_nothing_is_done_with_are_named(prompt: str, told: str) -> None:
    assert understand(prompt).sentence == told


def test_text_that_is_not_read_is_told() -> None:
    told = " What is behind the first 2,000 characters was not read."
    assert understand("square, please" + 2000 * "!").sentence == f"Understood: Reframe, shape 1:1.{told}"
    assert understand("square" + 3000 * " ").sentence == "Understood: Reframe, shape 1:1."


def test_where_the_sound_is_to_be_left_alone_all_is() -> None:
    assert understand("don't touch the sound").sentence == (
        "The prompt names nothing this server can do, so Trim runs and keeps all of the video. "
        "Left out as wished: Audio enhance."
    )


def test_colors_and_words_are_told_as_they_are() -> None:
    assert understand("captions in blue").sentence == "Understood: Captions, colour blue."
    assert understand("captions in #00ff88").sentence == "Understood: Captions, colour #00FF88."
    assert understand("watermark “A, B”").sentence == "Understood: Watermark, text “A, B”."


def test_what_is_left_out_is_named() -> None:
    assert understand("no captions, just vertical").sentence == (
        "Understood: Reframe, shape 9:16. Left out as wished: Captions."
    )


def test_a_shape_that_shorts_maker_does_not_make_is_named_as_not_done() -> None:
    assert understand("YouTube video, widescreen, with captions").sentence == (
        "Understood: Shorts maker, without cutting pauses, with captions, without clear sound, in the shape of the "
        "video. Not done: Reframe; run it on the result."
    )


@pytest.mark.parametrize(
    "word", ["no pause ", "keep ", "from 1 s ", "'", "remove captions ", "1:1:1:", "a" * 50, "no "]
)
def test_long_prompts_take_no_time(word: str) -> None:
    """A minute would be a hang; what is measured here is a small part of a second."""
    began = time.process_time()
    understand(word * (1_000_000 // len(word)))
    assert time.process_time() - began < 2


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text())
def test_any_prompt_gives_parameters_that_the_agent_takes(prompt: str) -> None:
    understood = understand(prompt)
    understood.agent.check(understood.parameters)
