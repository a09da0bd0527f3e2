/** What the playground calls each modality; also the anchors of the documentation. */
export const PLAY = {
  'text-generation': 'chat',
  'image-to-text': 'captions',
  'text-to-image': 'images',
  'image-to-image': 'edits',
  'text-to-video': 'videos',
  'text-to-speech': 'speech',
  'speech-to-text': 'transcriptions',
  embeddings: 'embeddings',
};

/** The kinds in order: [kind, words, icon, modality]. */
export const KINDS = [
  ['chat', 'Chat', 'chat', 'text-generation'],
  ['captions', 'Captions', 'eye', 'image-to-text'],
  ['images', 'Images', 'image', 'text-to-image'],
  ['edits', 'Edits', 'wand', 'image-to-image'],
  ['videos', 'Video', 'film', 'text-to-video'],
  ['speech', 'Speech', 'sound', 'text-to-speech'],
  ['transcriptions', 'Transcription', 'mic', 'speech-to-text'],
  ['embeddings', 'Embeddings', 'vector', 'embeddings'],
];
