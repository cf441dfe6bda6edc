export { becomesPossible } from './becomes-possible.ts';
export { Consequences } from './consequences.tsx';
export { usePreview, type PreviewOf } from './use-preview.ts';
export type { Foreseen, Preview, PreviewRequest } from './preview.ts';
export { previewTexts } from './texts.ts';
