// Reading codes with what the browser brings (the Shape Detection API, on Android's Chrome), and where it brings nothing
// (iPhones, most desks) with a reader that is fetched when it is first needed.
interface Detected { rawValue: string }
interface Detector { detect(source: ImageBitmapSource): Promise<Detected[]> }
interface DetectorClass { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }

// All different codes in a picture: a sign may carry two.
export type CodeFinder = (source: ImageBitmap | HTMLVideoElement) => Promise<string[]>;

const detectorClass = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

// Some browsers have the class and read nothing with it.
async function builtIn(): Promise<CodeFinder | null> {
  const Reader = detectorClass();
  const formats = await Reader?.getSupportedFormats().catch((): string[] => []);
  if (!Reader || !formats?.includes('qr_code')) return null;
  const detector = new Reader({ formats: ['qr_code'] });
  return async (source) => (await detector.detect(source)).map((one) => one.rawValue);
}

let ready: Promise<CodeFinder> | undefined;

// Fails when the reader cannot be fetched; the next call tries again.
export function codeFinder(): Promise<CodeFinder> {
  ready ??= builtIn()
    .then(async (own) => own ?? (await import('./barcode-reader')).reader())
    .then((find): CodeFinder => async (source) => [...new Set((await find(source)).filter(Boolean))]);
  ready.catch(() => { ready = undefined; });
  return ready;
}
