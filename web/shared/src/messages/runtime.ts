// What compiled messages call. Numbers are always written the Vietnamese way, as the money beside them is.
const digits = new Intl.NumberFormat('vi-VN');

export const number = (value: number): string => digits.format(value);

export function select(value: string, options: Record<string, () => string>): string {
  return (options[value] ?? options['other'])!();
}

export function plural(lang: string, value: number, options: Record<string, () => string>): string {
  const exact = options[`=${value}`];
  return (exact ?? options[new Intl.PluralRules(lang).select(value)] ?? options['other'])!();
}
