import { useEffect, useState } from 'react';
import { serverNow } from '@cho40/shared/api/clock';

// The server's time, told every second while somebody counts.
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => serverNow().getTime());
  useEffect(() => {
    if (!running) return undefined;
    setNow(serverNow().getTime());
    const timer = setInterval(() => setNow(serverNow().getTime()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

// The screen stays awake while a customer points a phone at it.
export function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let gone = false;
    const take = () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then((taken) => { if (gone) void taken.release(); else lock = taken; }).catch(() => undefined);
    };
    take();
    document.addEventListener('visibilitychange', take);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', take);
      void lock?.release();
    };
  }, []);
}
