import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type TestBrowser } from '../../support/browser.ts';
import { startFlow, stopFlows } from '../../support/flow.ts';
import { knock, startAnswering, stopAnswering } from '../../support/knock.ts';
import type { TestLab } from '../../support/lab.ts';
import { eventually, until } from '../../support/until.ts';

const V2 = '/v2/firewall';
const CARE = 'Undo a change after 60 s unless I keep it';
const TRY = 'What would it do?';
const DROP_FLOW = 'FORWARD -p udp --dport 20102 -j DROP';

/** The firewall's pages on controller 1, with packets from its site to that of controller 2. */
export function firewall(lab: TestLab, browser: TestBrowser): void {
  const api = () => lab.api(1);
  const rules = () => api().get<{ rule: string; disabled: boolean }[]>(`${V2}/rules`);
  const texts = async () => (await rules()).map(({ rule }) => rule);
  const replace = (...wanted: string[]) => api().put(V2, { rules: wanted.map((rule) => ({ rule })) });
  const eventuallyTexts = (wanted: string[]) =>
    eventually('the rules are so', async () => expect(await texts()).toEqual(wanted), { within: 10 });
  const visit = async (path = '/firewall', care = false): Promise<Page> => {
    const page = await openConsole(browser, lab, 1);
    await page.goto(path);
    await page.getByRole('checkbox', { name: CARE }).first().setChecked(care);
    return page;
  };
  const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const table = (page: Page) => page.getByRole('table', { name: 'Firewall rules in their order' });
  const row = (page: Page, text: string) => table(page).getByRole('row').filter({ hasText: text });
  const writeRule = async (page: Page, rule: string): Promise<Locator> => {
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a rule' });
    await dialog.getByLabel('Rule', { exact: true }).fill(rule);
    return dialog;
  };
  const site1 = () => lab.plan(1).siteNamespace;
  const ask = (port: number) => knock(site1(), 'tcp', lab.plan(2).siteHost, port);

  describe('the firewall in the console', () => {
    beforeAll(async () => {
      await lab.untilAllUp(60);
      await startAnswering(lab.plan(2).siteNamespace, 9000);
    });

    // One that fails leaves nothing behind for the next.
    afterEach(async () => {
      await api()
        .post(`${V2}/cancel`)
        .catch(() => undefined);
      await replace();
    });

    afterAll(() => {
      stopFlows();
      stopAnswering();
    });

    it('tells what a rule would do, and which live flow it would cut, before it does it', async () => {
      const flow = await startFlow(lab, 1, 2);
      const page = await visit();
      const dialog = await writeRule(page, DROP_FLOW);
      await dialog.getByRole('button', { name: TRY }).click();
      const report = dialog.getByRole('status').filter({ hasText: 'Nothing was changed yet' });
      await report.getByText(`+ ${DROP_FLOW}`).waitFor();
      await report.getByText(/^udp \S+ -> \S+:20102$/).waitFor();
      expect(await texts()).toEqual([]);
      // What was said of one rule is not said of another one.
      await dialog.getByLabel('Rule', { exact: true }).fill('FORWARD -p udp --dport 20103 -j DROP');
      await report.waitFor({ state: 'detached' });
      await dialog.getByRole('button', { name: TRY }).click();
      await report.getByText('Live flows that it would cut: none').waitFor();
      await dialog.getByLabel('Rule', { exact: true }).fill('FORWARD -j EVIL');
      await dialog.getByRole('button', { name: TRY }).click();
      await dialog
        .getByText(/"EVIL"/)
        .first()
        .waitFor();
      await flow.untilFlowing();
      flow.kill();
    });

    it('counts down a change that undoes itself, undoes it when asked to, and keeps what is kept', async () => {
      const page = await visit('/firewall', true);
      const rule = 'FORWARD -p tcp --dport 9000 -j DROP';
      const add = async () => {
        const dialog = await writeRule(page, rule);
        await dialog.getByRole('button', { name: 'Add rule' }).click();
        await dialog.waitFor({ state: 'detached' });
      };
      await add();
      const notice = page.getByRole('status').filter({ hasText: 'The last change is undone in' });
      await notice.waitFor();
      expect(await ask(9000)).toBe('silent');
      const seconds = async () => Number(/undone in (\d+) s/.exec(await notice.innerText())?.[1]);
      const first = await seconds();
      expect(first).toBeGreaterThan(30);
      expect(first).toBeLessThanOrEqual(60);
      await until('the seconds pass', async () => (await seconds()) <= first - 2, { within: 10 });
      await notice.getByRole('button', { name: 'Undo now' }).click();
      await notice.waitFor({ state: 'detached' });
      await eventuallyTexts([]);
      await add();
      await notice.getByRole('button', { name: 'Keep it' }).click();
      await notice.waitFor({ state: 'detached' });
      await row(page, rule).waitFor();
      expect(await texts()).toEqual([rule]);
    });

    it('has rules in an order that is changed by dragging, and by the arrows', async () => {
      const [a, b, c] = [1, 2, 3].map((n) => `FORWARD -s 192.0.2.${n} -j DROP`) as [string, string, string];
      await replace(a, b, c);
      const page = await visit();
      await row(page, c).waitFor();
      // Dragged is what the page shows, which is after the change was made and told.
      const inOrder = async (...wanted: string[]) => {
        await eventuallyTexts(wanted);
        for (const [position, text] of wanted.entries())
          await row(page, text)
            .getByRole('button', { name: `Edit rule ${position}` })
            .waitFor();
      };
      const drag = (text: string, onto: string) =>
        row(page, text).locator('[draggable=true]').dragTo(row(page, onto));
      await drag(c, a);
      await inOrder(c, a, b);
      await drag(a, b);
      await inOrder(c, b, a);
      await row(page, a).getByRole('button', { name: 'Move rule 2 up' }).click();
      await eventuallyTexts([c, a, b]);
    });

    it('counts the packets that rules meet, and shows those that meet a LOG rule as they come', async () => {
      const log = 'FORWARD -p tcp --dport 9000 -j LOG';
      await replace(log);
      const page = await visit();
      const packets = row(page, log).getByRole('cell').nth(1);
      const logged = section(page, 'Logged packets');
      await logged.getByRole('button', { name: 'Follow' }).click();
      await logged.getByText('Waiting for a packet…').waitFor();
      await until(
        'a packet is shown',
        async () => {
          await ask(9000);
          return (await logged.locator('pre').allInnerTexts()).join().includes(lab.plan(2).siteHost);
        },
        { within: 30 },
      );
      expect(await logged.locator('pre').innerText()).toMatch(/rule 0/);
      await until('they are counted', async () => Number(await packets.innerText()) > 0, { within: 15 });
      await logged.getByRole('button', { name: 'Stop' }).click();
    });

    it('groups rules, filters by group, switches rules off and on, and exports them', async () => {
      const [dns, web] = ['FORWARD -p udp --dport 53 -j ACCEPT', 'FORWARD -p tcp --dport 9000 -j DROP'];
      await replace(dns, web);
      const page = await visit();
      const groups = section(page, 'Groups of rules');
      await groups.getByLabel('Name of a new group').fill('shop');
      await groups.getByRole('button', { name: 'Add group' }).click();
      await groups.getByText('0 of 0 in force').waitFor();

      await row(page, web).getByRole('button', { name: 'Edit rule 1' }).click();
      const dialog = page.getByRole('dialog', { name: 'Change the rule' });
      await dialog.getByLabel('Comment').fill('closed on Sundays');
      await dialog.getByRole('combobox', { name: 'Groups' }).press('ArrowDown');
      await page.getByRole('option', { name: 'shop' }).click();
      await page.keyboard.press('Tab');
      await dialog.getByRole('button', { name: 'Save rule' }).click();
      await groups.getByText('1 of 1 in force').waitFor();
      expect(await ask(9000)).toBe('silent');

      await page.getByRole('combobox', { name: 'Show the rules of a group' }).press('ArrowDown');
      await page.getByRole('option', { name: 'shop' }).click();
      await row(page, dns).waitFor({ state: 'detached' });
      await row(page, web).getByText('closed on Sundays').waitFor();

      const inForce = row(page, web).getByRole('switch', { name: 'Put rule 1 in force' });
      await inForce.press('Space');
      await groups.getByText('0 of 1 in force').waitFor();
      await eventually('packets pass', async () => expect(await ask(9000)).toMatch(/^open/), { within: 10 });
      // The keyboard is still where it was.
      await page.keyboard.press('Space');
      await groups.getByText('1 of 1 in force').waitFor();
      expect(await ask(9000)).toBe('silent');

      expect(await exported(page, 'As text, one rule a line')).toBe(`${dns}\n# closed on Sundays\n${web}\n`);
      const json = JSON.parse(await exported(page, 'As JSON, with comments and groups')) as unknown;
      expect(JSON.stringify(json)).toContain('"groups":["shop"]');

      await groups.getByRole('button', { name: /Delete the group shop/ }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await groups.getByText('shop').waitFor({ state: 'detached' });
      expect(await texts()).toEqual([dns, web]);
    });

    it('writes ordinary rules from the forms of address translation', async () => {
      const page = await visit('/nat');
      const form = section(page, 'Masquerade');
      await form.getByLabel('Network').fill(lab.plan(1).siteSubnet);
      await form.getByLabel('Interface').fill('mw2');
      const rule = `POSTROUTING -s ${lab.plan(1).siteSubnet} -o mw2 -j MASQUERADE`;
      await form.getByRole('region', { name: 'Rules that this writes' }).getByText(rule).waitFor();
      await form.getByRole('button', { name: TRY }).click();
      await form.getByText(`+ ${rule}`).waitFor();
      expect(await texts()).toEqual([]);
      await form.getByRole('button', { name: 'Put in force' }).click();
      const translating = page.getByRole('table', { name: 'Rules that translate' });
      await translating.getByText(rule).waitFor();
      expect(await texts()).toEqual([rule]);
      const answer = await ask(9000);
      expect(answer).toMatch(/^open/);
      expect(answer).not.toBe(`open ${lab.plan(1).siteHost}`);
      await page.getByRole('link', { name: 'Firewall', exact: true }).click();
      await row(page, rule).getByRole('cell', { name: 'Masquerade', exact: true }).waitFor();
    });

    it('warns before it seals the machine, and says what that would do', async () => {
      const page = await visit();
      const entrance = section(page, 'Who may come in');
      await entrance.getByRole('switch', { name: 'Sealed' }).press('Space');
      const dialog = page.getByRole('dialog', { name: 'Seal this controller?' });
      await dialog.getByText(new URL(lab.plan(1).url).host).waitFor();
      await dialog.getByText('it stops answering at once', { exact: false }).waitFor();
      await dialog.getByText('Overlay clients may not manage now').waitFor();
      await dialog.getByRole('button', { name: TRY }).click();
      await dialog.getByText('sealed: false -> true').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await api().get(`${V2}/status`)).toMatchObject({ sealed: false, pending: null });
    });
  });

  describe('shared sets and variables in the console', () => {
    it('say which controllers changed the same thing at once, until somebody changes it again', async () => {
      const change = (id: number, text: string) =>
        lab.api(id).put('/system/variables/office', { value: text });
      const customOf = async (id: number) =>
        JSON.stringify(await lab.api(id).get('/system/variables?collections=custom'));
      await api().post('/system/variables', { name: 'office', value: '192.0.2.1', sync_mesh: true });
      await api().post(`${V2}/fwsets`, {
        name: 'guests',
        type: 'net',
        entries: ['192.0.2.1'],
        sync_mesh: true,
      });
      await eventually('both are on 2', async () => expect(await customOf(2)).toContain('192.0.2.1'), {
        within: 20,
      });
      await until(
        'the set is on 2',
        () =>
          lab
            .api(2)
            .get(`${V2}/fwsets/guests`)
            .then(() => true),
        { within: 20 },
      );
      await lab.cut(1);
      await eventually('they are apart', async () => expect(await lab.way(1, 2)).toBe('none'), {
        within: 20,
      });
      await change(1, '192.0.2.11');
      await lab.api(1).put(`${V2}/fwsets/guests`, { entries: ['192.0.2.11'] });
      await change(2, '192.0.2.22');
      await lab.api(2).put(`${V2}/fwsets/guests`, { entries: ['192.0.2.22'] });
      await lab.heal();

      const page = await openConsole(browser, lab, 1);
      await page.goto('/firewall/sets');
      const notice = page.getByRole('status').filter({ hasText: 'Two controllers changed guests' });
      await notice.waitFor({ timeout: 60_000 });
      await notice.getByText('The change of controller 2 is in force everywhere').waitFor();
      await page.getByRole('table', { name: 'Firewall sets' }).getByText('192.0.2.22').waitFor();
      await page.goto('/variables');
      await page.getByRole('status').filter({ hasText: 'Two controllers changed office' }).waitFor();
      await page.getByRole('button', { name: 'Edit custom_office' }).click();
      await page.getByRole('dialog').getByLabel('Value').fill('192.0.2.33');
      await page.getByRole('checkbox', { name: CARE }).last().setChecked(false);
      await page.getByRole('button', { name: 'Save variable' }).click();
      await page
        .getByRole('status')
        .filter({ hasText: 'Two controllers changed office' })
        .waitFor({ state: 'detached' });
      await eventually('2 has the new one', async () => expect(await customOf(2)).toContain('192.0.2.33'), {
        within: 20,
      });

      await page.getByRole('button', { name: 'Delete custom_office' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await eventually('it is gone on 2', async () => expect(await customOf(2)).not.toContain('office'), {
        within: 20,
      });
      await lab.api(1).delete(`${V2}/fwsets/guests`);
      await lab.untilAllUp(60);
    });
  });
}

/** What the browser saves when this entry of the menu is chosen. */
async function exported(page: Page, entry: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ]);
  return readFileSync(await download.path(), 'utf8');
}
