import { useMe, useSignOut } from '@cho40/shared/api/session';
import { Button } from '@cho40/shared/components/controls';
import { Empty, Waiting } from '@cho40/shared/components/feedback';
import { SignIn } from '@cho40/shared/components/sign-in';
import { match, useRouter } from '@cho40/shared/router';
import type { User } from '@cho40/shared/api/client';
import { addDays, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { Frame } from './parts/frame';
import { HouseholdPage } from './pages/household';
import { HouseholdsPage } from './pages/households';
import { NewNoticePage } from './pages/new-notice';
import { NoticePage } from './pages/notice';
import { NoticesPage } from './pages/notices';
import { PairPage } from './pages/pair';
import { RefundsPage } from './pages/refunds';
import { ReconDayPage } from './pages/recon-day';
import { ReconReportsPage } from './pages/recon-reports';
import { ReconSheetPage } from './pages/recon-sheet';

export function App() {
  const t = useT();
  const me = useMe();
  if (me.data === null) return <SignIn name={t('console.door')} />;
  if (!me.data) return <main id="main" className="content" tabIndex={-1}><h1 className="visually-hidden">{t('console.door')}</h1><Waiting query={me} shape="panel" label={t('loading.me')} /></main>;
  return <Frame user={me.data}><Page user={me.data} /></Frame>;
}

// Pages follow the roles; the server decides again on every request.
function Page({ user }: { user: User }) {
  const { path } = useRouter();
  const tax = user.roles.includes('tax_officer') || user.roles.includes('operator');
  const fees = user.agencies.length > 0;
  const approves = user.roles.includes('market_board') || user.roles.includes('agency');
  if (approves && path === '/refunds') return <RefundsPage />;
  const recon = ['operator', 'agency', 'market_board'].some((role) => user.roles.includes(role as User['roles'][number]));
  if (recon) {
    const sheet = match('/recon/sheets/:id', path);
    if (sheet) return <ReconSheetPage key={path} id={sheet['id']!} user={user} />;
    if (path === '/recon/reports') return <ReconReportsPage user={user} />;
    const of = match('/recon/:date', path);
    if (of || path === '/recon' || (path === '/' && !tax && !fees)) return <ReconDayPage key={path} date={isDay(of?.['date']) ? of!['date']! : addDays(today(), -1)} user={user} />;
  }
  if (tax) {
    const pair = match('/tax/households/:id/:period', path);
    if (pair) return <PairPage key={path} id={pair['id']!} period={pair['period']!} />;
    const household = match('/tax/households/:id', path);
    if (household) return <HouseholdPage key={path} id={household['id']!} />;
    if (path === '/tax' || (path === '/' && !fees)) return <HouseholdsPage />;
  }
  if (fees) {
    if (path === '/fees/new') return <NewNoticePage user={user} />;
    const notice = match('/fees/:id', path);
    if (notice) return <NoticePage key={path} id={notice['id']!} />;
    return <NoticesPage user={user} />;
  }
  if (tax) return <HouseholdsPage />;
  if (recon) return <ReconDayPage date={addDays(today(), -1)} user={user} />;
  return <NoWork />;
}

const isDay = (text: string | undefined) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');

function NoWork() {
  const t = useT();
  const signOut = useSignOut();
  return (
    <>
      <h1>{t('console.door')}</h1>
      <Empty icon="person" title={t('console.no_work')} action={<Button icon="leave" onPress={() => signOut.mutate()}>{t('act.sign_out')}</Button>}>{t('console.no_work_text')}</Empty>
    </>
  );
}
