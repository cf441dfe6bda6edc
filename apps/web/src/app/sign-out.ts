import { setAccessToken } from '../api/index.ts';
import { forgetDrafts } from './drafts.ts';

/** Leaves nothing of the person on the device: token, drafts, what was opened. */
export function signOut(): void {
  forgetDrafts();
  sessionStorage.removeItem('tom.recent');
  setAccessToken(undefined);
}
