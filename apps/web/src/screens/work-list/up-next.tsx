import { Menu } from '@mantine/core';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import { useQueryClient } from '@tanstack/react-query';
import { api, useMe } from '../../api/index.ts';
import { useClaimNext } from '../../app/claim-next.ts';
import { useSingleKeys } from '../../app/keys.ts';
import { useSystemText, useTexts } from '../../i18n/index.ts';
import { Button, Due } from '../../parts/index.ts';
import { icon, smallIcon } from '../../parts/icon.ts';
import { useUpNext } from './queries.ts';
import { texts } from './texts.ts';
import classes from './work-list.module.css';

/** What `n` will give, and why that. */
export function UpNext({ queues, queue }: { readonly queues: readonly string[]; readonly queue: string | undefined }) {
  const say = useTexts(texts);
  const text = useSystemText();
  const next = useUpNext(queues);
  const claimNext = useClaimNext();
  const singleKeys = useSingleKeys();
  return (
    <div className={classes['next']}>
      {next && (
        <>
          <span className="dim">{say('upNext')}</span>
          <b className={classes['first']}>{next.task.org.name}</b>
          <span className={`mid ${classes['first'] ?? ''}`}>{next.task.title}</span>
          <Due dueAt={next.task.dueAt} dueIsEndOfDay={next.task.dueIsEndOfDay} />
          <span className="dim cut" title={text(next.why)}>
            {say('whyThis')} {text(next.why)}
          </span>
        </>
      )}
      <span className={classes['split']}>
        <Button look="primary" busy={claimNext.isPending} onClick={() => claimNext.mutate(queue)} hotkey={singleKeys ? 'N' : undefined}>
          {say('claimNext')}
        </Button>
        <AfterSave />
      </span>
    </div>
  );
}

/** The same at the foot of a narrow window, where the thumb is. */
export function ClaimDock({ queue }: { readonly queue: string | undefined }) {
  const say = useTexts(texts);
  const claimNext = useClaimNext();
  return (
    <div className={`narrow ${classes['dock'] ?? ''}`}>
      <Button look="primary" className="grow" busy={claimNext.isPending} onClick={() => claimNext.mutate(queue)}>
        <IconPlayerPlay {...icon} />
        {say('claimNext')}
      </Button>
    </div>
  );
}

/** What happens after a call was saved: the next one opens, or the company stays. */
function AfterSave() {
  const say = useTexts(texts);
  const client = useQueryClient();
  const { settings } = useMe();
  const choose = async (afterSave: 'next' | 'stay') => {
    await api.PATCH('/me/settings', { body: { afterSave } });
    await client.invalidateQueries({ queryKey: ['me'] });
  };
  const label = `${say('afterSave')}: ${say(settings.afterSave === 'stay' ? 'afterSaveStay' : 'afterSaveNext')}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button look="primary" aria-label={label} title={label}>
          <IconChevronDown {...smallIcon} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{say('afterSave')}</Menu.Label>
        <Menu.Item onClick={() => void choose('next')}>{say('afterSaveNext')}</Menu.Item>
        <Menu.Item onClick={() => void choose('stay')}>{say('afterSaveStay')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
