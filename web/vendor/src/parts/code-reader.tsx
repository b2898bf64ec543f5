import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import { Button } from '@cho40/shared/components/controls';
import { Notice } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { useT } from '@cho40/shared/messages';
import { canReadCodes, codesIn } from '../barcode';

type Trouble = 'sign.no_camera' | 'sign.nothing_seen';

// Camera and photo where the phone can read codes; where it cannot, that is said.
export function CodeReader({ onRead }: { onRead: (codes: string[]) => void }) {
  const t = useT();
  const [able, setAble] = useState<boolean | null>(null);
  const [looking, setLooking] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => { void canReadCodes().then(setAble); }, []);
  if (able === null) return null;
  if (!able) return <Notice tone="still" icon="question" title={t('sign.cannot_read')}>{t('sign.cannot_read_text')}</Notice>;

  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    const codes = await createImageBitmap(file).then(codesIn).catch(() => []);
    setTrouble(codes.length ? null : 'sign.nothing_seen');
    if (codes.length) onRead(codes);
  };
  return (
    <div className="sign-read">
      {looking
        ? <Camera onRead={(codes) => { setLooking(false); onRead(codes); }} onTrouble={() => { setLooking(false); setTrouble('sign.no_camera'); }} onClose={() => setLooking(false)} />
        : <Button look="primary" wide icon="scan" onPress={() => { setTrouble(null); setLooking(true); }}>{t('sign.scan')}</Button>}
      <label className="button button-plain button-wide sign-photo"><Icon name="document" size={22} /><span>{t('sign.photo')}</span><input type="file" accept="image/*" onChange={(event) => void take(event)} /></label>
      <div role="status">{trouble ? <Notice tone="ask" icon="question" title={t(trouble)}>{t(`${trouble}_text`)}</Notice> : null}</div>
    </div>
  );
}

function Camera({ onRead, onTrouble, onClose }: { onRead: (codes: string[]) => void; onTrouble: () => void; onClose: () => void }) {
  const t = useT();
  const video = useRef<HTMLVideoElement>(null);
  const heard = useRef({ onRead, onTrouble });
  heard.current = { onRead, onTrouble };
  useEffect(() => {
    const between = 250;
    let stream: MediaStream | undefined;
    let timer = 0;
    let gone = false;
    const look = async () => {
      const codes = video.current ? await codesIn(video.current).catch(() => []) : [];
      if (gone) return;
      if (codes.length) heard.current.onRead(codes);
      else timer = window.setTimeout(() => void look(), between);
    };
    const begin = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (gone || !video.current) { stream.getTracks().forEach((track) => track.stop()); return; }
      video.current.srcObject = stream;
      await video.current.play();
      await look();
    };
    begin().catch(() => { if (!gone) heard.current.onTrouble(); });
    return () => { gone = true; clearTimeout(timer); stream?.getTracks().forEach((track) => track.stop()); };
  }, []);
  return (
    <div className="sign-camera">
      <video ref={video} muted playsInline aria-label={t('sign.camera')} />
      <Button wide onPress={onClose}>{t('act.close')}</Button>
    </div>
  );
}
