import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/tokens.css';
import './theme/ground.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useMemo, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient, useSignedIn } from './api/index.ts';
import { listenToKeys } from './app/keys.ts';
import { createAppRouter } from './app/router.tsx';
import { useTexts } from './i18n/index.ts';
import { tellTexts } from './parts/tell.texts.ts';
import { cssVariables, themeSaying } from './theme/theme.ts';

const client = createQueryClient();
const router = createAppRouter(client);
listenToKeys();

/** Whoever is signed out meanwhile, by hand or because the token ran out, comes to the sign-in and back from there. */
function App() {
  const signedIn = useSignedIn();
  useEffect(() => {
    if (signedIn) return;
    client.clear();
    void router.invalidate();
  }, [signedIn]);
  return <RouterProvider router={router} />;
}

function Themed({ children }: { readonly children: ReactNode }) {
  const close = useTexts(tellTexts)('close');
  const theme = useMemo(() => themeSaying(close), [close]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Themed>
      <QueryClientProvider client={client}>
        <App />
        <Notifications position="bottom-right" limit={3} />
      </QueryClientProvider>
    </Themed>
  </StrictMode>,
);
