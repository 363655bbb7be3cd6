import { describe, expect, it } from 'vitest';
import { testBrowser } from '../support/browser.ts';
import { testLab } from '../support/lab.ts';
import { entrance } from './parts/entrance.ts';
import { firewall } from './parts/firewall.ts';
import { guide } from './parts/guide.ts';
import { live } from './parts/live.ts';
import { pages } from './parts/pages.ts';
import { peering } from './parts/peering.ts';
import { settings } from './parts/settings.ts';

/*
 *    [ controller 1 ] ======= [ controller 2 ]          [ controller 4 ]
 *          ||  \\                 //  ||                 stays alone, with a
 *          ||   \\               //   ||                 small licence
 *          ||    [ controller 3 ]     ||                       |
 *          ||____________|____________||_______________________|
 *                the lab's internet, 10.195.0.0/24
 *                            |
 *               this machine with a real browser
 *
 * The controllers come as they are after an installation. The guide makes the mesh, and the other parts use it.
 */
const lab = testLab({ size: 4, fresh: true });
const browser = testBrowser();

entrance(lab, browser);
guide(lab, browser);
peering(lab, browser);
settings(lab, browser);
live(lab, browser);
firewall(lab, browser);
pages(lab, browser);

describe('all that was opened', () => {
  it('gave no cause for complaint: no violation of the policy, no error', () => {
    expect(browser.complaints).toEqual([]);
  });
});
