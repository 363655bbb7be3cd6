/**
 * The engine's side of the firewall, driven over the border socket: one lab for all parts, since each test begins with no rule. What
 * switches the machine off comes last.
 */
import './firewall/matches.ts';
import './firewall/sets.ts';
import './firewall/translation.ts';
import './firewall/owner.ts';
import './firewall/trial.ts';
import './firewall/engine.ts';
