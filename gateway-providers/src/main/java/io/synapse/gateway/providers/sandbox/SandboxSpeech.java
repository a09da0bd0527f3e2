package io.synapse.gateway.providers.sandbox;

import io.synapse.gateway.media.SpeechRequest;
import io.synapse.gateway.media.SpeechSink;
import io.synapse.gateway.provider.UpstreamCall;
import io.synapse.gateway.provider.UpstreamException;

/**
 * Sound from words: a tone for each of them, about as long as a person would speak. WAV and MP3 carry the text in their
 * tags, where {@link SandboxEars} find it again.
 */
final class SandboxSpeech {
    private SandboxSpeech() {}

    static void speak(UpstreamCall call, SpeechRequest request, SpeechSink sink) throws UpstreamException {
        boolean cut = Faults.begin(call);
        String voice = request.voice() == null ? "" : request.voice();
        double speed = request.speed() == null ? 1 : request.speed();
        String format = request.format() == null ? "wav" : request.format();
        // A zero would end the text early, in the eyes of whoever reads the tags.
        String text = request.input().replace('\0', ' ');
        Melody melody = Melody.of(text, voice, speed);
        switch (format) {
            case "wav" -> {
                byte[] header = PcmSound.wavHeader(melody, text);
                SoundStream out = begin(call, sink, "audio/wav", cut, header.length + PcmSound.length(melody));
                out.write(header);
                PcmSound.write(melody, out);
                out.finish();
            }
            case "pcm" -> {
                SoundStream out = begin(call, sink, "audio/pcm", cut, PcmSound.length(melody));
                PcmSound.write(melody, out);
                out.finish();
            }
            case "mp3" -> {
                byte[] tag = CarriedText.id3Tag(text);
                int frames = melody.beats() * Mp3Sound.FRAME_BYTES;
                SoundStream out = begin(call, sink, "audio/mpeg", cut, tag.length + frames);
                out.write(tag);
                Mp3Sound.write(melody, out);
                out.finish();
            }
            default ->
                throw Faults.rejected(
                        "response_format",
                        "The sandbox speaks wav, mp3 and pcm, not '" + format + "': set 'response_format' to one of"
                                + " them.",
                        null);
        }
    }

    private static SoundStream begin(UpstreamCall call, SpeechSink sink, String type, boolean cut, long length)
            throws UpstreamException {
        Faults.goOn(call);
        sink.begins(type);
        return new SoundStream(call, sink, cut ? length / 2 : Long.MAX_VALUE);
    }
}
