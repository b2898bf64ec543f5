// Three chimes that cannot be mistaken for one another, made on the spot: no file to load, none to be blocked.
import { isQuiet } from './preferences';

export type Chime = 'enough' | 'warning' | 'plain';
let context: AudioContext | null = null;

// Browsers stay silent until a touch; any touch on the page wakes the loudspeaker.
export function unlockSound(): void {
  if (!context) {
    context = new AudioContext();
    context.onstatechange = () => window.dispatchEvent(new Event('cho40:sound'));
  }
  if (context.state === 'suspended') void context.resume();
}

export const soundReady = (): boolean => context?.state === 'running';

const melodies: Record<Chime, { tones: [hz: number, at: number, long: number][]; wave: OscillatorType }> = {
  enough: { tones: [[659, 0, 0.14], [988, 0.13, 0.34]], wave: 'sine' },
  warning: { tones: [[330, 0, 0.18], [247, 0.2, 0.18], [330, 0.4, 0.18], [247, 0.6, 0.3]], wave: 'square' },
  plain: { tones: [[784, 0, 0.22]], wave: 'triangle' },
};

export function chime(name: Chime): void {
  if (!context || context.state !== 'running' || isQuiet()) return;
  const { tones, wave } = melodies[name];
  for (const [hz, at, long] of tones) {
    const start = context.currentTime + at;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.type = wave;
    oscillator.frequency.value = hz;
    gain.gain.setValueAtTime(0.0001, start);
    gain.gain.exponentialRampToValueAtTime(wave === 'square' ? 0.12 : 0.3, start + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + long);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(start);
    oscillator.stop(start + long + 0.02);
  }
}

// Money under 1,000 đ is the trick of sending 200 đ for 200.000 đ: always the warning.
export function chimeFor(type: string, amount: number): Chime | null {
  if (type === 'payment.created' || type === 'payment.cancelled' || type === 'payment.expired') return null;
  if (amount < 1000 || type === 'payment.underpaid') return 'warning';
  return type === 'payment.paid' ? 'enough' : 'plain';
}
