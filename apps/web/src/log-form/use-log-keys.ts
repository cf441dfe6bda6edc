import { useMeta } from '../api/index.ts';
import { useKeys } from '../app/keys.ts';
import type { LogState } from './use-log-entry.ts';

interface LogCommands {
  onChosen(): void;
  onType(): void;
  onSave(): void;
  onSaveOther(): void;
  onClose(): void;
}

/** A digit chooses the outcome, `t` the type; saving and closing work in fields, too. */
export function useLogKeys({ type, body, change, chooseOutcome }: LogState, { onChosen, onType, onSave, onSaveOther, onClose }: LogCommands, active: boolean): void {
  const { activityTypes } = useMeta();
  useKeys([
    ...(type?.outcomes ?? []).slice(0, 9).map(({ code }, index) => ({
      key: String(index + 1),
      run: () => {
        chooseOutcome(code);
        onChosen();
      },
    })),
    {
      key: 't',
      run: () => {
        const at = activityTypes.findIndex(({ code }) => code === body.activityType);
        change({ activityType: activityTypes[(at + 1) % activityTypes.length]?.code ?? body.activityType });
        onType();
      },
    },
    { key: 'mod+Enter', run: onSave },
    { key: 'mod+shift+Enter', run: onSaveOther },
    { key: 'Escape', run: onClose },
  ], active);
}
