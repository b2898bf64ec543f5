import '@cho40/shared/styles/fonts.css';
import '@cho40/shared/styles/tokens.css';
import '@cho40/shared/styles/base.css';
import '@cho40/shared/styles/components.css';
import './console.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from '@cho40/shared/api/query';
import { LanguageProvider } from '@cho40/shared/messages';
import { applyPreferences } from '@cho40/shared/preferences';
import { Router } from '@cho40/shared/router';
import { App } from './app';

applyPreferences();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <LanguageProvider>
        <Router base="/console"><App /></Router>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
