import IconDots from '@tabler/icons-react/icons/IconDots';
import { Menu } from '@mantine/core';
import { newIntention, useMe, type Org, type StageExplanation } from '../../../api/index.ts';
import { useSingleKeys } from '../../../app/keys.ts';
import { useTexts } from '../../../i18n/index.ts';
import { Button, Chip } from '../../../parts/index.ts';
import { icon } from '../../../parts/icon.ts';
import pageClasses from '../company.module.css';
import { texts } from '../texts.ts';
import type { StageActs } from './stage-details.tsx';
import { useMove, useMoveVerb, type Refusal } from './use-move.ts';

interface MoveButtonsProps {
  readonly org: Org;
  readonly explained: StageExplanation | undefined;
  readonly acts: StageActs;
  onExplain(stage: string): void;
  onRefused(refusal: Refusal): void;
  onLog(): void;
  onEdit(): void;
  onTemplate(): void;
}

/** What can be done to the company: the usual moves in sight, everything behind the dots. */
export function MoveButtons({ org, explained, acts, onExplain, onRefused, onLog, onEdit, onTemplate }: MoveButtonsProps) {
  const say = useTexts(texts);
  const single = useSingleKeys();
  const { rights } = useMe();
  const verb = useMoveVerb(org.currentStage);
  const moving = useMove({
    orgId: org.orgId,
    currentStage: org.currentStage,
    onMoved: acts.onClose,
    onRefused: (refusal) => {
      onRefused(refusal);
      onExplain(refusal.to);
    },
  });
  const transitions = rights.includes('move_stage') ? (explained?.transitions ?? []) : [];
  const way = (to: string) => transitions.find((each) => each.to === to);
  const qualify = org.currentStage === 'QUALIFYING' ? way('QUALIFIED_LEAD') : undefined;
  const pressQualify = () => {
    if (qualify?.allowed) moving.mutate({ move: { to: qualify.to }, key: newIntention() });
    else onExplain('QUALIFIED_LEAD');
  };
  const inSight = [way('DORMANT'), way('DISQUALIFIED')].flatMap((each) => each ?? []);
  return (
    <>
      {inSight.map((transition) => (
        <Button key={transition.to} look="ghost" className={pageClasses['wideAction']} onClick={() => acts.onAsk(transition)}>{verb(transition.to)}</Button>
      ))}
      {qualify && (
        <Button className={pageClasses['wideAction']} busy={moving.isPending} onClick={pressQualify}>
          {say('qualify')}
          {!qualify.allowed && <Chip tone="red">{say('open', { count: qualify.unmet.length })}</Chip>}
        </Button>
      )}
      <Button className={pageClasses['wideAction']} hotkey={single ? 'A' : undefined} onClick={onLog}>{say('logActivity')}</Button>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button look="ghost" icon aria-label={say('moreActions')}><IconDots {...icon} /></Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onLog}>{say('logActivity')}</Menu.Item>
          <Menu.Item onClick={acts.onNewTask}>{say('newTask')}</Menu.Item>
          {rights.includes('edit_orgs') && <Menu.Item onClick={onEdit}>{say('editOrg')}</Menu.Item>}
          {rights.includes('start_templates') && <Menu.Item onClick={onTemplate}>{say('startTemplate')}</Menu.Item>}
          {transitions.length > 0 && <Menu.Divider />}
          {transitions.map((transition) => (
            <Menu.Item
              key={transition.to}
              rightSection={!transition.allowed && <Chip tone="red">{say('open', { count: transition.unmet.length })}</Chip>}
              onClick={() => (transition.needsReason && (transition.allowed || transition.to === 'DORMANT') ? acts.onAsk(transition) : onExplain(transition.to))}
            >
              {verb(transition.to)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
