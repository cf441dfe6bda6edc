export { Consequences } from './consequences.tsx';
export { usePreview, type PreviewOf } from './use-preview.ts';
export type { ForetoldTask, Preview, PreviewRequest } from './preview.ts';
export { previewTexts } from './texts.ts';
