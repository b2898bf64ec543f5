// Runs the tests, each in a browser context of its own, and tells the result as text and JUnit XML.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Browsers } from './support/browser.mjs';
import { startService } from './support/service.mjs';
import { startMock } from './mock/server.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const results = path.join(here, 'results');
const xml = (text) => String(text).replace(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[sign]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');

const args = process.argv.slice(2);
const onlyAt = args.indexOf('--only');
const only = onlyAt >= 0 ? args.splice(onlyAt, 2)[1] : '';
const parts = args.length ? args : ['components', 'stories'];

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const browsers = await Browsers.start(results);
const outcomes = [];

const titleOf = (part, file, name) => `${part}/${path.basename(file, '.mjs')}: ${name}`;

async function run(part, file, name, act, world) {
  const title = titleOf(part, file, name);
  const started = Date.now();
  const tools = browsers.forTest(title);
  let fault = null;
  try {
    let timer;
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took longer than 90 s')), 90_000); });
    await Promise.race([act({ ...world, open: tools.open }), late]).finally(() => clearTimeout(timer));
    tools.mustBeQuiet();
  } catch (error) {
    fault = error;
    await tools.picture();
  }
  await tools.close();
  const seconds = (Date.now() - started) / 1000;
  outcomes.push({ title, fault, seconds });
  console.log(`${fault ? 'FAIL' : 'ok  '} ${title} (${seconds.toFixed(1)} s)${fault ? `\n     ${String(fault.stack ?? fault).split('\n').slice(0, 6).join('\n     ')}` : ''}`);
}

for (const part of parts) {
  const files = readdirSync(path.join(here, part)).filter((file) => file.endsWith('.mjs')).sort();
  let service = null;
  if (part === 'stories') {
    try {
      service = await startService();
    } catch (error) {
      outcomes.push({ title: 'stories: the service starts', fault: error, seconds: 0 });
      console.log(`FAIL stories: the service starts\n     ${error.message}`);
      continue;
    }
  }
  const jobs = [];
  for (const file of files) {
    const module = await import(path.join(here, part, file));
    for (const [name, act] of Object.entries(module.tests)) {
      if (only && !titleOf(part, file, name).includes(only)) continue;
      jobs.push(async () => {
        if (part === 'stories') return run(part, file, name, act, service);
        const mock = await startMock();
        const control = async (what, body = {}) => {
          const answer = await fetch(`${mock.url}/mock/${what}`, { method: 'POST', body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(`mock refuses ${what}`);
        };
        await run(part, file, name, act, { url: mock.url, world: mock.world, control });
        mock.stop();
      });
    }
  }
  // Each component test has a stand-in of its own; the stories measure how soon a page hears, so they run alone.
  const lane = async () => { for (let job = jobs.shift(); job; job = jobs.shift()) await job(); };
  await Promise.all(Array.from({ length: part === 'stories' ? 1 : 2 }, lane));
  await service?.stop();
}
await browsers.stop();

const failed = outcomes.filter((one) => one.fault).length;
const cases = outcomes.map((one) => `<testcase classname="e2e" name="${xml(one.title)}" time="${one.seconds}">${one.fault ? `<failure message="${xml(one.fault.message)}">${xml(one.fault.stack)}</failure>` : ''}</testcase>`);
writeFileSync(path.join(process.env.CHO40_TEST_RESULTS ?? results, 'e2e.xml'), `<testsuites><testsuite name="e2e" tests="${outcomes.length}" failures="${failed}">${cases.join('\n')}</testsuite></testsuites>\n`);
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
