import type { Page } from 'playwright-core';
import { Lab } from '../src/lab/lab.ts';
import { killAll, partOf } from '../src/lab/processes.ts';
import { openConsole, TestBrowser } from '../test/support/browser.ts';
import { TestLab } from '../test/support/lab.ts';
import { argumentsOf, benchCommand, whole } from './command.ts';
import { allUp, median, report, sleep, status, until } from './support.ts';

/**
 * The console with a full house: ten controllers and a thousand host routes, which is what a thousand clients are to
 * a status. First view from nothing (no cache, logged in), then what a click costs until the next paint.
 */
const [SIZE, HOSTS] = argumentsOf<[number, number]>(
  benchCommand('console', 'the first view of the console, and what a click costs')
    .argument('[controllers]', 'number of controllers', whole, 10)
    .argument('[routes]', 'number of host routes', whole, 1000),
);
const RUNS = 5;
const PAGES = ['Topology Map', 'Routes', 'Link History', 'Controller Peering', 'Licence', 'Runtime Status'];

await Lab.up({ size: SIZE });
const lab = new TestLab();
const browser = new TestBrowser();
try {
  await until('all links up', allUp(lab), 120_000);
  await announceHosts();
  putOthersToSleep();
  await browser.start();
  const page = await openConsole(browser, lab, 1);
  await firstViews(page);
  await clicks(page);
  await figures();
} finally {
  await browser.stop();
  await Lab.down();
}

/** Host routes of the other controllers, in batches that share an apply. */
async function announceHosts(): Promise<void> {
  const hosts = Array.from({ length: HOSTS }, (_, index) => ({
    on: 2 + (index % (SIZE - 1)),
    cidr: `10.88.${index >> 8}.${index & 255}/32`,
  }));
  for (let from = 0; from < hosts.length; from += 50) {
    const batch = hosts.slice(from, from + 50);
    await Promise.all(
      batch.map(({ on, cidr }) =>
        lab.api(on).post('/routes', { cidr, advertise: true }, { timeoutMs: 60_000 }),
      ),
    );
  }
  const learned = async () =>
    (await status(lab, 1)).routes.filter(({ cidr, best }) => best && cidr.startsWith('10.88.')).length;
  await until('all host routes are known', async () => (await learned()) === HOSTS, 120_000);
  await sleep(5000);
}

/** The other controllers have machines of their own in life; here only their engines go on, which is what keeps links up. */
function putOthersToSleep(): void {
  for (const { id } of lab.plans) {
    if (id === 1) continue;
    for (const part of ['controller', 'applier'] as const)
      killAll(partOf(lab.processes(id), part), 'SIGSTOP');
  }
}

async function firstViews(page: Page): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  for (let run = 0; run < RUNS; run++) {
    await session.send('Network.clearBrowserCache');
    await page.goto('about:blank');
    const from = Date.now();
    await page.goto('/', { waitUntil: 'commit' });
    const paintedAt = await page.waitForFunction(
      (peers) => document.querySelectorAll('tbody tr').length >= peers && Date.now(),
      SIZE - 1,
    );
    times.push(Number(await paintedAt.jsonValue()) - from);
    bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => !name.includes('/api/'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
  }
  report(
    'first view of Runtime Status, nothing cached',
    `median ${median(times)} ms, worst ${Math.max(...times)} ms`,
    '< 1 s',
    median(times) < 1000,
  );
  report('first load, compressed', `${Math.round(bytes / 1000)} kB`, '< 350 kB', bytes < 350_000);
}

/** From a click in the menu to the frame that shows the page, in the page's own clock; pages are fetched before. */
async function clicks(page: Page): Promise<void> {
  for (const title of PAGES) await open(page, title);
  const times = new Map(PAGES.map((title): [string, number[]] => [title, []]));
  for (let run = 0; run < RUNS; run++) {
    for (const [title, took] of times) took.push(await open(page, title));
  }
  const all = [...times.values()].flat();
  for (const [title, took] of times) {
    console.log(
      `  ${title}: median ${Math.round(median(took))} ms, worst ${Math.round(Math.max(...took))} ms`,
    );
  }
  report(
    'a click in the menu until the page is painted',
    `median ${Math.round(median(all))} ms, worst ${Math.round(Math.max(...all))} ms (${all.length} clicks)`,
    'median < 100 ms',
    median(all) < 100,
  );
}

async function open(page: Page, title: string): Promise<number> {
  const took = await page.evaluate(async (wanted) => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('aside nav a')];
    const from = performance.now();
    links.find((link) => link.textContent === wanted)!.click();
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    do await frame();
    while (document.querySelector('h1')?.textContent !== wanted);
    await frame();
    return performance.now() - from;
  }, title);
  // What a page asks for when it opens is not part of the next click.
  await sleep(400);
  return took;
}

async function figures(): Promise<void> {
  const all = await status(lab, 1);
  const { routes, ...summary } = all;
  console.log(
    `  ${routes.length} routes; status with them ${Math.round(JSON.stringify(all).length / 1000)} kB,`,
  );
  console.log(`  what the stream tells ${Math.round(JSON.stringify(summary).length / 1000)} kB`);
}
