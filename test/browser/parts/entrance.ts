import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, accessibilityFaults, inColours, picture, type TestBrowser } from '../../support/browser.ts';
import type { TestLab } from '../../support/lab.ts';

/** The first visit of a fresh controller: only who reads the machine's screen gets in. */
export async function setUpAccount(page: Page, lab: TestLab, id: number): Promise<void> {
  const { setup_code: code } = await lab.local(id).get<{ setup_code: string }>('/local/credentials');
  await page.getByLabel('One-time code', { exact: true }).fill(code);
  await page.getByLabel('User name', { exact: true }).fill(ACCOUNT.user);
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
  await page.getByLabel('Password, again').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Account' }).waitFor();
}

export function entrance(lab: TestLab, browser: TestBrowser): void {
  describe('the entrance', () => {
    it('lets nobody in who does not hold the code of the machine', async () => {
      const page = await (await browser.profile(lab.plan(4).url)).newPage();
      await page.goto('/routes');
      await page.getByRole('heading', { name: 'Set up this controller' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByLabel('One-time code', { exact: true }).fill('aaaa-bbbb-cccc-dddd');
      await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
      await page.getByLabel('Password, again').fill('another one');
      const create = page.getByRole('button', { name: 'Create account' });
      expect(await create.isDisabled()).toBe(true);
      await page.getByLabel('Password, again').fill(ACCOUNT.password);
      await create.click();
      await page.locator('.mantine-TextInput-error').first().waitFor();
      expect(await page.getByLabel('One-time code', { exact: true }).getAttribute('aria-invalid')).toBe(
        'true',
      );
      await setUpAccount(page, lab, 4);
    });

    it('is closed for ever after the first account, and asks for name and password from then on', async () => {
      const page = await (await browser.profile(lab.plan(4).url)).newPage();
      await page.goto('/');
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      for (const scheme of ['dark', 'light'] as const) {
        await inColours(page, scheme);
        expect(await accessibilityFaults(page)).toEqual([]);
        await picture(page, `login-${scheme}`);
      }
      await page.getByLabel('User name', { exact: true }).fill(ACCOUNT.user);
      await page.getByLabel('Password', { exact: true }).fill('not the password');
      await page.keyboard.press('Enter');
      await page
        .getByRole('alert')
        .getByText(/wrong|not right|refused|do not/i)
        .waitFor();
      await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Account' }).waitFor();
      const cookies = await page.context().cookies();
      expect(cookies).toEqual([
        expect.objectContaining({ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' }),
      ]);
    });

    it('makes an operator replace first credentials before anything else', async () => {
      await lab.api(4).put('/admin_ui', { admin_password: 'known to others', must_change: true });
      const page = await (await browser.profile(lab.plan(4).url)).newPage();
      await page.goto('/routes');
      await page.getByLabel('User name', { exact: true }).fill(ACCOUNT.user);
      await page.getByLabel('Password', { exact: true }).fill('known to others');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Choose your own password' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByLabel('Current password', { exact: true }).fill('known to others');
      await page.getByLabel('New password', { exact: true }).fill(ACCOUNT.password);
      await page.getByLabel('New password, again').fill(ACCOUNT.password);
      await page.getByRole('button', { name: 'Save and continue' }).click();
      await page.getByRole('heading', { name: 'Routes', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByRole('menuitem', { name: 'Log out' }).click();
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
    });
  });
}
