"""Another sample rate for a whole signal."""

import numpy

GUARD = 0.1  # seconds of silence at both ends: the transform takes the signal for a ring


def resample(signal, rate, wanted):
    """`signal` at `wanted` Hz, band-limited: the lines of its spectrum that both rates have."""
    if rate == wanted:
        return signal
    # Whole seconds have a whole number of samples at both rates.
    seconds = int(numpy.ceil(len(signal) / rate + 2 * GUARD))
    padded = numpy.zeros(seconds * rate)
    begin = round(GUARD * rate)
    padded[begin:begin + len(signal)] = signal
    spectrum = numpy.fft.rfft(padded)
    lines = seconds * wanted // 2 + 1
    if lines <= len(spectrum):
        spectrum = spectrum[:lines]
    else:
        spectrum = numpy.concatenate([spectrum, numpy.zeros(lines - len(spectrum))])
    resampled = numpy.fft.irfft(spectrum, seconds * wanted) * (wanted / rate)
    begin = round(GUARD * wanted)
    return resampled[begin:begin + round(len(signal) * wanted / rate)]
