import { useMantineColorScheme } from '@mantine/core';
import { useCallback } from 'react';

export type Theme = 'light' | 'dark' | 'auto';

/** Light, dark, or as the system is. */
export function useTheme(): { readonly theme: Theme; setTheme(theme: Theme): void } {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return { theme: colorScheme, setTheme: useCallback((theme: Theme) => setColorScheme(theme), [setColorScheme]) };
}
