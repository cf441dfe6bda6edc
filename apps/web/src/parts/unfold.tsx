import { Drawer, Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useKeys } from '../app/keys.ts';
import classes from './unfold.module.css';

interface UnfoldProps {
  readonly opened: boolean;
  onClose(): void;
  /** What it is about, for who cannot see it. */
  readonly label: string;
  readonly width?: number;
  /** Below the target, or beside it from its top on. */
  readonly position?: 'bottom' | 'right-start';
  /** The button that it belongs to. */
  readonly target: ReactNode;
  readonly children: ReactNode;
}

export function usePhone(): boolean {
  return useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false;
}

/** More about a thing, beside it; on a phone a sheet from below. */
export function Unfold({ opened, onClose, label, width = 430, position = 'bottom', target, children }: UnfoldProps) {
  const phone = usePhone();
  if (phone) {
    return (
      <>
        {target}
        <Drawer.Root opened={opened} onClose={onClose} position="bottom" size="auto">
          <Drawer.Overlay color="var(--tf-shade)" backgroundOpacity={1} />
          <Drawer.Content aria-label={label} classNames={{ content: classes['sheet'] ?? '' }}>
            <Drawer.Body>{children}</Drawer.Body>
          </Drawer.Content>
        </Drawer.Root>
      </>
    );
  }
  return (
    <Popover opened={opened} onChange={(open) => !open && onClose()} width={width} position={position} withArrow arrowSize={10} trapFocus returnFocus withRoles={false} closeOnEscape={false} middlewares={{ shift: { padding: 8 }, flip: true, size: true }}>
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label} className={classes['dropdown'] ?? ''}>
        {opened && <CloseByKey onClose={onClose} />}
        {opened && children}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Mounted last, so that Escape closes this before anything that lies behind it. */
function CloseByKey({ onClose }: { onClose(): void }) {
  useKeys([{ key: 'Escape', run: onClose }]);
  return null;
}
