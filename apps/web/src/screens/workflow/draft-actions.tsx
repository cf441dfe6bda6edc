import IconCopy from '@tabler/icons-react/icons/IconCopy';
import IconDownload from '@tabler/icons-react/icons/IconDownload';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import { useMe } from '../../api/index.ts';
import { modKey } from '../../app/keys.ts';
import { useLanguage, useTexts } from '../../i18n/index.ts';
import { Button, tell } from '../../parts/index.ts';
import { icon } from '../../parts/icon.ts';
import { texts } from './draft.texts.ts';

interface DraftActionsProps {
  readonly templateKey: string;
  readonly source: string;
  readonly busy: boolean;
  simulate(): void;
  tryWith(): void;
}

/** What can be done with a draft: it leaves as text or file, for a pull request; here it is only tried. */
export function DraftActions({ templateKey, source, busy, simulate, tryWith }: DraftActionsProps) {
  const say = useTexts(texts);
  const lang = useLanguage();
  const simulates = useMe().rights.includes('simulate');
  const copy = () => {
    navigator.clipboard.writeText(source).then(
      () => tell(say('copied')),
      () => tell(say('notCopied'), { tone: 'bad' }),
    );
  };
  return (
    <>
      <Button className="wide" look="ghost" icon aria-label={say('copy')} title={say('copy')} onClick={copy}><IconCopy {...icon} /></Button>
      <Button className="wide" look="ghost" icon aria-label={say('download')} title={say('download')} onClick={() => download(`${templateKey}.yaml`, source)}><IconDownload {...icon} /></Button>
      {simulates && <Button className="wide" onClick={tryWith}>{say('tryWith')}</Button>}
      {simulates && <Button look="primary" hotkey={modKey('↵', lang)} busy={busy} onClick={simulate}><IconPlayerPlay {...icon} />{say('simulate')}</Button>}
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
