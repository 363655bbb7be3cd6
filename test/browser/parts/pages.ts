import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  accessibilityFaults,
  inColours,
  openConsole,
  picture,
  SIZES,
  sticksOut,
  type TestBrowser,
  untilStill,
} from '../../support/browser.ts';
import type { TestLab } from '../../support/lab.ts';

/** Pages that no menu names. All others are found in the menu, so a new page is looked at without a line here. */
const UNLISTED = ['/peers/2', '/history?peer=2', '/no-such-page'];
/** Nobody wants pictures of these. */
const UNPICTURED = new Set(['/history?peer=2', '/no-such-page']);
/** And a picture of these on a phone. */
const POCKET = new Set(['/', '/map']);

export function pages(lab: TestLab, browser: TestBrowser): void {
  describe('every page', () => {
    it('can be used by everybody, in light and in dark, on a phone, a desk and a wall', async () => {
      const page = await openConsole(browser, lab, 1);
      const paths = await pathsOf(page);
      expect(paths.length).toBeGreaterThan(12);
      const faults: Record<string, string[]> = {};
      const note = (what: string, found: string[]) => {
        if (found.length > 0) faults[what] = found;
      };
      for (const path of paths) {
        await visit(page, path);
        for (const scheme of ['light', 'dark'] as const) {
          await inColours(page, scheme);
          note(`${path} ${scheme}`, await accessibilityFaults(page));
          if (!UNPICTURED.has(path)) await picture(page, `${nameOf(path)}-${scheme}`);
        }
        for (const size of ['phone', 'wall'] as const) {
          await page.setViewportSize(SIZES[size]);
          await untilStill(page);
          note(`${path} ${size}`, await sticksOut(page));
          if (size === 'phone' && POCKET.has(path)) await picture(page, `${nameOf(path)}-phone`);
        }
        await page.setViewportSize(SIZES.desk);
      }
      expect(faults).toEqual({});
    });
  });

  describe('the console without a mouse', () => {
    it('is read, walked through and used with keys alone', async () => {
      const page = await openConsole(browser, lab, 1);
      await page.goto('/');
      await page.getByText('All 2 links are up.').waitFor();
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');

      await page.goto('/');
      await page.getByText('All 2 links are up.').waitFor();
      await tabTo(page, 'Topology Map');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Topology Map' }).waitFor();
      await tabTo(page, '2 · 100.127.255.252');
      expect(await outlineOf(page)).toBe('solid');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/peers/2');

      await page.goto('/routes');
      await tabTo(page, 'Add a route');
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
      await page.keyboard.type('10.77.0.0/33');
      await page.keyboard.press('Enter');
      await dialog.locator('[aria-invalid="true"]').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Add a route');
    });
  });
}

/** All pages, from the menu, in its order. */
async function pathsOf(page: Page): Promise<string[]> {
  await page.goto('/');
  const links = page.getByRole('navigation', { name: 'Console' }).getByRole('link');
  await links.first().waitFor();
  const listed = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  return [...listed, ...UNLISTED];
}

/** Goes to a page as a link of the console does, and waits until it has its content. */
async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, '', to), path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-label="Loading"]') === null);
  await page.evaluate(() => document.fonts.ready);
}

const nameOf = (path: string) =>
  path === '/' ? 'runtime-status' : path.slice(1).replaceAll(/[^a-z0-9]+/g, '-');

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element?.matches('a, button, input') ? (element.textContent?.trim() ?? '') : '';
  });

const outlineOf = (page: Page) => page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);

/** Presses Tab until something with these words has the focus. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(words)) return;
  }
  throw new Error(`Tab does not lead to ${words}`);
}
