// What stays on this device so that the page opens without a network: the last day seen, never a secret.
const prefix = 'cho40.kept.';

export interface Kept<T> { value: T; at: string }

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + name, JSON.stringify({ value, at: new Date().toISOString() }));
  } catch {
    // A full or forbidden store costs the offline view, nothing else.
  }
}

export function kept<T>(name: string): Kept<T> | null {
  try {
    const text = localStorage.getItem(prefix + name);
    return text ? (JSON.parse(text) as Kept<T>) : null;
  } catch {
    return null;
  }
}

// At sign-out: the next person on this device sees nothing of it.
export function forgetAll(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
}
