import { useEffect, useState } from 'react';
import { Button, ButtonLink, IconButton, Toggle } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { Icon } from '@cho40/shared/components/icons';
import { useSignOut } from '@cho40/shared/api/session';
import { useLanguage } from '@cho40/shared/messages';
import { usePreference } from '@cho40/shared/preferences';
import { useRouter } from '@cho40/shared/router';
import { chime, soundReady, unlockSound } from '@cho40/shared/sound';
import { clock } from '@cho40/shared/format';
import { useCounter } from '../stall';

// On the home page the stall's name; elsewhere the page's name and the way back. The two switches are always there.
export function TopBar({ title, back, keptAt }: { title?: string; back?: string; keptAt?: string | undefined }) {
  const { t } = useLanguage();
  const { stall, live } = useCounter();
  const { go } = useRouter();
  const [sun, setSun] = usePreference('sun');
  const [large, setLarge] = usePreference('large');
  const [open, setOpen] = useState(false);
  const name = t('vendor.stall', { number: stall.number, name: stall.name });
  return (
    <>
      <header className="top">
        {back !== undefined ? <IconButton icon="back" label={t('act.back')} onPress={() => go(back)} /> : null}
        <h1 className="top-name">{title ?? name}</h1>
        <Toggle icon="sun" label={t('pref.sun')} isSelected={sun} onChange={setSun} />
        <Toggle text="Aa" label={t('pref.large')} isSelected={large} onChange={setLarge} />
        <IconButton icon="menu" label={t('menu.title')} onPress={() => setOpen(true)} />
      </header>
      {keptAt ? <p className="strip strip-offline" role="status"><Icon name="offline" size={20} /> {t('offline.kept', { time: clock(keptAt) })}</p> : null}
      {!keptAt && live === 'lost' ? <p className="strip strip-quiet" role="status"><Icon name="refresh" size={20} /> {t('live.lost')}</p> : null}
      <Menu isOpen={open} onClose={() => setOpen(false)} />
    </>
  );
}

// The loudspeaker sleeps until the first touch; that it sleeps is said loudly.
export function SoundStrip() {
  const { t } = useLanguage();
  const [ready, setReady] = useState(soundReady);
  const [quiet] = usePreference('quiet');
  useEffect(() => {
    const look = () => setReady(soundReady());
    window.addEventListener('cho40:sound', look);
    return () => window.removeEventListener('cho40:sound', look);
  }, []);
  if (quiet) return <p className="strip strip-quiet"><Icon name="mute" size={20} /> {t('sound.quiet')}</p>;
  if (ready) return null;
  return (
    <button type="button" className="strip strip-sound" onClick={() => { unlockSound(); setTimeout(() => chime('plain'), 80); }}>
      <Icon name="mute" size={20} /> <strong>{t('sound.off')}</strong> {t('sound.off_text')}
    </button>
  );
}

function Menu({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t, lang, change } = useLanguage();
  const { stall, stalls, choose } = useCounter();
  const [quiet, setQuiet] = usePreference('quiet');
  const signOut = useSignOut();
  return (
    <Sheet title={t('menu.title')} isOpen={isOpen} onClose={onClose}>
      <nav className="menu" aria-label={t('menu.title')}>
        <ButtonLink icon="cash" href="/" onClick={onClose}>{t('menu.sell')}</ButtonLink>
        <ButtonLink icon="book" href="/day-book" onClick={onClose}>{t('menu.day_book')}</ButtonLink>
        <ButtonLink icon="scan" href="/sign" onClick={onClose}>{t('menu.sign')}</ButtonLink>
      </nav>
      {stalls.length > 1 ? (
        <fieldset className="menu-stalls">
          <legend>{t('menu.stalls')}</legend>
          {stalls.map((one) => (
            <label key={one.id}><input type="radio" name="stall" checked={one.id === stall.id} onChange={() => choose(one.id)} /> {t('vendor.stall', { number: one.number, name: one.name })} <small>{one.market_name}</small></label>
          ))}
        </fieldset>
      ) : null}
      <div className="menu">
        <Button icon="speaker" onPress={() => { unlockSound(); setTimeout(() => chime('enough'), 60); }}>{t('menu.test_sound')}</Button>
        <Button icon={quiet ? 'speaker' : 'mute'} onPress={() => setQuiet(!quiet)}>{quiet ? t('menu.sound_on') : t('menu.sound_off')}</Button>
        <Button icon="document" onPress={() => change(lang === 'vi' ? 'en' : 'vi')}>{lang === 'vi' ? 'English' : 'Tiếng Việt'}</Button>
        <Button icon="leave" isPending={signOut.isPending} onPress={() => signOut.mutate()}>{t('act.sign_out')}</Button>
      </div>
    </Sheet>
  );
}
