import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTexts } from '../../i18n/index.ts';
import { PartFailed, Rows } from '../../parts/index.ts';
import { Draft } from './draft.tsx';
import { templateQuery, type Template } from './queries.ts';
import { texts } from './texts.ts';
import { usePlace } from './use-place.ts';
import { Version } from './version.tsx';

/** One template: its YAML beside its flow, its versions, and a draft of the next. */
export function Workflow() {
  const { key } = useParams({ from: '/shell/workflows/$key' });
  const say = useTexts(texts);
  const found = useQuery(templateQuery(key));
  if (found.data) return <WorkflowPage key={key} template={found.data} />;
  if (found.isError) return <PartFailed part={say('part')} error={found.error} retry={() => void found.refetch()} />;
  return <Rows count={16} height={24} />;
}

function WorkflowPage({ template }: { readonly template: Template }) {
  const place = usePlace(template);
  if (place.shown === 'draft') return <Draft template={template} place={place} />;
  return <Version key={place.shown} template={template} place={place} version={place.shown} />;
}
