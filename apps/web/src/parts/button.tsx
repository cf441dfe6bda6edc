import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import classes from './button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'default' | 'primary' | 'ghost' | 'danger';
  readonly small?: boolean;
  /** Only an icon: give it an aria-label. */
  readonly icon?: boolean;
  /** The key that does the same, shown beside the words. */
  readonly hotkey?: string | undefined;
  readonly busy?: boolean;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button says its verb. While `busy` it stays where it is and takes no second press. */
export function Button({ look = 'default', small, icon, hotkey, busy, children, className, onClick, ...rest }: ButtonProps) {
  const names = [classes['button'], classes[look], small && classes['small'], icon && classes['icon'], className];
  return (
    <button
      type="button"
      {...rest}
      className={names.filter(Boolean).join(' ')}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : onClick}
    >
      {children}
      {hotkey && <kbd aria-hidden="true">{hotkey}</kbd>}
    </button>
  );
}
