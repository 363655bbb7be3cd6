import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createAuthority, issueLicense } from '../../../src/license/authority.ts';
import { openConsole, type TestBrowser } from '../../support/browser.ts';
import type { TestLab } from '../../support/lab.ts';
import { until } from '../../support/until.ts';

/** The form of Controller Peering: what it refuses, and that saving is all or nothing. */
export function peering(lab: TestLab, browser: TestBrowser): void {
  describe('the peering form', () => {
    it('is valid with exactly one "this instance" and an address in every row that asks for one', async () => {
      const page = await openForm(lab, browser, 3);
      await page.getByText('The licence allows 10 controllers').waitFor();
      const save = page.getByRole('button', { name: 'Save Changes' });
      expect(await save.isDisabled()).toBe(true);

      await choose(page, 3, 'not set');
      await page.getByText('No row is “this instance”').waitFor();
      expect(await save.isDisabled()).toBe(true);
      await choose(page, 3, 'this instance');
      await choose(page, 5, 'this instance');
      await page.getByText('Rows 3 and 5 are “this instance”. Exactly one row can be.').waitFor();
      expect(await save.isDisabled()).toBe(true);

      await choose(page, 5, 'address');
      const address = page.getByLabel('Address of controller 5');
      for (const [text, complaint] of [
        ['10.195.0.999', 'Not an IPv4 address'],
        ['exa mple.net', 'letters, digits, hyphens and dots'],
        ['127.0.0.1', 'loopback'],
      ] as const) {
        await address.fill(text);
        await page.getByText(complaint).waitFor();
        expect(await save.isDisabled()).toBe(true);
      }
      await address.fill('no-such-host.invalid');
      await page.getByRole('button', { name: 'Look up' }).click();
      await page.getByText('does not resolve').waitFor();
      await choose(page, 5, 'not set');
      await page.getByText('Unsaved changes').waitFor({ state: 'detached' });
    });

    it('guards what was typed, and saves everything at once', async () => {
      const page = await openForm(lab, browser, 3);
      await set(page, 1, lab.plan(1).underlay);
      await page.getByRole('link', { name: 'Keyset' }).click();
      await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
      await page.getByRole('button', { name: 'Stay here' }).click();
      await set(page, 2, lab.plan(2).namespace);

      // One row that the API refuses: nothing of the form may take effect, and the message stands at the row.
      await set(page, 4, '100.127.255.10');
      await page.getByRole('button', { name: 'Save Changes' }).click();
      await page.getByLabel('Address of controller 4').and(page.locator('[aria-invalid="true"]')).waitFor();
      expect((await lab.mesh(3)).links).toEqual([]);

      await choose(page, 4, 'not set');
      await page.getByRole('button', { name: 'Save Changes' }).click();
      await page.getByRole('heading', { name: 'Saved and applied' }).waitFor();
    });

    it('shows that peers were reached once they have their rows, and that checksums are equal', async () => {
      const third = await openForm(lab, browser, 3);
      await third.getByLabel('MTU towards controller 1').fill('1450');
      await third.getByRole('button', { name: 'Save Changes' }).click();
      for (const id of [1, 2]) {
        const page = await openForm(lab, browser, id);
        await set(page, 3, lab.plan(3).underlay);
        await page.getByRole('button', { name: 'Save Changes' }).click();
        await page.getByRole('heading', { name: 'Saved and applied' }).waitFor();
        await page.close();
      }
      const result = third.getByRole('listitem').filter({ hasText: 'Its topology checksum is equal' });
      await until('both peers are shown as reached', async () => (await result.count()) === 2, {
        within: 60,
      });
      await lab.untilAllUp(60);
    });

    it('has as many rows as the licence has controllers', async () => {
      const page = await openForm(lab, browser, 4);
      await page.getByText('There is no licence yet').waitFor();
      await smallLicence(lab, 4, 2);
      await page.getByText('The licence allows 2 controllers').waitFor({ timeout: 30_000 });
      expect(await page.getByRole('form').getByRole('listitem').count()).toBe(2);
      const beyond = { self: 1, peers: [{ id: 3, address: lab.plan(3).underlay }] };
      await expect(lab.api(4).put('/mesh/peering', beyond)).rejects.toThrow(/peers\[0\]\.id/);
      expect((await lab.mesh(4)).controller.id).toBe(null);
    });
  });
}

async function openForm(lab: TestLab, browser: TestBrowser, id: number): Promise<Page> {
  const page = await openConsole(browser, lab, id);
  await page.goto('/peering');
  await page.getByRole('heading', { name: 'Controller Peering' }).waitFor();
  return page;
}

async function choose(page: Page, id: number, word: string): Promise<void> {
  await page.getByRole('combobox', { name: `Controller ${id} is` }).selectOption(word);
}

async function set(page: Page, id: number, address: string): Promise<void> {
  await choose(page, id, 'address');
  await page.getByLabel(`Address of controller ${id}`).fill(address);
}

/** A licence of an issuer that only this machine trusts. */
async function smallLicence(lab: TestLab, id: number, controllers: number): Promise<void> {
  const authority = createAuthority();
  const file = '/etc/meshwright/authorities.d/test.pem';
  await lab.exec(id, ['tee', file], { input: authority.publicKeyPem });
  await lab.exec(id, ['chmod', '0644', file]);
  const text = issueLicense({ issuedTo: 'test', controllers, clients: 5 }, authority.privateKeyPem);
  await lab.api(id).put('/license', undefined, { text });
  await lab.api(id).put('/license/parameters', { default: true });
}
