import { createContext, useContext } from 'react';
import type { LiveState } from '@cho40/shared/live';
import type { Schemas } from '@cho40/shared/api/client';

// The stall whose counter this phone is, and whether its live line stands.
export interface Counter {
  stall: Schemas['stall_brief'];
  stalls: Schemas['stall_brief'][];
  choose: (id: string) => void;
  live: LiveState;
}

export const CounterContext = createContext<Counter | null>(null);

export function useCounter(): Counter {
  const counter = useContext(CounterContext);
  if (!counter) throw new Error('no counter');
  return counter;
}
