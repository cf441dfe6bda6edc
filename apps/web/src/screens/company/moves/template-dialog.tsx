import { Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Org } from '../../../api/index.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, PartFailed, problemInWords } from '../../../parts/index.ts';
import { templatesQuery } from '../queries.ts';
import { texts } from '../texts.ts';
import { useStartTemplate } from './use-start-template.ts';

/** Starts a template for this company; a case that is open already is joined. */
export function TemplateDialog({ org, onClose }: { readonly org: Org; onClose(): void }) {
  const say = useTexts(texts);
  const templates = useQuery(templatesQuery);
  const [key, setKey] = useState<string | null>(null);
  const start = useStartTemplate(org.orgId, onClose);
  return (
    <Modal opened onClose={onClose} title={say('startTemplate')} size="sm">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (key) start.mutate(key);
        }}
      >
        {templates.isError && <PartFailed part={say('templates')} error={templates.error} retry={() => void templates.refetch()} />}
        <Select label={say('template')} required data={(templates.data?.items ?? []).map((each) => ({ value: each.key, label: `${each.key} v${each.currentVersion}` }))} value={key} onChange={setKey} data-autofocus />
        {start.isError && <p className="red" role="alert">{problemInWords(start.error)}</p>}
        <div className="row">
          <Button className="push" onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" look="primary" busy={start.isPending} disabled={!key}>{say('start')}</Button>
        </div>
      </form>
    </Modal>
  );
}
