import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import { Button } from '@cho40/shared/components/controls';
import { Notice } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { useT } from '@cho40/shared/messages';
import { codeFinder, type CodeFinder } from '../barcode';

type Trouble = 'sign.no_camera' | 'sign.nothing_seen' | 'sign.no_reader';

// Codes before a camera or in a photo. What reads them may have to be fetched first, which is said.
export function CodeReader({ onRead }: { onRead: (codes: string[]) => void }) {
  const t = useT();
  const [find, setFind] = useState<CodeFinder | null>(null);
  const [fetching, setFetching] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const prepare = async (): Promise<CodeFinder | null> => {
    setTrouble(null);
    const late = window.setTimeout(() => setFetching(true), 200);
    try {
      return await codeFinder();
    } catch {
      setTrouble('sign.no_reader');
      return null;
    } finally {
      clearTimeout(late);
      setFetching(false);
    }
  };
  const scan = async () => {
    const finder = await prepare();
    setFind(() => finder);
  };
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    const finder = await prepare();
    if (!finder) return;
    const codes = await createImageBitmap(file).then(finder).catch(() => []);
    setTrouble(codes.length ? null : 'sign.nothing_seen');
    if (codes.length) onRead(codes);
  };
  return (
    <div className="sign-read">
      {find
        ? <Camera find={find} onRead={(codes) => { setFind(null); onRead(codes); }} onTrouble={() => { setFind(null); setTrouble('sign.no_camera'); }} onClose={() => setFind(null)} />
        : <Button look="primary" wide icon="scan" isPending={fetching} onPress={() => void scan()}>{t('sign.scan')}</Button>}
      <label className="button button-plain button-wide sign-photo"><Icon name="document" size={22} /><span>{t('sign.photo')}</span><input type="file" accept="image/*" onChange={(event) => void take(event)} /></label>
      <div role="status">
        {fetching ? <p className="sign-small">{t('sign.loading_reader')}</p> : null}
        {trouble ? <Notice tone="ask" icon="question" title={t(trouble)}>{t(`${trouble}_text`)}</Notice> : null}
      </div>
    </div>
  );
}

function Camera({ find, onRead, onTrouble, onClose }: { find: CodeFinder; onRead: (codes: string[]) => void; onTrouble: () => void; onClose: () => void }) {
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
      const codes = video.current ? await find(video.current).catch(() => []) : [];
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
  }, [find]);
  return (
    <div className="sign-camera">
      <video ref={video} muted playsInline aria-label={t('sign.camera')} />
      <Button wide onPress={onClose}>{t('act.close')}</Button>
    </div>
  );
}
