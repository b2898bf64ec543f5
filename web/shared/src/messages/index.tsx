import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import vi from 'virtual:messages/vi';
import type { Messages } from '../generated/messages';

export type Lang = 'vi' | 'en';
export type Key = keyof Messages;
// Keys that take no values.
export type PlainKey = { [K in Key]: Messages[K] extends undefined ? K : never }[Key];
type Table = typeof vi;
export type Translate = <K extends Key>(key: K, ...values: Messages[K] extends undefined ? [] : [Messages[K]]) => string;

// The cookie that the public pages keep and the server reads: one switch for all of them.
const chosen = (): Lang => (/(?:^|; )lang=en(?:;|$)/.test(document.cookie) ? 'en' : 'vi');
const choose = (lang: Lang): void => {
  document.cookie = `lang=${lang}; Path=/; Max-Age=31536000; SameSite=Lax${location.protocol === 'https:' ? '; Secure' : ''}`;
};

let current: Lang = 'vi';

// The language for outgoing requests; the server words problems and timelines in it.
export const currentLang = (): Lang => current;

export const translator = (table: Table): Translate => (key, ...values) => {
  const message = table[key];
  if (message === undefined) return key;
  return typeof message === 'string' ? message : message(values[0] as Record<string, unknown>);
};

interface Language { t: Translate; lang: Lang; change: (lang: Lang) => void }
const Context = createContext<Language>({ t: translator(vi), lang: 'vi', change: () => undefined });

export function LanguageProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [lang, setLang] = useState<Lang>(chosen);
  const [table, setTable] = useState<Table>(vi);
  current = lang;
  useEffect(() => {
    document.documentElement.lang = lang;
    let stale = false;
    if (lang === 'vi') setTable(vi);
    else void import('virtual:messages/en').then((module) => { if (!stale) setTable(module.default); });
    return () => { stale = true; };
  }, [lang]);
  const value = useMemo<Language>(() => ({
    t: translator(table), lang,
    change: (next) => {
      choose(next);
      current = next;
      setLang(next);
      void client.invalidateQueries();  // the server's own sentences come in the new language
    },
  }), [table, lang, client]);
  return (
    <I18nProvider locale={lang === 'vi' ? 'vi-VN' : 'en-US'}>
      <Context.Provider value={value}>{children}</Context.Provider>
    </I18nProvider>
  );
}

export const useLanguage = (): Language => useContext(Context);
export const useT = (): Translate => useContext(Context).t;
