import { anyController, type Fault } from '../fault.ts';

/** The plug of a whole controller is pulled while its API is being written to; some seconds later it is put back. */
export const powerOff: Fault = {
  name: 'power-off',
  minimum: 2,
  pick(random, size) {
    const id = anyController(random, size);
    return {
      targets: String(id),
      at: [id],
      effects: { off: [id] },
      holdMs: random.whole(5, 10) * 1000,
      begin: (lab) => lab.powerOff(id),
      end: async (lab) => {
        if (lab.state.controllers.some((one) => one.id === id && !one.powered)) await lab.powerOn(id);
      },
    };
  },
};
