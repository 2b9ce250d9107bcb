import io
import struct

import numpy as np
import pytest
import soundfile

from dataimp_gui.core.contract import Limits
from dataimp_gui.core.media import audio, waveform
from dataimp_gui.core.media.files import MediaError

RATE = 8000


def tone(seconds=1.0, channels=1):
    """A 400 Hz tone of half the full scale."""
    one = 0.5 * np.sin(2 * np.pi * 400 * np.arange(int(RATE * seconds)) / RATE)
    return np.repeat(one[:, None], channels, axis=1).astype(np.float32)


def encoded(samples=None, form="WAV", **options):
    file = io.BytesIO()
    soundfile.write(file, tone() if samples is None else samples, RATE, format=form, **options)
    return file.getvalue()


def wav(body, *, data_size=None, riff_size=None, tag=b"data", before=b"", bits=16):
    """A mono PCM WAV put together by hand; the sizes are true unless given."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * bits // 8, bits // 8, bits)
    data = struct.pack("<4sI", tag, len(body) if data_size is None else data_size) + body
    inside = b"WAVE" + form + before + data
    return b"RIFF" + struct.pack("<I", len(inside) if riff_size is None else riff_size) + inside


PCM = (tone()[:, 0] * 32767).astype("<i2").tobytes()


@pytest.mark.parametrize("form", ["WAV", "FLAC", "AIFF", "OGG", "MP3"])
@pytest.mark.parametrize("channels", [1, 2])
def test_each_format_gives_its_samples_and_rate(form, channels):
    samples, rate = audio.decode(encoded(tone(channels=channels), form))
    assert rate == RATE
    assert samples.dtype == np.float32
    assert samples.shape == (RATE, channels)
    assert np.abs(samples - tone(channels=channels)).mean() < (0.02 if form in ("OGG", "MP3") else 1e-4)
    assert audio.measure(encoded(tone(channels=channels), form)) == (1.0, RATE, channels)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"])
def test_each_encoding_of_a_wav_is_read_on_the_same_scale(subtype):
    samples, _ = audio.decode(encoded(subtype=subtype))
    assert np.abs(samples - tone()).max() < 0.03


def test_opus_in_ogg_is_read():
    assert audio.measure(encoded(form="OGG", subtype="OPUS")) == (1.0, RATE, 1)


def test_a_part_can_be_read():
    samples, _ = audio.decode(encoded(), start_s=0.25, seconds=0.5)
    assert np.abs(samples - tone()[2000:6000]).max() < 1e-4
    assert len(audio.decode(encoded(), start_s=0.9, seconds=5)[0]) == 800


def test_a_wav_cut_short_says_what_it_promised_and_what_is_there():
    data = wav(PCM)
    with pytest.raises(MediaError) as caught:
        audio.decode(data[: len(data) // 2])
    assert str(caught.value) == "The file ends early: its header promises 16,000 bytes of sound, 7,978 are there."


@pytest.mark.parametrize("form", ["WAV", "AIFF", "FLAC", "OGG", "MP3"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
def test_a_sound_cut_short_is_never_passed_as_whole(form, share):
    data = encoded(form=form)
    with pytest.raises(MediaError) as caught:
        audio.measure(data[: int(len(data) * share)])
    assert "BytesIO" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000])
def test_a_wav_that_was_written_to_a_pipe_is_read_to_its_end_and_says_so(size):
    data = wav(PCM, data_size=size, riff_size=size)
    assert audio.measure(data) == (1.0, RATE, 1)
    assert "no length" in audio.remark(data)
    assert audio.remark(wav(PCM)) == ""


def test_a_wav_with_only_a_header_holds_no_sound():
    with pytest.raises(MediaError, match="holds no sound"):
        audio.measure(wav(b""))
    with pytest.raises(MediaError, match="no 'data' part"):
        audio.measure(wav(PCM, tag=b"junk"))


def test_a_wav_with_other_parts_before_an_odd_one_after_and_a_wrong_outer_size_is_read():
    odd = struct.pack("<4sI", b"LIST", 5) + b"INFO?" + b"\0"
    data = wav(PCM, before=odd, riff_size=36) + struct.pack("<4sI", b"note", 3) + b"end"
    assert audio.measure(data) == (1.0, RATE, 1)


def test_an_odd_number_of_bytes_needs_no_padding_at_the_end():
    assert audio.measure(wav(b"\x80" * 801, bits=8)) == (801 / RATE, RATE, 1)


def test_an_rf64_has_its_length_in_64_bits():
    body = struct.pack("<QQQI", 0, len(PCM), len(PCM) // 2, 0)
    data = wav(PCM, data_size=0xFFFFFFFF, before=b"", riff_size=0xFFFFFFFF)
    data = b"RF64" + data[4:12] + struct.pack("<4sI", b"ds64", len(body)) + body + data[12:]
    assert audio.measure(data) == (1.0, RATE, 1)
    with pytest.raises(MediaError, match="ends early"):
        audio.measure(data[:-100])


def test_samples_that_are_no_numbers_are_found():
    broken = tone()
    broken[5000] = np.nan
    with pytest.raises(MediaError, match="no numbers"):
        audio.measure(encoded(broken, subtype="FLOAT"))


def test_an_encoding_that_cannot_be_read_is_named_as_such():
    with pytest.raises(MediaError, match="encoding is one that cannot be read") as caught:
        audio.measure(wav(PCM, bits=64))
    assert "PCM" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\0" * 100, "nothing but zero bytes"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\0\0\0\x20ftypM4A ", "an M4A"),
        (b"hello there", "plain text"),
        (b"RIFF\0\0\0\0AVI ", "an AVI film"),
    ],
)
def test_what_is_no_sound_is_refused_with_what_it_looks_like(data, words):
    with pytest.raises(MediaError, match=words):
        audio.measure(data)


def test_the_limits_are_those_of_the_contract():
    with pytest.raises(MediaError, match="1 seconds long, the limit is 0"):
        audio.measure(encoded(), Limits(max_seconds=0.4))
    with pytest.raises(MediaError, match="the limit is 500"):
        audio.measure(encoded(), Limits(max_bytes=500))
    with pytest.raises(MediaError, match="65 channels, the limit is 64"):
        audio.measure(encoded(tone(0.1, 65)))


@pytest.mark.parametrize("form", ["WAV", "AIFF", "FLAC", "OGG", "MP3"])
def test_random_damage_gives_samples_or_a_reason(form):
    rng = np.random.default_rng(4)
    whole = encoded(tone(0.2), form)
    for _ in range(60):
        data = bytearray(whole)
        for place in rng.integers(0, min(len(data), 200), 3):
            data[place] = rng.integers(0, 256)
        try:
            seconds, rate, channels = audio.measure(bytes(data))
        except MediaError:
            continue
        assert seconds > 0
        assert rate > 0
        assert channels > 0


def test_the_envelope_holds_the_extremes_of_each_stretch():
    samples = np.zeros((1000, 2), np.float32)
    samples[250, 0], samples[250, 1], samples[999, 1] = 0.5, -0.25, -1.0
    peaks = waveform.peaks(samples, 4)
    assert peaks.tolist() == [[0, 0], [-0.25, 0.5], [0, 0], [-1.0, 0]]
    long = np.random.default_rng(0).uniform(-1, 1, (100_003, 1)).astype(np.float32)
    parts = [long[(column * len(long) + 316) // 317 : ((column + 1) * len(long) + 316) // 317] for column in range(317)]
    assert np.array_equal(waveform.peaks(long, 317), [[part.min(), part.max()] for part in parts])


def test_a_clip_shorter_than_its_picture_is_drawn_in_steps():
    assert waveform.peaks(np.array([[0.5], [-0.5]], np.float32), 6)[:, 0].tolist() == [0.5] * 3 + [-0.5] * 3


def test_a_waveform_is_tall_where_the_sound_is_loud():
    samples = tone(2.0)
    samples[RATE:] = 0
    picture = waveform.waveform(encoded(samples), 100, 60)
    assert picture.shape == (60, 100, 3)
    drawn = (picture == waveform.TEAL).all(axis=2).sum(axis=0)
    assert (drawn[:50] >= 25).all()
    assert (drawn[51:] <= 2).all()
    assert (drawn[51:] >= 1).all()
    assert tuple(picture[0, 0]) == waveform.WELL
