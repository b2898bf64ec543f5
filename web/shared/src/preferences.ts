// "Ngoài nắng" and "Chữ to": kept on this device, put on <html> so that CSS alone does the rest.
import { useCallback, useSyncExternalStore } from 'react';

export type Preference = 'sun' | 'large' | 'quiet';
const storageKey = (name: Preference) => `cho40.${name}`;
const changed = 'cho40:preference';

const read = (name: Preference): boolean => localStorage.getItem(storageKey(name)) === '1';

export function applyPreferences(): void {
  for (const name of ['sun', 'large'] as const) document.documentElement.toggleAttribute(`data-${name}`, read(name));
}

export function usePreference(name: Preference): [boolean, (on: boolean) => void] {
  const value = useSyncExternalStore((listener) => {
    window.addEventListener(changed, listener);
    return () => window.removeEventListener(changed, listener);
  }, () => read(name));
  const set = useCallback((on: boolean) => {
    localStorage.setItem(storageKey(name), on ? '1' : '0');
    applyPreferences();
    window.dispatchEvent(new Event(changed));
  }, [name]);
  return [value, set];
}

export const isQuiet = (): boolean => read('quiet');
