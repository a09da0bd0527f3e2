package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.provider.UpstreamException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Melodies as samples: 16 bits, little-endian, one channel, 24,000 a second; bare, or as a WAV that carries a text. */
final class PcmSound {
    static final int SAMPLES_PER_SECOND = 24_000;

    private static final int BYTES_PER_SAMPLE = 2;
    private static final int SAMPLES_PER_BEAT = SAMPLES_PER_SECOND / 1000 * Melody.BEAT_MILLIS;
    private static final double LOUDNESS = 6_000;
    /** A tone swells and fades over this many samples: without, it would click. */
    private static final int SWELL = 240;

    private PcmSound() {}

    /** How many bytes the samples of a melody take. */
    static int length(Melody melody) {
        return melody.beats() * SAMPLES_PER_BEAT * BYTES_PER_SAMPLE;
    }

    static void write(Melody melody, SoundStream out) throws UpstreamException {
        byte[] beat = new byte[SAMPLES_PER_BEAT * BYTES_PER_SAMPLE];
        for (Melody.Note note : melody.notes()) {
            double turn = 2 * Math.PI * note.pitch() * Mp3Sound.STEP_HERTZ / SAMPLES_PER_SECOND;
            int samples = note.beats() * SAMPLES_PER_BEAT;
            for (int i = 0; i < samples; i++) {
                double swell = Math.min(1, Math.min(i, samples - i) / (double) SWELL);
                int sample = (int) (LOUDNESS * swell * Math.sin(turn * i));
                int at = i % SAMPLES_PER_BEAT * BYTES_PER_SAMPLE;
                beat[at] = (byte) sample;
                beat[at + 1] = (byte) (sample >> 8);
                if (at == beat.length - BYTES_PER_SAMPLE) {
                    out.write(beat);
                }
            }
        }
    }

    /** The beginning of a WAV, up to the samples of the melody. */
    static byte[] wavHeader(Melody melody, String text) {
        byte[] list = CarriedText.wavList(text);
        int samples = length(melody);
        ByteBuffer header = ByteBuffer.allocate(44 + list.length).order(ByteOrder.LITTLE_ENDIAN);
        header.put(CarriedText.ascii("RIFF")).putInt(header.capacity() - 8 + samples);
        header.put(CarriedText.ascii("WAVEfmt ")).putInt(16);
        header.putShort((short) 1).putShort((short) 1).putInt(SAMPLES_PER_SECOND);
        header.putInt(SAMPLES_PER_SECOND * BYTES_PER_SAMPLE).putShort((short) BYTES_PER_SAMPLE);
        header.putShort((short) (8 * BYTES_PER_SAMPLE));
        header.put(list).put(CarriedText.ascii("data")).putInt(samples);
        return header.array();
    }
}
