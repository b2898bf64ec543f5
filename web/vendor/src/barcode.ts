// Reading codes with what the browser brings (the Shape Detection API). Android's Chrome has it, iPhones and most desks do
// not; then people paste.
interface Detected { rawValue: string }
interface Detector { detect(source: ImageBitmapSource): Promise<Detected[]> }
interface DetectorClass { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }

const detectorClass = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

// Some browsers have the class and read nothing with it.
export async function canReadCodes(): Promise<boolean> {
  try {
    return (await detectorClass()?.getSupportedFormats())?.includes('qr_code') ?? false;
  } catch {
    return false;
  }
}

// All different codes in a picture: a sign may carry two.
export async function codesIn(source: ImageBitmapSource): Promise<string[]> {
  const Reader = detectorClass();
  if (!Reader) return [];
  const found = await new Reader({ formats: ['qr_code'] }).detect(source);
  return [...new Set(found.map((one) => one.rawValue).filter(Boolean))];
}
