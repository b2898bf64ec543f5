import '@cho40/shared/styles/fonts.css';
import '@cho40/shared/styles/tokens.css';
import '@cho40/shared/styles/base.css';
import '@cho40/shared/styles/components.css';
import './vendor.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from '@cho40/shared/api/query';
import { LanguageProvider } from '@cho40/shared/messages';
import { applyPreferences } from '@cho40/shared/preferences';
import { Router } from '@cho40/shared/router';
import { unlockSound } from '@cho40/shared/sound';
import { App } from './app';
import { startServiceWorker } from './service-worker';

applyPreferences();
for (const touch of ['pointerdown', 'keydown']) window.addEventListener(touch, unlockSound, { passive: true });
startServiceWorker();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <LanguageProvider>
        <Router base="/vendor"><App /></Router>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
