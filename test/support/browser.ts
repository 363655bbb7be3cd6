import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { TestLab } from './lab.ts';

/** The browser of the distribution, without anything that talks to the outside on its own. */
const EXECUTABLE = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const ACCOUNT = { user: 'operator', password: 'a password for tests' } as const;
/** A desk, a phone and a wall. */
export const SIZES = {
  desk: { width: 1280, height: 860 },
  phone: { width: 360, height: 740 },
  wall: { width: 2560, height: 1300 },
} as const;
export type Scheme = 'light' | 'dark';

/** What a browser says while an API is away or refuses; it is about the network and not about the page. */
const ABOUT_THE_NETWORK = /Failed to load resource|net::ERR_/;

/** One browser for all tests of a file. Every page of it is watched for complaints. */
export class TestBrowser {
  readonly complaints: string[] = [];
  #browser: Browser | null = null;

  async start(): Promise<void> {
    this.#browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
  }

  /** Pages that are left open go on asking their controllers. */
  async closeProfiles(): Promise<void> {
    await Promise.all((this.#browser?.contexts() ?? []).map((context) => context.close()));
  }

  /** What every open page shows, in words, for whoever has to understand a failure. */
  async printPages(): Promise<void> {
    for (const page of this.#browser?.contexts().flatMap((context) => context.pages()) ?? []) {
      const shown = await page.locator('body').ariaSnapshot({ timeout: 2000 }).catch(String);
      process.stderr.write(`\n--- ${page.url()}\n${shown}\n`);
    }
  }

  /** A new profile: no cookie, nothing stored. */
  async profile(origin: string, scheme: Scheme = 'light'): Promise<BrowserContext> {
    const context = await this.#browser!.newContext({
      baseURL: origin,
      ignoreHTTPSErrors: true,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      viewport: SIZES.desk,
      locale: 'en-GB',
    });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(reportViolations);
    context.on('page', (page) => this.#watch(page));
    return context;
  }

  #watch(page: Page): void {
    page.on('console', (message) => {
      const isTrouble = message.type() === 'error' || message.type() === 'warning';
      if (isTrouble && !ABOUT_THE_NETWORK.test(message.text())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }
}

/** Runs in the page: refusals of the content security policy become console errors that name what was refused. */
function reportViolations(): void {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
    console.error(`policy violation: ${violatedDirective} ${blockedURI} ${sample}`),
  );
}

export function testBrowser(): TestBrowser {
  const browser = new TestBrowser();
  beforeAll(() => browser.start());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await browser.printPages();
    await browser.closeProfiles();
  });
  afterAll(() => browser.stop());
  return browser;
}

/** A page of a controller's console with a logged-in operator, whose account is made on the first visit. */
export async function openConsole(
  browser: TestBrowser,
  lab: TestLab,
  id: number,
  scheme: Scheme = 'light',
): Promise<Page> {
  const context = await browser.profile(lab.plan(id).url, scheme);
  const { setup_code: code } = await lab.local(id).get<{ setup_code: string | null }>('/local/credentials');
  const { user: username, password } = ACCOUNT;
  const page = await context.newPage();
  // From within the page, so that the cookie and the rules for it are those of a browser.
  await page.goto('/favicon.svg');
  const status = await page.evaluate(
    async ([path, body]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(path!, { method: 'POST', headers, body: body! })).status;
    },
    code === null
      ? ['/api/session', JSON.stringify({ username, password })]
      : ['/api/setup', JSON.stringify({ code, username, password })],
  );
  expect(status).toBe(200);
  await page.evaluate(() => sessionStorage.setItem('meshwright.guide-offered', 'yes'));
  return page;
}

/** Findings of axe that a user of assistive technology would stumble over. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Through the debugger and not as a script element: the policy of the page stays what it is.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: here } = globalThis as unknown as { axe: typeof axe };
    return (await here.run(document, { resultTypes: ['violations'] })).violations.map(
      ({ id, impact, nodes }) => ({ id, impact, where: nodes.map(({ target }) => target.join(' ')) }),
    );
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, where }) => `${impact} ${id}: ${where.slice(0, 3).join(', ')}`);
}

/** Where pictures are written to; without it none are made. */
const PICTURES = process.env.MESHWRIGHT_PICTURES;

export async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** The page in light or dark colours, once everything has them. */
export async function inColours(page: Page, colorScheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await untilStill(page);
}

/** Nothing moves or changes colour any more, and sizes have settled. */
export async function untilStill(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}

/** What sticks out of the window to the side, which makes a page scroll sideways. */
export function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`);
  });
}
