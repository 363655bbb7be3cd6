import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { initPid } from '../../../src/lab/machine.ts';
import { killAll, partOf } from '../../../src/lab/processes.ts';
import {
  accessibilityFaults,
  inColours,
  openConsole,
  picture,
  type TestBrowser,
} from '../../support/browser.ts';
import type { TestLab } from '../../support/lab.ts';
import { until } from '../../support/until.ts';

/** What is on the screen is the present, or says that it is not. */
export function live(lab: TestLab, browser: TestBrowser): void {
  describe('the map while a link fails', () => {
    it('shows a cut and its end as they happen, at both ends and to a bystander', async () => {
      const near = await openMap(browser, lab, 1);
      const bystander = await openMap(browser, lab, 3);
      for (const page of [near, bystander]) await untilEdge(page, 'up');

      const cutAt = Date.now();
      await lab.cut(1, 2);
      const down = await Promise.all([near, bystander].map((page) => untilEdge(page, 'down')));
      const wentDown = await birdSaid(lab, 1, /Session to \S+ changed state from Up to Down/, cutAt);
      await near.getByText('down, over 3').waitFor();
      await near.getByText('The link to controller 2 is down; traffic takes another path.').waitFor();
      await bystander.getByText('The link between controllers 1 and 2 is down.').waitFor();

      for (const scheme of ['dark', 'light'] as const) {
        await inColours(near, scheme);
        expect(await accessibilityFaults(near)).toEqual([]);
        await picture(near, `map-cut-${scheme}`);
      }

      const healedAt = Date.now();
      await lab.heal();
      const up = await Promise.all([near, bystander].map((page) => untilEdge(page, 'up')));
      const cameUp = await birdSaid(lab, 1, /far_end2\.ipv4 > added/, healedAt);
      const figures = {
        'down, own link': down[0]! - wentDown,
        'down, link of others': down[1]! - wentDown,
        'up, own link': up[0]! - cameUp,
        'up, link of others': up[1]! - cameUp,
      };
      console.log('data plane to screen, ms:', JSON.stringify(figures));
      for (const [name, ms] of Object.entries(figures)) expect(ms, name).toBeLessThan(4000);
      await lab.untilAllUp(60);
    });

    it('keeps it in the history of the link, with the events beside the curves', async () => {
      const page = await openConsole(browser, lab, 1);
      await page.goto('/map');
      await page.getByRole('figure').getByRole('link', { name: /2 ·/ }).click();
      await page.waitForURL('**/peers/2');
      await page.locator('main').getByRole('link', { name: 'Link history' }).click();
      await page.getByText('Link to controller 2 went down').first().waitFor();
      const plots = page.getByRole('img', { name: /over time/ });
      await until('three curves are drawn', async () => (await plots.locator('canvas').count()) === 3, {
        within: 10,
      });
      const band = page.getByRole('img', { name: /partly up from|down from/ });
      await band.waitFor();
      await until('the curve has ink', () => plots.first().locator('canvas').evaluate(hasInk), {
        within: 15,
      });
      for (const range of ['6 hours', '30 days', '1 hour']) {
        await page.getByText(range, { exact: true }).click();
        await plots.first().waitFor();
      }
    });
  });

  describe('a page that loses its controller', () => {
    it('says so at once when the process is killed, and goes on by itself', async () => {
      const page = await openConsole(browser, lab, 2);
      await page.goto('/');
      await page.getByText('All 2 links are up.').waitFor();
      await page.evaluate(watchForStaleGreen);
      expect(lab.kill(2, 'controller')).toBe(1);
      await page.getByText('This page has lost its controller.').waitFor();
      await page.getByText('Last known: All 2 links are up.').waitFor();
      await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
      await page
        .getByText('All 2 links are up.')
        .and(page.locator(':not(:has-text("Last known"))'))
        .waitFor();
      expect(await page.evaluate(staleGreen)).toBe('');
    });

    it('notices one that hangs, although the connection stands', async () => {
      const page = await openConsole(browser, lab, 2);
      await page.goto('/');
      await page.getByText('Live', { exact: true }).waitFor();
      await page.evaluate(watchForStaleGreen);
      const victims = partOf(lab.processes(2), 'controller');
      killAll(victims, 'SIGSTOP');
      try {
        await page.getByText('This page has lost its controller.').waitFor({ timeout: 20_000 });
        await page.getByText('was up').first().waitFor();
      } finally {
        killAll(victims, 'SIGCONT');
      }
      await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
      expect(await page.evaluate(staleGreen)).toBe('');
      await lab.untilAllUp(60);
    });
  });
}

async function openMap(browser: TestBrowser, lab: TestLab, id: number): Promise<Page> {
  const page = await openConsole(browser, lab, id);
  await page.goto('/map');
  await page.locator('.react-flow__edge[data-id="1-2"]').waitFor({ state: 'attached' });
  return page;
}

/** The page's own clock at the moment when the line between 1 and 2 looks so. */
function untilEdge(page: Page, state: string): Promise<number> {
  return page
    .waitForFunction(
      (wanted) =>
        document.querySelector('[data-id="1-2"] [data-state]')?.getAttribute('data-state') === wanted &&
        Date.now(),
      state,
      { timeout: 60_000 },
    )
    .then((handle) => handle.jsonValue() as Promise<number>);
}

/** When BIRD wrote a line after a moment, in Unix milliseconds: the data plane's own word. */
function birdSaid(lab: TestLab, id: number, line: RegExp, after: number): Promise<number> {
  const path = `/proc/${initPid(lab.plan(id))}/root/run/meshwright-applier/bird/run/bird.log`;
  return until(
    `BIRD of controller ${id} writes ${line}`,
    () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((text) => line.test(text))
        .map((text) => Date.parse(text.slice(0, 23)))
        .find((at) => at >= after),
    { within: 10 },
  );
}

/** Runs in the page: notes every moment at which something looks healthy below the banner. Dated events are past anyway. */
function watchForStaleGreen(): void {
  const seen: string[] = [];
  Object.assign(globalThis, { staleGreen: seen });
  new MutationObserver(() => {
    const isLost = document.body.textContent?.includes('This page has lost its controller');
    const green = document.querySelector('#main [data-state="up"]:not(li:has(time) *)');
    if (isLost && green) seen.push(green.outerHTML.slice(0, 120));
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}

const staleGreen = () => (globalThis as unknown as { staleGreen: string[] }).staleGreen.join('\n');

/** Runs in the page: whether anything is painted on a canvas. */
function hasInk(canvas: SVGElement | HTMLElement): boolean {
  const { width, height } = canvas as HTMLCanvasElement;
  const pixels = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height).data;
  return pixels.some((value) => value !== 0);
}
