"""Playing sound, on the device that swallows all of it."""

import numpy as np
import pytest
from miniaudio import Backend

from dataimp_gui.errors import DataimpError
from dataimp_gui.ui.kit.player import Player


@pytest.fixture
def player(qapp):
    player = Player([Backend.NULL])
    yield player
    player.stop()


def test_a_clip_is_heard_to_its_end_and_tells_how_far_it_is(player, qtbot):
    heard = []
    player.moved.connect(heard.append)
    player.load(np.zeros((4000, 1), np.float32), 8000)
    player.follow()
    assert player.is_playing
    qtbot.waitUntil(lambda: heard[-1:] == [-1.0], timeout=10_000)
    shares = [share for share in heard if share >= 0]
    assert shares == sorted(shares)
    assert shares[0] < 0.9
    assert not player.is_playing


def test_a_second_clip_takes_the_place_of_the_first_and_stopping_is_at_once(player):
    player.load(np.zeros((800_000, 2), np.float32), 8000)
    player.load(np.full((800_000, 3), 2.0, np.float32), 16_000)
    assert player.is_playing
    player.stop()
    assert not player.is_playing


def test_a_machine_without_sound_says_so():
    with pytest.raises(DataimpError, match="no sound device"):
        Player([Backend.JACK]).load(np.zeros((100, 1), np.float32), 8000)
