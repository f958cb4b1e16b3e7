import { Config as InfraConfig } from '../services/infra/src/config.ts';
import { Config as ReporterConfig } from '../services/reporter/src/config.ts';
import { Config as RunnerConfig } from '../services/runner/src/config.ts';
import { Config as TriggerConfig } from '../services/trigger/src/config.ts';

/** What each service reads of its environment. */
export const environments = { trigger: TriggerConfig, runner: RunnerConfig, reporter: ReporterConfig, infra: InfraConfig };
