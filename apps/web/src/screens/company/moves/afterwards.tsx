import { type Org } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Consequences, previewTexts, usePreview } from '../../../preview/index.ts';
import { texts } from '../texts.ts';
import classes from './moves.module.css';
import type { Move } from './use-move.ts';

/** What a move will cause, before it is made. */
export function Afterwards({ org, move: { to, followUpAt, ...reasons }, verb }: { readonly org: Org; readonly move: Move; readonly verb: string }) {
  const say = useTexts(texts);
  const sayPreview = useTexts(previewTexts);
  const { reasonNote: _note, ...asked } = reasons;
  const { preview, failed } = usePreview({
    orgId: org.orgId,
    // Words are not foretold anything by, but some reasons are nothing without.
    transition: { fromStage: org.currentStage, toStage: to, ...asked, ...(_note ? { reasonNote: '…' } : {}), ...(followUpAt ? { activity: { activityType: 'NOTE', followUpAt } } : {}) },
  });
  // Refused, nothing would happen: what is open says so already.
  if (preview && !preview.allowed && !failed) return null;
  return (
    <section className={classes['then']} aria-live="polite">
      <b>{say('afterwards', { verb })}</b>
      {preview && <Consequences preview={{ ...preview, rules: [] }} />}
      {failed && <p>{sayPreview('failed')}</p>}
    </section>
  );
}
