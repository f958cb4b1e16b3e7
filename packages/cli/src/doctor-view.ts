/** What `ccci doctor` shows, and prints with `--json`. */
export interface DoctorView {
  /** Whether runs can be carried out on this host. */
  readonly fit: boolean;
  /** What would deploy. */
  readonly driver: 'abra' | 'swarm' | null;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    /** Runs do not need it. */
    readonly optional?: boolean;
    readonly says: string;
    readonly remedy?: string;
  }[];
}

/** The view as people read it: a line for each thing, and below what is wrong what to do. */
export function doctorText({ fit, driver, checks }: DoctorView): string {
  const lines = checks.flatMap(({ ok, optional, says, remedy }) => {
    const mark = ok ? '✔' : optional ? '–' : '✘';
    return [`${mark} ${says}`, ...(ok || optional || remedy === undefined ? [] : [`  ${remedy}`])];
  });
  const end = fit
    ? `Runs can be carried out here. ${driver === 'abra' ? 'abra' : 'The Swarm driver'} deploys.`
    : 'Runs cannot be carried out here.';
  return [...lines, '', end].join('\n');
}
