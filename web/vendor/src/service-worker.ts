// Under `require-trusted-types-for 'script'` the address of a worker must come out of a policy; ours knows one address.
interface Policy { createScriptURL: (url: string) => string }
interface TrustedTypes { createPolicy: (name: string, rules: Policy) => Policy }

export function startServiceWorker(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  const only = '/vendor/sw.js';
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('cho40-worker', {
    createScriptURL: (url) => {
      if (url !== only) throw new TypeError('not our worker');
      return url;
    },
  });
  window.addEventListener('load', () => {
    navigator.serviceWorker.register(policy ? policy.createScriptURL(only) : only, { scope: '/vendor/' }).catch(() => undefined);
  });
}
