import { useEffect, useState, type ReactNode } from 'react';
import type { User } from '@cho40/shared/api/client';
import { useSignOut } from '@cho40/shared/api/session';
import { Button, Link, Toggle } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { Icon, type IconName } from '@cho40/shared/components/icons';
import { useLanguage } from '@cho40/shared/messages';
import { usePreference } from '@cho40/shared/preferences';
import { useRouter } from '@cho40/shared/router';
import { useShortcuts } from './shortcuts';

export function Frame({ user, children }: { user: User; children: ReactNode }) {
  const { t, lang, change } = useLanguage();
  const { path, go } = useRouter();
  const signOut = useSignOut();
  const [large, setLarge] = usePreference('large');
  const [keys, setKeys] = useState(false);
  const tax = user.roles.includes('tax_officer') || user.roles.includes('operator');
  const fees = user.agencies.length > 0;
  const recon = ['operator', 'agency', 'market_board'].some((role) => user.roles.includes(role as User['roles'][number]));
  const approves = user.roles.includes('market_board') || user.roles.includes('agency');
  const links: { href: string; icon: IconName; text: string; here: boolean }[] = [
    ...(tax ? [{ href: '/tax', icon: 'document' as const, text: t('nav.households'), here: path.startsWith('/tax') || (path === '/' && !fees) }] : []),
    ...(fees ? [{ href: '/fees', icon: 'cash' as const, text: t('nav.notices'), here: path === '/fees' || (path === '/' && fees) }, { href: '/fees/new', icon: 'plus' as const, text: t('nav.new_notice'), here: path === '/fees/new' }] : []),
    ...(recon ? [{ href: '/recon', icon: 'book' as const, text: t('nav.recon'), here: path.startsWith('/recon') || (path === '/' && !tax && !fees) }] : []),
    ...(approves ? [{ href: '/refunds', icon: 'arrowsBoth' as const, text: t('nav.refunds'), here: path === '/refunds' }] : []),
  ];
  useShortcuts({
    '?': () => setKeys(true),
    'g h': () => { if (tax) go('/tax'); },
    'g f': () => { if (fees) go('/fees'); },
    'g n': () => { if (fees) go('/fees/new'); },
    'g r': () => { if (approves) go('/refunds'); },
    'g d': () => { if (recon) go('/recon'); },
  });
  useEffect(() => { setKeys(false); }, [path]);
  return (
    <div className="frame">
      <a className="skip" href="#main">{t('act.skip')}</a>
      <header className="rail">
        <div className="rail-brand"><span className="brand-mark" aria-hidden="true">Chợ</span><span>Chợ 4.0</span></div>
        <nav aria-label={t('nav.title')}>
          {links.map((link) => <Link key={link.href} href={link.href} className="rail-link" {...(link.here ? { 'aria-current': 'page' as const } : {})}><Icon name={link.icon} size={20} /><span>{link.text}</span></Link>)}
        </nav>
        <div className="rail-foot">
          <p className="rail-who"><strong>{user.name}</strong><span>{user.agencies[0]?.name ?? t(`role.${user.roles[0]!}` as 'role.vendor')}</span></p>
          <div className="rail-acts">
            <Toggle text="Aa" label={t('pref.large')} isSelected={large} onChange={setLarge} />
            <Button look="quiet" onPress={() => change(lang === 'vi' ? 'en' : 'vi')}>{lang === 'vi' ? 'English' : 'Tiếng Việt'}</Button>
            <Button look="quiet" isPending={signOut.isPending} onPress={() => signOut.mutate()}>{t('act.sign_out')}</Button>
          </div>
        </div>
      </header>
      <main id="main" className="content" tabIndex={-1}>{children}</main>
      <Sheet title={t('keys.title')} isOpen={keys} onClose={() => setKeys(false)}>
        <dl className="facts keys">
          {([['/', t('keys.search')], ['j  k', t('keys.rows')], ['Enter', t('keys.open')], ['Esc', t('keys.back')], ...(tax ? [['g h', t('nav.households')]] : []), ...(fees ? [['g f', t('nav.notices')], ['g n', t('nav.new_notice')]] : []), ...(recon ? [['g d', t('nav.recon')]] : []), ...(approves ? [['g r', t('nav.refunds')]] : []), ['?', t('keys.title')]] as [string, string][]).map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div>)}
        </dl>
      </Sheet>
    </div>
  );
}
