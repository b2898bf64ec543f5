// Live events of a stall. The browser itself resumes with Last-Event-ID while the stream lives; when it is closed for good we
// open a new one and read everything again, because what was missed in between is not known.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Payment, Schemas } from './api/client';

export type LiveEvent = Schemas['event'];
export type LiveState = 'opening' | 'open' | 'lost';

const types = ['payment.created', 'payment.paid', 'payment.underpaid', 'payment.overpaid', 'payment.paid_late', 'payment.duplicate', 'payment.expired', 'payment.cancelled', 'payment.in_doubt', 'credit.nameless',
  ...['awaiting_approval', 'due', 'in_doubt', 'sent', 'done', 'rejected', 'cancelled', 'failed', 'returned', 'differs'].map((state) => `refund.${state}`)];

function take(client: QueryClient, stall: string, event: LiveEvent): void {
  const thing = event.data.object;
  if (thing.object === 'payment') {
    client.setQueryData<Payment>(['payment', thing.id], (before) => (before && before.version > thing.version ? before : { ...before, ...thing }));
    void client.invalidateQueries({ queryKey: ['payment', thing.id] });
  }
  if (thing.object === 'refund') {
    void client.invalidateQueries({ queryKey: thing.payment ? ['payment', thing.payment] : ['credit', thing.credit] });
    void client.invalidateQueries({ queryKey: ['refund', thing.id] });
  }
  void client.invalidateQueries({ queryKey: ['day-book', stall] });
  void client.invalidateQueries({ queryKey: ['payments', stall] });
}

export function useStallStream(stall: string | undefined, onEvent: (event: LiveEvent) => void): LiveState {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('opening');
  const handler = useRef(onEvent);
  handler.current = onEvent;

  useEffect(() => {
    if (!stall) return undefined;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = 1000;
    const seen = new Set<string>();

    const readAgain = () => {
      void client.invalidateQueries({ queryKey: ['payment'] });
      void client.invalidateQueries({ queryKey: ['day-book', stall] });
      void client.invalidateQueries({ queryKey: ['payments', stall] });
    };
    const open = (again: boolean) => {
      source = new EventSource(`/v1/stalls/${stall}/stream`);
      source.onopen = () => {
        wait = 1000;
        setState('open');
        if (again) readAgain();
      };
      source.onerror = () => {
        setState('lost');
        if (source?.readyState === EventSource.CLOSED) {
          timer = setTimeout(() => open(true), wait);
          wait = Math.min(wait * 2, 30_000);
        }
      };
      source.addEventListener('reset', readAgain);
      for (const type of types) {
        source.addEventListener(type, (message) => {
          const event = JSON.parse((message as MessageEvent<string>).data) as LiveEvent;
          if (seen.has(event.id)) return;
          seen.add(event.id);
          take(client, stall, event);
          handler.current(event);
        });
      }
    };
    open(false);
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [stall, client]);
  return state;
}
