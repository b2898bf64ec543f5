// The service that the stories walk through: a running one (CHO40_BASE_URL), or one started here from CHO40_BIN on a
// database of its own, with the sandbox beside it where that program exists.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { signIns } from './people.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

async function ready(url, what, process) {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (process && process.exitCode !== null) throw new Error(`${what} ended with ${process.exitCode}: ${process.told.slice(-1500)}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch { /* not yet */ }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`${what} does not answer at ${url}${process ? `: ${process.told.slice(-1500)}` : ''}`);
}

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
});

export async function startService() {
  const given = process.env.CHO40_BASE_URL;
  if (given) {
    const url = given.replace(/\/$/, '');
    await ready(`${url}/readyz`, 'the service');
    const people = signIns();
    if (!people?.operator) throw new Error('CHO40_SIGN_INS must name at least the operator');
    return { url, sandbox: process.env.CHO40_SANDBOX_URL?.replace(/\/$/, '') ?? null, operator: people.operator, people, stop: async () => undefined };
  }
  const bin = process.env.CHO40_BIN ?? path.join(root, 'build/release/bin');
  if (!existsSync(path.join(bin, 'cho40d'))) throw new Error(`no cho40d in ${bin}; set CHO40_BASE_URL or CHO40_BIN`);
  return startOwn(bin);
}

async function startOwn(bin) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cho40-e2e-'));
  execFileSync('chmod', ['755', folder]);
  let drop = () => undefined;
  const embedded = process.env.CHO40_TEST_DATABASE_URL ? null : path.join(root, 'deploy/embedded.sh');
  let servers = { CHO40_DATABASE_URL: process.env.CHO40_TEST_DATABASE_URL, CHO40_REDIS_URL: process.env.CHO40_TEST_REDIS_URL ?? '' };
  if (embedded) {
    const told = execFileSync(embedded, ['start', '--throwaway', '--var', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    servers = Object.fromEntries([...told.matchAll(/^(CHO40_\w+)='(.*)'$/gm)].map((found) => [found[1], found[2]]));
  } else {
    // A database of our own on the server that the test run gave us.
    const name = `e2e_${process.pid}`;
    const server = servers.CHO40_DATABASE_URL;
    const tell = (sql) => execFileSync('psql', [server, '-qc', sql], { stdio: ['ignore', 'ignore', 'pipe'] });
    tell(`create database ${name}`);
    drop = () => tell(`drop database ${name} with (force)`);
    servers.CHO40_DATABASE_URL = servers.CHO40_DATABASE_URL.includes('://') ? servers.CHO40_DATABASE_URL.replace(/\/[^/?]*(\?|$)/, `/${name}$1`) : `${servers.CHO40_DATABASE_URL} dbname=${name}`;
  }
  const port = await freePort();
  const sandboxPort = await freePort();
  const url = `http://localhost:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const key = path.join(folder, 'signer.key');
  const certificate = path.join(folder, 'signer.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-sha256', '-days', '2', '-subj', '/C=VN/O=Cho 4.0 e2e/CN=Nguoi nop thu', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const hasSandbox = existsSync(path.join(bin, 'cho40-sandbox'));
  const env = {
    ...process.env, ...servers, CHO40_INSTALLATION_KEY: '0123456789abcdef'.repeat(4), CHO40_SERVER_LISTEN: `127.0.0.1:${port}`, CHO40_SERVER_PUBLIC_URL: url, CHO40_SERVER_WEB_DIRECTORY: path.join(root, 'web/dist'),
    CHO40_ETAX_CERTIFICATE: certificate, CHO40_ETAX_SIGNING_KEY: key, CHO40_ETAX_POLL_SECONDS: '1', ...(hasSandbox ? { CHO40_ETAX_GATEWAY_URL: `${sandboxUrl}/etax`, CHO40_PORTAL_URL: `${sandboxUrl}/portal`, CHO40_PORTAL_SECRET: 'e2e-portal-secret-0123456789abcdef' } : {}),
  };
  const launch = (program, args) => {
    const child = spawn(path.join(bin, program), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.told = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { child.told = (child.told + chunk).slice(-20_000); });
    return child;
  };
  const service = launch('cho40d', []);
  const children = [service];
  await ready(`${url}/readyz`, 'cho40d', service);
  if (hasSandbox) {
    const sandbox = launch('cho40-sandbox', ['--listen', `127.0.0.1:${sandboxPort}`, '--service', url]);
    children.push(sandbox);
    await ready(`${sandboxUrl}/healthz`, 'cho40-sandbox', sandbox);
  }
  const operator = { login: 'vanhanh', password: 'mat-khau-van-hanh-e2e' };
  execFileSync(path.join(bin, 'cho40'), ['user', 'add', operator.login, '--name', 'Vận hành', '--role', 'operator'], { env, input: `${operator.password}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = async () => {
    for (const child of children.reverse()) {
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGTERM');
      await Promise.race([ended, new Promise((resolve) => { setTimeout(() => { child.kill('SIGKILL'); resolve(); }, 12_000); })]);
    }
    if (process.env.CHO40_E2E_KEEP_LOG) writeFileSync(process.env.CHO40_E2E_KEEP_LOG, service.told);
    drop();
    if (embedded) execFileSync(embedded, ['stop', '--var', folder], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, sandbox: hasSandbox ? sandboxUrl : null, operator, people: null, stop };
}
