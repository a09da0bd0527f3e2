// Records from the microphone and gives a WAV file: browsers record in formats of their own, often without a length.

const RATE = 16_000;
const HEAD = 44;

/** Starts recording; `stop()` of what it answers gives the file. */
export async function record() {
  if (!navigator.mediaDevices) {
    throw new Error('a browser gives it to pages on https or localhost only');
  }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const parts = [];
  const recorder = new MediaRecorder(stream);
  recorder.addEventListener('dataavailable', (event) => parts.push(event.data));
  const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start();
  return {
    async stop() {
      recorder.stop();
      await ended;
      stream.getTracks().forEach((track) => track.stop());
      return wav(await samples(new Blob(parts, { type: recorder.mimeType })));
    },
  };
}

/** One channel at 16 kHz, which is what transcription models listen to. */
async function samples(blob) {
  const context = new AudioContext();
  const sound = await context.decodeAudioData(await blob.arrayBuffer());
  await context.close();
  const offline = new OfflineAudioContext(1, Math.ceil(sound.duration * RATE), RATE);
  const source = offline.createBufferSource();
  source.buffer = sound;
  source.connect(offline.destination);
  source.start();
  return (await offline.startRendering()).getChannelData(0);
}

/** 16-bit PCM with a RIFF header. */
function wav(data) {
  const view = new DataView(new ArrayBuffer(HEAD + data.length * 2));
  const text = (at, words) => [...words].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  text(0, 'RIFF');
  view.setUint32(4, HEAD - 8 + data.length * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, data.length * 2, true);
  data.forEach((value, at) => view.setInt16(HEAD + at * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return new File([view.buffer], 'recording.wav', { type: 'audio/wav' });
}
