import { Client } from '../client.ts';
import { type Credentials, credentialLines, ownAddress } from '../credentials-view.ts';
import { socketEndpoint } from '../endpoint.ts';
import { waitUntilUp } from '../restart.ts';

/** Started beside the supervisor by `serve`: tells where the API is once it answers, then ends. */
const client = new Client(socketEndpoint());
try {
  await waitUntilUp(client, 60_000);
  const credentials = await client.get<Credentials>('/local/credentials');
  console.log(credentialLines(credentials, await ownAddress(client)).join('\n'));
} catch (error) {
  console.error(`The controller does not answer: ${(error as Error).message}`);
}
