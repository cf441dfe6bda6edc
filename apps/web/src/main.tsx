import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/tokens.css';
import './theme/ground.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient, useSignedIn } from './api/index.ts';
import { listenToKeys } from './app/keys.ts';
import { createAppRouter } from './app/router.tsx';
import { cssVariables, theme } from './theme/theme.ts';

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

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <App />
        <Notifications position="bottom-right" limit={3} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
