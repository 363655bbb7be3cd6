import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { queryClient } from './api/query-client.ts';
import { prepareFirstPage } from './shell/prepare-pages.ts';
import './theme/mantine.css';
import './theme/fonts.css';
import './theme/tokens.css';
import { theme } from './theme/theme.ts';

prepareFirstPage(location.pathname);

// The policy refuses style elements: the variables and classes that Mantine would write are in its CSS files.
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} />
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
