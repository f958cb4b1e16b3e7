import { request } from 'node:http';

/** What a test knows of the app under test. */
export const app = {
  domain: process.env['CCCI_DOMAIN'] ?? '',
  baseUrl: process.env['CCCI_BASE_URL'] ?? '',
  recipe: process.env['CCCI_RECIPE'] ?? '',
  commit: process.env['CCCI_COMMIT'] ?? '',
};

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** Asks the door. Rejects with what it said where it did not do it. */
function ask({ method, path, body }: Call): Promise<Record<string, string | number>> {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, string | number>>();
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const call = request({ socketPath: process.env['CCCI_DOOR'] ?? '/door/door', method, path, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    answer.on('end', () => {
      const said = JSON.parse(text || '{}');
      if (answer.statusCode === 200) resolve(said);
      else reject(new Error(said.error ?? `the door said ${answer.statusCode}`));
    });
  });
  call.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

/** The door: exec, logs and files in the services of the app under test, and of nothing else. */
export const door = {
  /** Runs a shell command in a service. Rejects where it fails. */
  async exec(service: string, command: string): Promise<string> {
    const { exitCode, output } = await ask({ method: 'POST', path: '/exec', body: { service, command } });
    if (exitCode !== 0) throw new Error(`\`${command}\` in ${service} ended with ${exitCode}: ${output}`);
    return String(output);
  },
  async logs(service: string, lines = 200): Promise<string> {
    return String((await ask({ method: 'GET', path: `/logs?${query({ service, lines: String(lines) })}` }))['output']);
  },
  async put(service: string, path: string, content: string | Buffer): Promise<void> {
    await ask({ method: 'POST', path: '/put', body: { service, path, content: Buffer.from(content).toString('base64') } });
  },
  async get(service: string, path: string): Promise<Buffer> {
    const { content } = await ask({ method: 'GET', path: `/get?${query({ service, path })}` });
    return Buffer.from(String(content), 'base64');
  },
};
