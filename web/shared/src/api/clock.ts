// The phone's clock may be wrong; countdowns follow the server's. Learned from the Date header of any answer.
let offset = 0;

export function learn(header: string | null): void {
  if (!header) return;
  const server = Date.parse(header);
  if (Number.isFinite(server)) {
    const difference = server - Date.now();
    offset = Math.abs(difference) < 2000 ? 0 : difference;
  }
}

export const serverNow = (): Date => new Date(Date.now() + offset);
