// A router of one screen: the address is the state, links are links, and going back works.
import { createContext, useCallback, useContext, useEffect, useMemo, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type ReactNode } from 'react';

const subscribe = (listener: () => void) => {
  window.addEventListener('popstate', listener);
  window.addEventListener('cho40:moved', listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener('cho40:moved', listener);
  };
};

interface Router { base: string; path: string; query: URLSearchParams; go: (to: string, options?: { replace?: boolean }) => void }
const Context = createContext<Router | null>(null);

// `base` has no slash at its end; paths inside the app start with one.
export function Router({ base, children }: { base: string; children: ReactNode }) {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const go = useCallback((to: string, options?: { replace?: boolean }) => {
    const target = to.startsWith(base) ? to : base + to;
    if (options?.replace) history.replaceState(null, '', target);
    else history.pushState(null, '', target);
    window.dispatchEvent(new Event('cho40:moved'));
    window.scrollTo(0, 0);
  }, [base]);
  const value = useMemo<Router>(() => {
    const url = new URL(address, location.origin);
    const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) : url.pathname;
    return { base, go, path: path.replace(/\/+$/, '') || '/', query: url.searchParams };
  }, [address, base, go]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

// A real link: it can be opened in another tab and copied. Only a plain press stays inside the page.
export function Link({ href, onClick, ...rest }: { href: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const { base, go } = useRouter();
  const inside = href.startsWith('/') && !href.startsWith('//');
  const press = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (!inside || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(href);
  };
  return <a {...rest} href={inside ? base + href : href} onClick={press} />;
}

export function useRouter(): Router {
  const router = useContext(Context);
  if (!router) throw new Error('Router is missing');
  return router;
}

// '/payments/:id' against '/payments/pay_1' → {id: 'pay_1'}; null when it does not fit.
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const given = have[index]!;
    if (part.startsWith(':')) found[part.slice(1)] = decodeURIComponent(given);
    else if (part !== given) return null;
  }
  return found;
}

// The tab's title, and where the reader of a screen reader lands after a move.
export function useTitle(title: string): void {
  const { path } = useRouter();
  useEffect(() => { document.title = `${title} · Chợ 4.0`; }, [title]);
  useEffect(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}
