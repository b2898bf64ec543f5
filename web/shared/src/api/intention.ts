import { useState } from 'react';
import { newKey } from './client';

// The idempotency key of one intention: the same again after a lost answer, another as soon as something else is asked for.
export function useKeyOf(intention: string): string {
  const [kept, setKept] = useState({ intention, key: newKey() });
  if (kept.intention !== intention) setKept({ intention, key: newKey() });
  return kept.key;
}
