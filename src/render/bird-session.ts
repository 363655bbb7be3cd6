/** What BGP sessions of controllers and clients have in common in BIRD's configuration. */

/**
 * After an error: as soon as BIRD can. A passive session would stay idle for minutes else. Routes of a session that has
 * ended are not kept; whether a way still carries packets is BFD's to say.
 */
export const afterErrors = `  error wait time 0, 1;
  error forget time 1;
  graceful restart off;
  long lived graceful restart off;`;

/** The same of a session that connects by itself. BIRD waits for 0.75 to 1 s even so. */
export const connectSoon = `  connect delay time 0;
  connect retry time 1;
${afterErrors}`;
