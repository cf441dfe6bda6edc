import classes from './avatar.module.css';

/** Whom something belongs to: a circle with an initial; dashed and empty for nobody. The name stands beside it. */
export function Avatar({ user, me }: { readonly user: string | undefined; readonly me?: boolean }) {
  const kind = user === undefined ? classes['none'] : me ? classes['me'] : '';
  return (
    <span className={`${classes['avatar'] ?? ''} ${kind ?? ''}`} aria-hidden="true">
      {user?.slice(0, 1).toUpperCase()}
    </span>
  );
}
