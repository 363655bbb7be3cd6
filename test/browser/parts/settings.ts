import { describe, expect, it } from 'vitest';
import type { WireLicense } from '../../../src/license/license-wire.ts';
import { openConsole, type TestBrowser } from '../../support/browser.ts';
import type { TestLab } from '../../support/lab.ts';

const NAMES = ['paris', 'rome', 'oslo'];

/** What an operator enters on each controller shows on all of them. */
export function settings(lab: TestLab, browser: TestBrowser): void {
  describe('names and routes', () => {
    it('are entered on each controller and known to every other', async () => {
      for (const [index, name] of NAMES.entries()) {
        const { url, siteSubnet } = lab.plan(index + 1);
        const page = await openConsole(browser, lab, index + 1);
        await page.goto(`${url}/system`);
        await page.getByLabel('Controller name', { exact: true }).fill(name);
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Names and NTP hosts are saved.').waitFor();

        await page.getByRole('link', { name: 'Routes', exact: true }).click();
        await page.getByRole('button', { name: 'Add a route' }).first().click();
        await page.getByLabel('Network', { exact: true }).fill(siteSubnet);
        await page.getByLabel('Description').fill(`site of ${name}`);
        await page.getByRole('button', { name: 'Add route', exact: true }).click();
        await page.getByRole('switch', { name: `Advertise ${siteSubnet} to the mesh` }).waitFor();
        await page.close();
      }
      const page = await openConsole(browser, lab, 1);
      await page.goto('/map');
      const table = page.getByRole('table', { name: 'Controllers, links and site networks' });
      for (const [index, name] of NAMES.entries()) {
        const row = table.getByRole('row').filter({ hasText: name });
        await row.getByText(lab.plan(index + 1).siteSubnet).waitFor();
      }
    });
  });

  describe('IPv6 in the overlay', () => {
    it('is switched on and off in operation, by who was told what that costs', async () => {
      const page = await openConsole(browser, lab, 4);
      await page.goto(`${lab.plan(4).url}/licence`);
      const ipv6 = page.getByRole('switch', { name: 'IPv6' });
      for (const [word, isOn] of [
        ['on', true],
        ['off', undefined],
      ] as const) {
        await ipv6.press('Space');
        await page.getByText('packs have to be downloaded again').waitFor();
        await page.getByRole('button', { name: `Switch ${word}`, exact: true }).click();
        await page.getByRole('dialog').waitFor({ state: 'hidden' });
        await expect.poll(() => ipv6.isChecked()).toBe(isOn === true);
        expect((await lab.api(4).get<WireLicense>('/license')).ipv6).toBe(isOn);
      }
      await page.close();
    });
  });
}
