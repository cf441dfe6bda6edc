import { createTheme, mergeThemeOverrides, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const cobalt: MantineColorsTuple = ['#eef2fe', '#e9eefd', '#d0dafb', '#a3b8ff', '#7089d8', '#6f8ae6', '#5673e4', '#3f63e0', '#2f54d6', '#2646b8'];
const gray: MantineColorsTuple = ['#f6f7f9', '#f0f2f5', '#e4e7ec', '#d3d8e0', '#b4bbc6', '#87909e', '#5f6877', '#434b58', '#2b313c', '#171b23'];
const dark: MantineColorsTuple = ['#e9ebef', '#b9c0cb', '#929ba9', '#6a7382', '#363d4a', '#272c36', '#1d2129', '#15181e', '#12151a', '#0f1115'];

const modal = { transitionProps: { duration: 160, transition: 'fade' }, radius: 'lg', overlayProps: { color: 'var(--tf-shade)', backgroundOpacity: 1 } } as const;

/** Mantine in the measures of the house: dense, one accent, radius 4, 6 and 8. */
const theme = createTheme({
  primaryColor: 'cobalt',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: { cobalt, gray, dark },
  fontFamily: "'Inter Variable', Inter, system-ui, 'Segoe UI', sans-serif",
  fontFamilyMonospace: 'var(--tf-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '20px' },
  radius: { sm: '4px', md: '6px', lg: '8px' },
  defaultRadius: 'md',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '600' },
  components: {
    Popover: { defaultProps: { transitionProps: { duration: 160, transition: 'fade' }, radius: 'lg', shadow: 'md' } },
    Menu: { defaultProps: { transitionProps: { duration: 120, transition: 'fade' }, radius: 'lg', shadow: 'md' } },
    Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 120 } } },
    InputWrapper: { styles: { label: { fontSize: '12px', lineHeight: '16px', color: 'var(--tf-text2)', marginBottom: '4px' } } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { transitionProps: { duration: 120 } } } },
  },
});

/** The theme with the words that Mantine's own parts need, in the language of the person. */
export function themeSaying(close: string) {
  const closeButtonProps = { 'aria-label': close };
  return mergeThemeOverrides(theme, { components: { Modal: { defaultProps: { ...modal, closeButtonProps } }, Drawer: { defaultProps: { closeButtonProps } } } });
}

/** What Mantine's own parts are painted with: the tokens, which already know the theme. */
export const cssVariables: CSSVariablesResolver = () => {
  const variables = {
    '--mantine-color-body': 'var(--tf-surface)',
    '--mantine-color-text': 'var(--tf-text)',
    '--mantine-color-dimmed': 'var(--tf-text3)',
    '--mantine-color-placeholder': 'var(--tf-text3)',
    '--mantine-color-anchor': 'var(--tf-accent-text)',
    '--mantine-color-error': 'var(--tf-red)',
    '--mantine-color-success': 'var(--tf-green)',
    '--mantine-color-default': 'var(--tf-surface)',
    '--mantine-color-default-hover': 'var(--tf-hover)',
    '--mantine-color-default-color': 'var(--tf-text)',
    '--mantine-color-default-border': 'var(--tf-line2)',
    '--mantine-shadow-md': 'var(--tf-shadow)',
  };
  return { variables: {}, light: variables, dark: variables };
};
