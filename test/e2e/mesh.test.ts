/** What is asked of a mesh of three that goes on standing: one lab for all parts, each of which leaves it as a whole. */
import './mesh/routes.ts';
import './mesh/records.ts';
import './mesh/process-death.ts';
import './mesh/held-up.ts';
