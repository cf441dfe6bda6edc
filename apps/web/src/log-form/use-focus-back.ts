import { useEffect } from 'react';

/** Gives the focus back to where it was before, when what took it goes. */
export function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      // Whoever has moved on by then keeps the focus where it is.
      if (before instanceof HTMLElement && before.isConnected && (document.activeElement === null || document.activeElement === document.body)) before.focus();
    };
  }, []);
}
