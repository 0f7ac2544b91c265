import pytest

from mosaic_desktop.gui.theme.palette import DARK, LIGHT, Palette, StateKind, Token, contrast

PALETTES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
WORDS = [
    Token.TEXT,
    Token.SECONDARY,
    Token.FAINT_TEXT,
    Token.ACCENT_TEXT,
    Token.GOOD_TEXT,
    Token.WARNING_TEXT,
    Token.BAD_TEXT,
]


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("ground", [Token.WINDOW, Token.SURFACE, Token.RAISED, Token.HOVER, Token.ACCENT_WASH])
@pytest.mark.parametrize("word", WORDS)
def test_words_are_readable_on_every_ground(palette: Palette, word: Token, ground: Token) -> None:
    if word == Token.FAINT_TEXT and ground == Token.ACCENT_WASH:
        return  # faint words never stand on a selection
    assert contrast(palette.hex(word), palette.hex(ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("kind", StateKind)
def test_state_words_are_readable_on_their_wash(palette: Palette, kind: StateKind) -> None:
    assert contrast(palette.hex(kind.text), palette.hex(kind.wash)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("fill", [Token.ACCENT_FILL, Token.ACCENT_HOVER])
def test_words_on_the_primary_button_are_readable(palette: Palette, fill: Token) -> None:
    assert contrast(palette.on_accent, palette.hex(fill)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("mark", [Token.FAINT, Token.ACCENT, Token.GOOD, Token.WARNING, Token.BAD])
def test_marks_and_rings_stand_out_from_the_ground(palette: Palette, mark: Token) -> None:
    for ground in (Token.SURFACE, Token.RAISED):
        assert contrast(palette.hex(mark), palette.hex(ground)) >= 2.95


@pytest.mark.parametrize("palette", PALETTES)
def test_every_token_has_a_color(palette: Palette) -> None:
    assert set(palette.tokens()) == {token.value for token in Token}
    assert all(palette.color(token).isValid() for token in Token)


def test_contrast_of_black_and_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#5b5bd6", "#5b5bd6") == pytest.approx(1.0)
