"""STOI, written from C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An Algorithm for
Intelligibility Prediction of Time-Frequency Weighted Noisy Speech", IEEE Trans. Audio, Speech and
Language Processing, 2011; and ESTOI from J. Jensen, C. H. Taal, "An Algorithm for Predicting the
Intelligibility of Speech Masked by Modulated Noise Maskers", 2016."""

import numpy

from resampling import resample

RATE = 10000          # Hz, of the signals inside
FRAME = 256           # samples: 25.6 ms
HOP = FRAME // 2
FFT = 512
BANDS = 15            # a third of an octave each
LOWEST = 150.0        # Hz, centre of the first
SEGMENT = 30          # frames: 384 ms
CLIP = 10 ** (15 / 20)  # a lower bound of -15 dB for the signal-to-distortion ratio
RANGE = 40            # dB below the loudest frame: silence
TINY = numpy.finfo(float).eps


def window():
    """Hann without its zeros at both ends."""
    return 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(1, FRAME + 1) / (FRAME + 1))


def frames_of(signal):
    """One windowed frame a row; the last samples that fill no frame are left out."""
    starts = numpy.arange(0, len(signal) - FRAME, HOP)
    return signal[starts[:, None] + numpy.arange(FRAME)] * window()


def overlapped(frames):
    signal = numpy.zeros((len(frames) - 1) * HOP + FRAME)
    for i, frame in enumerate(frames):
        signal[i * HOP:i * HOP + FRAME] += frame
    return signal


def without_silence(clean, processed):
    """Both without the frames in which the clean one is more than RANGE below its loudest."""
    clean_frames, processed_frames = frames_of(clean), frames_of(processed)
    power = 20 * numpy.log10(numpy.linalg.norm(clean_frames, axis=1) / numpy.sqrt(FRAME) + TINY)
    heard = power > power.max() - RANGE
    return overlapped(clean_frames[heard]), overlapped(processed_frames[heard])


def band_edges():
    """FFT lines of each band: from the first, up to and without the second."""
    frequencies = numpy.arange(FFT // 2 + 1) * RATE / FFT
    centres = LOWEST * 2 ** (numpy.arange(BANDS) / 3)
    nearest = [[numpy.argmin((frequencies - edge) ** 2) for edge in centres * 2 ** (side / 6)]
               for side in (-1, 1)]
    return list(zip(*nearest))


def bands_of(signal):
    """Magnitude of each band (row) in each frame (column)."""
    power = numpy.abs(numpy.fft.rfft(frames_of(signal), FFT)) ** 2
    return numpy.sqrt(numpy.array([power[:, low:high].sum(axis=1) for low, high in band_edges()]))


def segments_of(bands):
    """[segment, band, frame]: every run of SEGMENT frames."""
    if bands.shape[1] < SEGMENT:
        raise ValueError("less than 384 ms of speech")
    return numpy.lib.stride_tricks.sliding_window_view(bands, SEGMENT, axis=1).transpose(1, 0, 2)


def normalised(values, axis):
    values = values - values.mean(axis=axis, keepdims=True)
    return values / (numpy.linalg.norm(values, axis=axis, keepdims=True) + TINY)


def prepared(clean, processed, rate):
    if len(clean) != len(processed):
        raise ValueError("both signals must have the same length")
    pair = [resample(numpy.asarray(signal, dtype=float), rate, RATE) for signal in (clean, processed)]
    return [segments_of(bands_of(signal)) for signal in without_silence(*pair)]


def stoi(clean, processed, rate):
    """0 to 1, rising with intelligibility. `processed` lies exactly below `clean`."""
    x, y = prepared(clean, processed, rate)
    scale = numpy.linalg.norm(x, axis=2, keepdims=True) / (numpy.linalg.norm(y, axis=2, keepdims=True) + TINY)
    y = numpy.minimum(y * scale, x * (1 + CLIP))
    return float((normalised(x, 2) * normalised(y, 2)).sum(axis=2).mean())


def estoi(clean, processed, rate):
    """As stoi(), and with an ear for distortions that come and go, such as gaps."""
    x, y = (normalised(normalised(bands, 2), 1) for bands in prepared(clean, processed, rate))
    return float((x * y).sum(axis=1).mean())
