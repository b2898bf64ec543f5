import { useCallback, useMemo, useState } from 'react';
import { Empty, Waiting } from '@cho40/shared/components/feedback';
import { SignIn } from '@cho40/shared/components/sign-in';
import { Button } from '@cho40/shared/components/controls';
import { useMe, useSignOut } from '@cho40/shared/api/session';
import type { User } from '@cho40/shared/api/client';
import { useStallStream, type LiveEvent } from '@cho40/shared/live';
import { match, useRouter } from '@cho40/shared/router';
import { chime, chimeFor } from '@cho40/shared/sound';
import { useT } from '@cho40/shared/messages';
import { Arrival } from './parts/arrival';
import { CounterContext } from './stall';
import { DayBookPage } from './pages/day-book';
import { Home } from './pages/home';
import { PaymentPage } from './pages/payment';
import { SignCheckPage } from './pages/sign-check';
import { WaitingPage } from './pages/waiting';

const chosenKey = 'cho40.stall';

export function App() {
  const t = useT();
  const me = useMe();
  if (me.data === null) return <SignIn name={t('vendor.door')} />;
  if (!me.data) return <main id="main" className="page" tabIndex={-1}><h1 className="visually-hidden">{t('vendor.door')}</h1><Waiting query={me} shape="panel" label={t('loading.me')} /></main>;
  if (me.data.stalls.length === 0) return <NoStall />;
  return <Counter user={me.data} />;
}

function NoStall() {
  const t = useT();
  const signOut = useSignOut();
  return (
    <main id="main" className="page" tabIndex={-1}>
      <h1>{t('vendor.door')}</h1>
      <Empty icon="person" title={t('vendor.no_stall')} action={<Button icon="leave" onPress={() => signOut.mutate()}>{t('act.sign_out')}</Button>}>{t('vendor.no_stall_text')}</Empty>
    </main>
  );
}

function Counter({ user }: { user: User }) {
  const t = useT();
  const [chosen, setChosen] = useState(() => localStorage.getItem(chosenKey));
  const stall = user.stalls.find((one) => one.id === chosen) ?? user.stalls[0]!;
  const [arrived, setArrived] = useState<LiveEvent | null>(null);

  const hear = useCallback((event: LiveEvent) => {
    const thing = event.data.object;
    const amount = thing.object === 'payment' ? thing.received.amount : thing.amount.amount;
    const tune = chimeFor(event.type, amount);
    if (tune) {
      chime(tune);
      setArrived(event);
    }
  }, []);
  const live = useStallStream(stall.id, hear);

  const counter = useMemo(() => ({
    stall, stalls: user.stalls, live,
    choose: (id: string) => { localStorage.setItem(chosenKey, id); setChosen(id); },
  }), [stall, user.stalls, live]);

  return (
    <CounterContext.Provider value={counter}>
      <a className="skip" href="#main">{t('act.skip')}</a>
      <Page />
      <Arrival event={arrived} onGone={() => setArrived(null)} />
    </CounterContext.Provider>
  );
}

function Page() {
  const { path } = useRouter();
  const waiting = match('/payments/:id/waiting', path);
  if (waiting) return <WaitingPage key={waiting['id']} id={waiting['id']!} />;
  const payment = match('/payments/:id', path);
  if (payment) return <PaymentPage key={payment['id']} id={payment['id']!} />;
  if (path === '/day-book') return <DayBookPage />;
  if (path === '/sign') return <SignCheckPage />;
  return <Home />;
}
