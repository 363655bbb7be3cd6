import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityFaults, inColours, picture, type TestBrowser } from '../../support/browser.ts';
import { type TestLab, TOKEN } from '../../support/lab.ts';
import { setUpAccount } from './entrance.ts';

/** A restart of the API takes five seconds; the page goes on by itself after it. */
const OVER_A_RESTART = { timeout: 30_000 };

/** From three machines as they come to a working mesh, as an operator does it: in the browser alone. */
export function guide(lab: TestLab, browser: TestBrowser): void {
  let joinCode = '';

  describe('the set-up guide', () => {
    it('begins a topology on the first controller', async () => {
      const page = await visit(lab, browser, 1);
      await page.getByRole('button', { name: /First controller of a new topology/ }).click();
      await page.getByRole('button', { name: 'Use the free licence' }).click();

      await page.getByRole('radio', { name: /Custom/ }).check();
      await page.getByLabel('Overlay subnet').fill('10.195.0.0/24');
      await page.getByLabel('Overlay subnet').and(page.locator('[aria-invalid="true"]')).waitFor();
      await page.getByRole('button', { name: 'Accept addressing' }).and(page.locator(':disabled')).waitFor();
      await page.getByLabel('Overlay subnet').fill('172.31.7.0/24');
      await page.getByText('172.31.7.253').waitFor();
      for (const scheme of ['dark', 'light'] as const) {
        await inColours(page, scheme);
        expect(await accessibilityFaults(page)).toEqual([]);
        await picture(page, `guide-addressing-${scheme}`);
      }

      // Leaving loses nothing: the guide stands where the controller stands.
      await page.getByRole('link', { name: 'Runtime Status', exact: true }).click();
      await page.getByRole('link', { name: 'Continue the set-up guide' }).click();
      await page.getByRole('radio', { name: /Default/ }).check();
      await page.getByText('ASN 65001').waitFor();
      await page.getByRole('button', { name: 'Accept addressing' }).click();

      await page.getByRole('heading', { name: 'Generate a keyset' }).waitFor(OVER_A_RESTART);
      await page.getByLabel('Topology name', { exact: true }).fill('lab');
      await page.getByLabel('Security token', { exact: true }).fill(TOKEN);
      await page.getByRole('button', { name: 'Generate keyset' }).click();

      await page.getByText('It gets the overlay address').waitFor(OVER_A_RESTART);
      await page.getByRole('button', { name: 'Become controller 1' }).click();
      await page.getByRole('heading', { name: 'Add a controller' }).waitFor();
      await page.getByRole('button', { name: 'Make a join code' }).click();
      joinCode = await page.getByLabel('Join code for controller 2').inputValue();
      expect(joinCode).toMatch(/^mwjoin1\./);
    });

    it('joins the second one with the code', async () => {
      const page = await visit(lab, browser, 2);
      await page.getByRole('button', { name: /Join an existing topology/ }).click();
      await page.getByLabel('Code', { exact: true }).fill('mwjoin1.nonsense');
      expect(await page.getByRole('button', { name: 'Join the topology' }).isDisabled()).toBe(true);
      await page.getByLabel('Code', { exact: true }).fill(joinCode);
      await page.getByText('This controller becomes controller 2').waitFor();
      await page.getByRole('button', { name: 'Join the topology' }).click();
      await page.getByText('This controller is set up.').waitFor(OVER_A_RESTART);
      await lab.untilLink(1, 2, 'up');
    });

    it('names why a keyset cannot be fetched, and what to do', async () => {
      const page = await visit(lab, browser, 3);
      await page.getByRole('button', { name: /Join an existing topology/ }).click();
      await page.getByText('By hand: source and token').click();
      await page.getByLabel('Source', { exact: true }).fill('10.195.0.1:8000');
      await page.getByText('a port does not belong here').waitFor();
      await fetchFrom(page, '10.195.0.77', TOKEN);
      const failure = page.getByRole('alert').filter({ hasText: 'The last attempt failed' });
      await failure.getByText(/Open TCP 8000|Check the address/).waitFor({ timeout: 40_000 });
      await fetchFrom(page, lab.plan(1).underlay, 'not the token');
      await failure.getByText('Enter the token that was chosen on controller 1').waitFor();

      await fetchFrom(page, lab.plan(1).underlay, TOKEN);
      await page.getByText('It gets the overlay address').waitFor(OVER_A_RESTART);
      await page.getByRole('combobox', { name: 'This controller becomes' }).click();
      await page.getByRole('option', { name: 'controller 3' }).click();
      await page.getByRole('button', { name: 'Become controller 3' }).click();
      await page.getByText('This is controller 3. It does not know the others yet').waitFor();
      await page.getByRole('link', { name: 'Open Controller Peering' }).click();
      await page.getByRole('heading', { name: 'Controller Peering' }).waitFor();
    });
  });
}

/** A fresh controller opens with its guide. */
async function visit(lab: TestLab, browser: TestBrowser, id: number): Promise<Page> {
  const page = await (await browser.profile(lab.plan(id).url)).newPage();
  await page.goto('/');
  await setUpAccount(page, lab, id);
  await page.getByRole('heading', { name: 'Set-up Guide' }).waitFor();
  return page;
}

async function fetchFrom(page: Page, source: string, token: string): Promise<void> {
  await page.getByLabel('Source', { exact: true }).fill(source);
  await page.getByLabel('Security token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Fetch keyset' }).click();
}
