import { useMe, type Org, type Task, type Transition } from '../../api/index.ts';
import { NewTaskDialog, RescheduleDialog, useTaskActions } from '../../tasks/index.ts';
import { EraseDialog } from './edit/erase-dialog.tsx';
import { OrgDialog } from './edit/org-dialog.tsx';
import { MoveDialog } from './moves/move-dialog.tsx';
import { OverrideDialog } from './moves/override-dialog.tsx';
import { TemplateDialog } from './moves/template-dialog.tsx';

/** What somebody is being asked on the page. */
export type Asked =
  | { readonly kind: 'task' | 'template' | 'erase' }
  | { readonly kind: 'putOff'; readonly task: Task }
  | { readonly kind: 'move'; readonly transition: Transition }
  | { readonly kind: 'override'; readonly to: string };

interface DialogsProps {
  readonly org: Org;
  readonly asked: Asked | undefined;
  /** The field of the master data that is being edited; undefined: they are not. */
  readonly edit: string | undefined;
  onClose(): void;
  onEdited(): void;
}

export function Dialogs({ org, asked, edit, onClose, onEdited }: DialogsProps) {
  const { queues } = useMe();
  const actions = useTaskActions();
  return (
    <>
      {edit !== undefined && <OrgDialog org={org} focus={edit} onClose={onEdited} />}
      {asked?.kind === 'task' && <NewTaskDialog orgId={org.orgId} queue={queues[0] ?? 'INSIDE_SALES'} onClose={onClose} />}
      {asked?.kind === 'putOff' && <RescheduleDialog task={asked.task} onClose={onClose} onChoose={(at) => void actions.reschedule(asked.task, at)} />}
      {asked?.kind === 'move' && <MoveDialog org={org} transition={asked.transition} onClose={onClose} />}
      {asked?.kind === 'override' && <OverrideDialog org={org} to={asked.to} onClose={onClose} />}
      {asked?.kind === 'template' && <TemplateDialog org={org} onClose={onClose} />}
      {asked?.kind === 'erase' && <EraseDialog org={org} onClose={onClose} />}
    </>
  );
}
