import { attempt } from '../../src/lab/program.ts';
import { inNamespace } from './knock.ts';

interface Call {
  readonly method?: 'GET' | 'PUT' | 'POST';
  readonly password: string;
  readonly body?: object;
}

export interface CallAnswer {
  /** 0 when there was no answer; the text is then the error's code. */
  readonly status: number;
  readonly text: string;
}

/** A call of a controller's API by a machine elsewhere in the lab. */
export async function callFrom(namespace: string, url: string, call: Call): Promise<CallAnswer> {
  const { method = 'GET', password, body } = call;
  const argv = [
    process.execPath,
    '-e',
    CALL,
    url,
    method,
    `api:${password}`,
    body ? JSON.stringify(body) : '',
  ];
  const { stdout, stderr } = await attempt(inNamespace(namespace, argv), { timeoutMs: 30_000 });
  if (stdout === '') throw new Error(`the caller ended without a word: ${stderr}`);
  return JSON.parse(stdout) as CallAnswer;
}

const CALL = `
const [url, method, auth, body] = process.argv.slice(1);
const say = (status, text) => { process.stdout.write(JSON.stringify({ status, text })); };
const signal = AbortSignal.timeout(10000);
const options = { method, auth, agent: false, rejectUnauthorized: false, signal };
const call = require('https').request(url, options, (message) => {
  let text = '';
  message.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
  message.on('end', () => say(message.statusCode, text));
});
call.on('error', (error) => say(0, error.code ?? error.message));
if (body) call.setHeader('content-type', 'application/json');
call.end(body);
`;
